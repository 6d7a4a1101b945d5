"""PostgreSQL: a value that is empty outside its bounds, and written only once.

`CASE WHEN x BETWEEN a AND b THEN x END` writes x twice, so nested it doubles with each step. LEAST and GREATEST leave NULL out:
what passes a bound becomes the bound, NULLIF makes that empty, and what was empty becomes the next bound and empty again.
One construct and not four functions, because SQLAlchemy goes down more Python frames for a function than for an operator."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal


class Bounded(ColumnElement[Any]):
    """`low` and `high` are the first values outside, as SQL constants of our own making."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 -- SQLAlchemy reads it from the class
        ("inner", InternalTraversal.dp_clauseelement),
        ("low", InternalTraversal.dp_string),
        ("high", InternalTraversal.dp_string),
        ("type", InternalTraversal.dp_type),
    ]

    def __init__(self, inner: ColumnElement[Any], low: str, high: str) -> None:
        self.inner = inner
        self.low = low
        self.high = high
        self.type = inner.type

    @property
    def _from_objects(self) -> list[FromClause]:
        return list(self.inner._from_objects)

    def self_group(self, against: Any = None) -> Any:
        """A function call needs no brackets."""
        return self


@compiles(Bounded)
def _write(bounded: Bounded, compiler: Any, **around: Any) -> str:
    inner = bounded.inner._compiler_dispatch(compiler, **around)
    return f"NULLIF(GREATEST(NULLIF(LEAST({inner}, {bounded.high}), {bounded.high}), {bounded.low}), {bounded.low})"
