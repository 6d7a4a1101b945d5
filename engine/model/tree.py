"""The one tree of the expression language, typed. The parser makes it; every back end reads it. Plain data, no behaviour.

A condition is any node of type BOOLEAN. `Row` nodes say *whose* field is meant: aggregates and lookups open a new row, and
inside one `this.` reaches the outer one, so a row is addressed by its depth (0: the record the expression is about).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.model.diagnostic import Span
from engine.model.types import Type


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal, `True`, `None`, or a `time('14:00')` folded at check time. `value` None is empty."""

    value: Any
    type: Type


@dataclass(frozen=True, slots=True)
class FieldOf:
    """`amount`, `customer.level`, `this.phone`, `old.status`. `row`: depth; -1 is the before image. `hops`: link fields
    followed first, as (table the link stands in, link field, target table)."""

    row: int
    table: str
    hops: tuple[tuple[str, str, str], ...]
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class This:
    """The record itself (its id), type RECORD. `row` as in FieldOf."""

    row: int
    type: Type


@dataclass(frozen=True, slots=True)
class UserFact:
    """`user.store`."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class SourceValue:
    """`source.id`: a value of the row a connection brings."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Extra:
    """A name the scope adds, such as `elapsed`."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Not:
    operand: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` / `or` over two or more conditions."""

    operator: str
    operands: tuple[Node, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Compare:
    """`== != < <= > >=` on two operands; a chain becomes a Logic of these."""

    operator: str
    left: Node
    right: Node
    type: Type


@dataclass(frozen=True, slots=True)
class In:
    """`x in [constants]`, `x in list_field`, `text in text`. `right` is a tuple of Constants or one node."""

    left: Node
    right: tuple[Constant, ...] | Node
    type: Type


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`+ - * /`; the type's scale is the result's: max for + -, sum for *, 6 for /."""

    operator: str
    left: Node
    right: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Node
    type: Type


@dataclass(frozen=True, slots=True)
class IfElse:
    test: Node
    then: Node
    otherwise: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A registered scalar function; `flagged('x')` is one with a Constant argument."""

    function: str
    arguments: tuple[Node, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`count sum any all min max` over children (`link` is the child's link field, `owner` the row depth whose children)
    or over a whole table (`link` None). `body` is the condition or value inside, at row depth `row`; None for count(x)."""

    function: str
    table: str
    link: str | None
    owner: int
    row: int
    body: Node | None
    type: Type


@dataclass(frozen=True, slots=True)
class Find:
    """`find(table, condition)`: the id of the one record for which it is true, else empty."""

    table: str
    row: int
    condition: Node
    type: Type


Node = (
    Constant
    | FieldOf
    | This
    | UserFact
    | SourceValue
    | Extra
    | Not
    | Logic
    | Compare
    | In
    | Arithmetic
    | Negative
    | IfElse
    | Call
    | Aggregate
    | Find
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed, typed expression. `reads`: every (table, field) it needs, link fields on its paths included; `users`: the
    `user.` names it reads; `flags`: the check names it asks with flagged(); `whole`: it reads more than its own record
    (paths, children, tables)."""

    text: str
    span: Span
    node: Node
    type: Type
    reads: frozenset[tuple[str, str]]
    users: frozenset[str]
    flags: frozenset[str]
    whole: bool


@dataclass(frozen=True, slots=True)
class Template:
    """A text with expressions in braces: for each locale the parts in order, plain text or Expression."""

    zh: tuple[str | Expression, ...]
    en: tuple[str | Expression, ...]
    span: Span
