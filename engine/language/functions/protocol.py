"""What a function of the language must offer, and what the back ends offer to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ColumnElement

from engine.model.calendar import Calendar
from engine.model.text import Text
from engine.model.tree import Call, Node, This
from engine.model.types import Type


class Back(StrEnum):
    """Where an expression can run."""

    PYTHON = "python"
    SQL = "sql"
    REFERENCE = "reference"


EVERYWHERE = frozenset(Back)


class Misuse(Exception):
    """A call that cannot be; `argument` is the index of the argument at fault, None for the call itself."""

    def __init__(self, message: Text, hint: Text | None = None, argument: int | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.hint = hint
        self.argument = argument


@dataclass(frozen=True, slots=True)
class Site:
    """Where the call stands: the current record and the check names of its table (`record` None: there is none)."""

    record: This | None
    flags: frozenset[str]


class PythonWriter(Protocol):
    """Writes Python source. What it returns is an expression in brackets or an atom."""

    def value(self, node: Node) -> str:
        """Source of the value, None when empty."""

    def branch(self, whole: Node, part: Node) -> str:
        """Source of one of the values that the whole may take."""

    def bind(self, value: Any) -> str:
        """A name under which the generated function finds `value`."""

    def record(self, row: int) -> str:
        """The name of the record at a row depth."""


class SqlWriter(Protocol):
    """Writes SQL. Numbers and durations are whole units, times are text: see sqltypes."""

    def value(self, node: Node) -> ColumnElement[Any]:
        """The value, NULL when empty."""

    def units(self, node: Node, scale: int) -> ColumnElement[Any]:
        """A number in whole units of 10^-scale, the scale at least its own."""

    def branch(self, whole: Node, part: Node) -> ColumnElement[Any]:
        """One of the values that the whole may take, in the type of the whole."""

    def constant(self, node: Node) -> tuple[bool, Any]:
        """(True, value) if it does not depend on any row of the query."""

    def flags(self, row: int) -> ColumnElement[Any]:
        """The flags of the record at a row depth, as JSON text."""

    def zone(self) -> tzinfo:
        """The organisation's zone."""

    def calendar(self) -> Calendar:
        """The organisation's working hours."""

    def now(self) -> datetime:
        """The moment bound for this run."""


@dataclass(frozen=True, slots=True)
class Manual:
    """The function for people. `usage` is shown in hints. `words`: what a call says in a sentence, `{0}` `{1}` the arguments,
    `{all}` all of them; `negated`: the same denied (without it: "it is not true that"). `about`: what it does, and what it
    makes of empties. `example`: `call → result`, both in the language, run by a test. `asks`: it is a condition;
    `whole`: it is never empty."""

    usage: str
    words: Text
    about: Text
    example: str
    negated: Text | None = None
    asks: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """`check` types a call, or makes the node itself (a folded constant), or raises Misuse. `run` is the function itself, on
    Python values, with the Env first if `wants_env`; a condition returns True or False, never None. `write` replaces the
    call of `run` in generated Python. `sql` gets the call and, for a condition, whether its negation is wanted."""

    name: str
    manual: Manual
    check: Callable[[tuple[Node, ...], Site], Type | Node]
    run: Callable[..., Any]
    sql: Callable[[SqlWriter, Call, bool], ColumnElement[Any]]
    wants_env: bool = False
    write: Callable[[PythonWriter, Call], str] | None = None
    backs: frozenset[Back] = EVERYWHERE

    @property
    def usage(self) -> str:
        """How it is written."""
        return self.manual.usage
