"""Values that are a set of words: several of a fixed list, or free ones. Neither order nor repetition means anything, so a set
is kept in one way only (sorted by code point, each word once), and equal sets are equal texts in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.values.text import problem, typed, wrong_type
from engine.language.sqltypes import WordList
from engine.model.app import Field
from engine.model.text import Text
from engine.model.types import TEXT, Type, TypeKind

# What parts words in typed text; the full-width comma and semicolon have become these by then.
PARTS = ",;、\n\t"
MOST = 500


class ListKept:
    """What kinds have in common whose value is a set of words: a sorted tuple without repetitions, None for none."""

    def type(self, options: Mapping[str, Any]) -> Type:
        """LIST of text, out of `options["choices"]` where there are some."""
        choices = options.get("choices")
        return Type(TypeKind.LIST, element=Type(TypeKind.TEXT, options=tuple(choices)) if choices else TEXT)

    def to_json(self, value: Any, field: Field) -> Any:
        """A JSON list of the words."""
        return list(value) if isinstance(value, (tuple, set, frozenset)) else value

    def column(self, field: Field) -> TypeEngine[Any]:
        """The list as text."""
        return WordList()


def read_words(raw: Any, wanted: Text) -> list[str]:
    """The words of a JSON list, or of typed text in which commas, semicolons, `、` or line breaks part them. ValueProblem
    for more than 500."""
    if isinstance(raw, (list, tuple, set, frozenset)):
        if len(raw) > MOST:
            raise problem("too-many", "太多：最多 {n} 个", "Too many: at most {n}", n=MOST)
        found = [typed(each, wanted) for each in raw]
    elif raw is None or isinstance(raw, str):
        found = [typed(each) for each in _parted(typed(raw) or "")]
    else:
        raise wrong_type(raw, wanted)
    return [each for each in found if each is not None]


def _parted(text: str) -> list[str]:
    for mark in PARTS[1:]:
        text = text.replace(mark, PARTS[0])
    return text.split(PARTS[0])


def as_set(words: Iterable[str]) -> tuple[str, ...] | None:
    """The one form in which a set of words is kept; None for an empty one."""
    return tuple(sorted(set(words))) or None
