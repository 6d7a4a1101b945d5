"""Other records in words: lists of children, whole tables, the one record that a lookup finds.

What is asked of them stands in brackets wherever it is more than one condition, so that it cannot run into what follows."""

from __future__ import annotations

from typing import Protocol

from engine.language.sentence.comparing import Words
from engine.language.sentence.naming import field_words, same_lists, table_words
from engine.language.sentence.phrase import Hold, Phrase, bracketed
from engine.language.walk import walk
from engine.model.text import Text
from engine.model.tree import Aggregate, Find, Node
from engine.model.types import Children, TypeKind

_ALL_OF = Text("全部{table}", "all {table}")
_OF_OUTER = Text("本记录的{list}", "this record's {list}")
_OF_IT = Text("其{list}", "its {list}")
_BY = Text("{table}（按{link}）", "{table} (by {link})")
_ANY = Text("{list}中有{condition}的记录", "there is one among {list} where {condition}")
_NONE = Text("{list}中没有{condition}的记录", "there is none among {list} where {condition}")
_EACH = Text("{list}的每条记录都满足{condition}", "each of {list} meets {condition}")
_NOT_EACH = Text("{list}中有记录不满足{condition}", "some of {list} do not meet {condition}")
_COUNT = Text("{list}的记录数", "the number of {list}")
_COUNT_IF = Text("{list}中{condition}的记录数", "the number of {list} where {condition}")
_FIND = Text("{list}中唯一一条{condition}的记录", "the only one among {list} where {condition}")
_SUM = Text("{list}中{value}的合计", "the sum of {value} over {list}")
_LEAST = {
    "min": Text("{list}中最小的{value}", "the smallest {value} among {list}"),
    "max": Text("{list}中最大的{value}", "the largest {value} among {list}"),
}
_EDGE = {
    "min": Text("{list}中最早的{value}", "the earliest {value} among {list}"),
    "max": Text("{list}中最晚的{value}", "the latest {value} among {list}"),
}
_ENDS = {
    "min": Text("{list}中按字符顺序最前的{value}", "the first {value} in character order among {list}"),
    "max": Text("{list}中按字符顺序最后的{value}", "the last {value} in character order among {list}"),
}
_LONG = {
    "min": Text("{list}中最短的{value}", "the shortest {value} among {list}"),
    "max": Text("{list}中最长的{value}", "the longest {value} among {list}"),
}
_EXTREMES = {
    TypeKind.TEXT: _ENDS,
    TypeKind.DURATION: _LONG,
    **dict.fromkeys((TypeKind.DATE, TypeKind.DATETIME, TypeKind.TIME), _EDGE),
}


class Around(Words, Protocol):
    """A writer that can go into other records."""

    @property
    def row(self) -> int:
        """The depth of the record that bare names mean."""

    def inside(self, table: str) -> Words:
        """The writer for records of `table`."""


def some(words: Around, node: Aggregate, negated: bool) -> Phrase:
    """`any` and `all`."""
    assert node.body is not None  # both take a condition
    messages = {"any": (_ANY, _NONE), "all": (_EACH, _NOT_EACH)}[node.function]
    condition = _asked(words, node.table, node.body, open_zh=node.function == "any")
    return Phrase(messages[negated].say(list=_list(words, node), condition=condition), Hold.CLAUSE)


def gathered(words: Around, node: Aggregate) -> Phrase:
    """`count sum min max`."""
    listed = _list(words, node)
    if node.function == "count":
        if node.body is None:
            return Phrase(_COUNT.say(list=listed), Hold.PHRASE)
        condition = _asked(words, node.table, node.body, open_zh=True)
        return Phrase(_COUNT_IF.say(list=listed, condition=condition), Hold.PHRASE)
    assert node.body is not None  # only count goes without
    value = words.inside(node.table).value(node.body, {}).within(Hold.WORD)
    message = _SUM if node.function == "sum" else _EXTREMES.get(node.type.kind, _LEAST)[node.function]
    return Phrase(message.say(list=listed, value=value), Hold.PHRASE)


def found(words: Around, node: Find) -> Phrase:
    """`find`."""
    condition = _asked(words, node.table, node.condition, open_zh=True)
    listed = _ALL_OF.say(table=table_words(words.app, node.table))
    return Phrase(_FIND.say(list=listed, condition=condition), Hold.PHRASE)


def _asked(words: Around, table: str, condition: Node, *, open_zh: bool) -> Text:
    """A condition on other records. Chinese closes a single one by the 的 that follows; English always needs brackets."""
    phrase = words.inside(table).condition(condition)
    both = bracketed(phrase.text)
    return Text(phrase.within(Hold.CLAUSE).zh, both.en) if open_zh and not _nests(condition) else both


def _nests(condition: Node) -> bool:
    return any(isinstance(each, Aggregate | Find) for each in walk(condition))


def _list(words: Around, node: Aggregate) -> Text:
    """Which records: the children of the record in question, of the outer one, or a whole table."""
    table = table_words(words.app, node.table)
    if node.link is None:
        return _ALL_OF.say(table=table)
    if same_lists(words.app, Children(node.table, node.link)) > 1:
        table = _BY.say(table=table, link=field_words(words.app, node.table, node.link))
    if node.owner != words.row:
        return _OF_OUTER.say(list=table)
    return table if words.row == 0 else _OF_IT.say(list=table)
