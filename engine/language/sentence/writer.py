"""The writer of sentences: one method for conditions, one for values, each node kind in one place.

Here the tree is walked; messages stand where their shape is decided. A node without a case here is an error, not a gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.language.functions import FUNCTIONS
from engine.language.sentence import calculating, comparing, related
from engine.language.sentence.constants import constant_words
from engine.language.sentence.naming import extra_words, fact_words, field_words, flag_words
from engine.language.sentence.origin import choices_of, is_condition
from engine.language.sentence.phrase import Hold, Phrase, bracketed, chain, enumerated, word
from engine.model.app import App, Choice
from engine.model.text import Text
from engine.model.tree import (
    Aggregate,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Extra,
    FieldOf,
    Find,
    IfElse,
    In,
    Logic,
    Negative,
    Node,
    Not,
    SourceValue,
    This,
    UserFact,
)
from engine.model.types import TypeKind

_JOINS = {"and": Text("{left} 且 {right}", "{left} and {right}"), "or": Text("{left} 或 {right}", "{left} or {right}")}
_NOT = Text("并非{it}", "it is not true that {it}")
_YES, _NOT_YES = Text("{it}为「是」", "{it} is yes"), Text("{it}不为「是」", "{it} is not yes")
_ALWAYS, _NEVER = Text("恒成立", "it is always so"), Text("永不成立", "it is never so")
_IF = Text("若{test}，则{then}；否则{otherwise}", "if {test}, then {then}; otherwise {otherwise}")
_EITHER = Text("（{test}时取{then}，否则取{otherwise}）", "({then} if {test}, otherwise {otherwise})")
_WHETHER = Text("是否{it}", "whether {it}")
_ONE_OF = Text("{left}是{all}之一", "{left} is one of {all}")
_NONE_OF = Text("{left}不是{all}中的任何一个", "{left} is none of {all}")
_HAS, _HAS_NOT = Text("{list}包含{it}", "{list} include {it}"), Text("{list}不包含{it}", "{list} do not include {it}")
_PATH = Text("{left}的{right}", "{left}'s {right}")
_OUTER = Text("本记录的{field}", "this record's {field}")
_BEFORE = Text("修改前的{field}", "the previous {field}")
_YOURS, _THEIRS = Text("您的{fact}", "your {fact}"), Text("操作人的{fact}", "the user's {fact}")
_SOURCE = Text("来源中的{name}", "the source's {name}")
_THIS = Text("本记录", "this record")
_PLAIN: Mapping[str, Choice] = {}
_FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class Writer:
    """`row`: the depth of the record that bare names mean; `you`: the reader is the person whom `user.` means."""

    app: App
    table: str
    row: int
    you: bool

    def inside(self, table: str) -> Writer:
        """The writer for the records that an aggregate or a lookup goes through."""
        return replace(self, table=table, row=self.row + 1)

    def condition(self, node: Node, negated: bool = False) -> Phrase:
        """A condition, or (`negated`) what holds exactly where it does not."""
        match node:
            case Not(operand=operand):
                return self.condition(operand, not negated)
            case Logic():
                return self._denied(node) if negated else self._logic(node)
            case Compare():
                return comparing.compared(self, node, negated)
            case In():
                return self._in(node, negated)
            case IfElse():
                return self._denied(node) if negated else self._if(node)
            case Call() if is_condition(node):
                return self._question(node, negated)
            case Aggregate(function="any" | "all"):
                return related.some(self, node, negated)
            case Constant(value=bool() as value):
                return Phrase(_ALWAYS if value is not negated else _NEVER, Hold.CLAUSE)
        it = self.value(node).text
        return Phrase((_NOT_YES if negated else _YES).say(it=it), Hold.CLAUSE)

    def value(self, node: Node, choices: Mapping[str, Choice] = _PLAIN) -> Phrase:
        """A value; `choices`: those that a constant in it may belong to."""
        match node:
            case Constant(value=value):
                return word(constant_words(value, choices))
            case FieldOf():
                return word(self._field(node))
            case This():
                return word(_THIS)
            case UserFact(name=name):
                return word((_YOURS if self.you else _THEIRS).say(fact=fact_words(self.app, name)))
            case SourceValue(name=name):
                return word(_SOURCE.say(name=Text(f"「{name}」", f"“{name}”")))
            case Extra(name=name):
                return word(extra_words(name))
            case Arithmetic() | Negative():
                return calculating.calculated(self, node)
            case IfElse():
                return self._either(node, choices)
            case Aggregate(function="count" | "sum" | "min" | "max"):
                return related.gathered(self, node)
            case Find():
                return related.found(self, node)
            case Call() if not is_condition(node):
                return self._call(node, FUNCTIONS[node.function].manual.words, choices)
        return word(_WHETHER.say(it=bracketed(self.condition(node).text)))

    def _denied(self, node: Node) -> Phrase:
        return Phrase(_NOT.say(it=bracketed(self.condition(node).text)), Hold.CLAUSE)

    def _logic(self, node: Logic) -> Phrase:
        operands = tuple(_flat(node, node.operator))
        phrases = comparing.betweens(self, operands) if node.operator == "and" else tuple(map(self.condition, operands))
        if len(phrases) == 1:
            return phrases[0]
        return Phrase(chain([each.within(Hold.CLAUSE) for each in phrases], _JOINS[node.operator]), Hold.JOINED)

    def _if(self, node: IfElse) -> Phrase:
        parts = {"test": node.test, "then": node.then, "otherwise": node.otherwise}
        said = {name: self.condition(part).within(Hold.CLAUSE) for name, part in parts.items()}
        return Phrase(_IF.say(**said), Hold.JOINED)

    def _either(self, node: IfElse, choices: Mapping[str, Choice]) -> Phrase:
        choices = choices or choices_of(node, self.app)
        branches = {
            name: self.value(part, choices).within(Hold.PHRASE)
            for name, part in (("then", node.then), ("otherwise", node.otherwise))
        }
        return word(_EITHER.say(test=self.condition(node.test).within(Hold.CLAUSE), **branches))

    def _question(self, node: Call, negated: bool) -> Phrase:
        manual = FUNCTIONS[node.function].manual
        if not negated or manual.negated is not None:
            message = manual.negated if negated and manual.negated is not None else manual.words
            return replace(self._call(node, message, _PLAIN), hold=Hold.CLAUSE)
        return self._denied(node)

    def _call(self, node: Call, message: Text, choices: Mapping[str, Choice]) -> Phrase:
        choices = choices or choices_of(node, self.app)
        hold = Hold.PHRASE if is_condition(node) else Hold.WORD
        said = [self._argument(node, each, choices).within(hold) for each in node.arguments]
        slots = {str(place): text for place, text in enumerate(said)}
        return Phrase(message.say(all=enumerated(said), **slots), Hold.PHRASE if said else Hold.WORD)

    def _argument(self, call: Call, node: Node, choices: Mapping[str, Choice]) -> Phrase:
        if call.function == _FLAGGED and isinstance(node, Constant):
            return word(flag_words(self.app, self.table, str(node.value)))
        return self.value(node, choices)

    def _in(self, node: In, negated: bool) -> Phrase:
        left, right = node.left, node.right
        if isinstance(right, tuple):
            constants = tuple(dict.fromkeys(right))
            if len(constants) == 1:
                return self.condition(Compare("==", left, constants[0], node.type), negated)
            choices = choices_of(left, self.app)
            several = enumerated(self.value(each, choices).text for each in constants)
            text = (_NONE_OF if negated else _ONE_OF).say(left=self.value(left).text, all=several)
            return Phrase(text, Hold.CLAUSE)
        if right.type.kind is TypeKind.TEXT:
            return self._question(Call("contains", (right, left), node.type), negated)
        it = self.value(left, choices_of(right, self.app)).within(Hold.WORD)
        return Phrase((_HAS_NOT if negated else _HAS).say(list=self.value(right).text, it=it), Hold.CLAUSE)

    def _field(self, node: FieldOf) -> Text:
        """Links of a path first; whose record it is comes with the first of them."""
        names = [(table, link) for table, link, _ in node.hops] + [(node.table, node.name)]
        texts = [field_words(self.app, table, name) for table, name in names]
        if node.row < 0:
            texts[0] = _BEFORE.say(field=texts[0])
        elif node.row != self.row:
            texts[0] = _OUTER.say(field=texts[0])
        return chain(texts, _PATH)


def _flat(node: Node, operator: str) -> Iterator[Node]:
    """The operands, with those of a nested one of the same kind: `a and (b and c)` is `a and b and c`."""
    if isinstance(node, Logic) and node.operator == operator:
        for operand in node.operands:
            yield from _flat(operand, operator)
    else:
        yield node
