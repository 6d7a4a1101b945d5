"""SQL of our own wording around columns: for what SQLAlchemy's constructs would say with a column written twice, or with many
more Python frames than the nesting of expressions leaves room for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine


class SqlWords(ColumnElement[Any]):
    """`words` hold the columns as `{0}`, `{1}` …; they are made here, never from a text of a user's, stand in brackets or are
    a call, and hold no `%`, which drivers take for themselves."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 -- SQLAlchemy reads it from the class
        ("words", InternalTraversal.dp_string),
        ("columns", InternalTraversal.dp_clauseelement_tuple),
        ("type", InternalTraversal.dp_type),
    ]

    def __init__(self, words: str, columns: tuple[ColumnElement[Any], ...], type: TypeEngine[Any]) -> None:
        self.words = words
        self.columns = columns
        self.type = type

    @property
    def _from_objects(self) -> list[FromClause]:
        return [each for column in self.columns for each in column._from_objects]

    def self_group(self, against: Any = None) -> Any:
        """The words bring their brackets."""
        return self


@compiles(SqlWords)
def _write(found: SqlWords, compiler: Any, **around: Any) -> str:
    return found.words.format(*(column._compiler_dispatch(compiler, **around) for column in found.columns))


def bounded(column: ColumnElement[Any], low: str, high: str) -> SqlWords:
    """Empty from the constants `low` and `high` on (PostgreSQL). `CASE WHEN x BETWEEN a AND b THEN x END` writes x twice, so
    nested it doubles with each step. LEAST and GREATEST leave NULL out: what passes a bound becomes the bound, NULLIF makes
    that empty, and what was empty becomes the next bound and empty again."""
    return SqlWords(f"NULLIF(GREATEST(NULLIF(LEAST({{0}}, {high}), {high}), {low}), {low})", (column,), column.type)
