"""What a publish would do, step by step, in words for people, and the work behind the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, Table

from engine.model.app import App
from engine.model.text import Text
from engine.model.tree import Expression
from engine.storage.names import HeldTable, Names

EXAMPLES = 5


class Risk(StrEnum):
    """SAFE changes no value; COPYING works values out anew and keeps the old ones; LOSING leaves values out and needs a word
    of its own; REFUSED cannot be done."""

    SAFE = "safe"
    COPYING = "copying"
    LOSING = "losing"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One thing that happens to one table. `rows`: how many records it touches; `examples`: ids of some of them."""

    risk: Risk
    table: str
    message: Text
    rows: int = 0
    examples: tuple[str, ...] = ()
    path: str = ""


class Refused(Exception):
    """A step that turned out not to be possible. Nothing has changed."""

    def __init__(self, step: PlanStep) -> None:
        super().__init__(step.message.en)
        self.step = step


@dataclass(frozen=True, slots=True)
class Conversion:
    """Values of one column taken over into another. `convert`: Python value → Python value, else ValueProblem; `target`: the
    physical table that a link must lead into; `recipe` tells two conversions apart."""

    source: str
    source_type: Any
    key: str
    convert: Callable[[Any], Any]
    target: str | None
    recipe: str


@dataclass(frozen=True, slots=True)
class Filling:
    """New columns of one table that get values from its records. `constants`: column key → what an empty one gets, all of
    them where the first is empty; `formulas` in the order of what they need; `watched`: physical columns whose change makes
    a record's new values old."""

    name: str
    table: Table
    conversions: tuple[Conversion, ...]
    constants: Mapping[str, Any]
    formulas: tuple[tuple[str, Expression], ...]
    watched: tuple[str, ...]
    may_lose: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Every column that is filled, once."""
        keys = (*(each.key for each in self.conversions), *self.constants, *(key for key, _ in self.formulas))
        return tuple(dict.fromkeys(keys))

    @property
    def recipe(self) -> str:
        """The same text for the same work: a filling that was broken off is taken up again by it."""
        parts = [each.recipe for each in self.conversions]
        parts += [f"{key}={value!r}" for key, value in self.constants.items() if isinstance(value, str)]
        return "\n".join([*parts, *(f"{key}:={formula.text}" for key, formula in self.formulas)])


@dataclass(frozen=True, slots=True)
class Renaming:
    """`field` '' for a table. `table` as it is called from now on."""

    table: str
    field: str
    old: str


@dataclass(frozen=True, slots=True)
class Migration:
    """Everything a publish does to the tables of one app. `names` and `held`: what is in the books afterwards; `columns`: to
    be added to tables that are there; `indexes`: to be made on tables that are there."""

    app: App
    names: Names
    held: tuple[HeldTable, ...]
    tables: Mapping[str, Table]
    steps: tuple[PlanStep, ...] = ()
    new_tables: tuple[Table, ...] = ()
    columns: tuple[tuple[Table, Column[Any]], ...] = ()
    fillings: tuple[Filling, ...] = ()
    indexes: tuple[Index, ...] = ()
    dropped: tuple[tuple[str, str, bool], ...] = ()
    renamings: tuple[Renaming, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> tuple[PlanStep, ...]:
        """What cannot be done."""
        return tuple(step for step in self.steps if step.risk is Risk.REFUSED)

    @property
    def losing(self) -> tuple[PlanStep, ...]:
        """What leaves values out."""
        return tuple(step for step in self.steps if step.risk is Risk.LOSING)

    def losing_allowed(self) -> Migration:
        """The same, and values that cannot be taken over are left empty."""
        return replace(self, fillings=tuple(replace(each, may_lose=True) for each in self.fillings))
