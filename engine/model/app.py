"""An app as the engine sees it: the whole definition, typed, names resolved, every expression parsed. Built by
engine.definition from YAML; nobody else makes one. Mappings keep the order of the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from engine.model.diagnostic import Diagnostic, Span
from engine.model.edges import Board, Connection
from engine.model.text import Text
from engine.model.tree import Expression, Template
from engine.model.types import Children, TableTypes, Type


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    title: Text
    portal: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Choice:
    """`was`: the name under which records may still hold it."""

    name: str
    title: Text
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """`kind` names the FieldKind; `options` are that kind's own keys as written (`to`, `min`, `format` …); `type` is what
    expressions see; `value` is a formula's expression and `stored` says that the formula has a column; `was`: what it was
    called before."""

    name: str
    title: Text
    kind: str
    type: Type
    required: bool
    unique: bool
    default: Any
    choices: Mapping[str, Choice]
    options: Mapping[str, Any]
    value: Expression | None
    stored: bool
    span: Span
    was: str | None = None


class Otherwise(StrEnum):
    FLAG = "flag"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    must: Expression
    otherwise: Otherwise
    message: Text
    span: Span


@dataclass(frozen=True, slots=True)
class State:
    name: str
    title: Text
    initial: bool
    final: bool
    span: Span
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    role: str
    count: int
    condition: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Transition:
    """`by` holds role names and perhaps `system`."""

    name: str
    title: Text
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    guard: Expression | None
    needs: tuple[str, ...]
    approvals: tuple[Approval, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Flow:
    field: str
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    span: Span

    @property
    def initial(self) -> str:
        """The state a new record starts in."""
        return next(s.name for s in self.states.values() if s.initial)


@dataclass(frozen=True, slots=True)
class Table:
    """`children`: inverse name → the table and link field it stands for. `keys`: field tuples unique where all are there.
    `was`: what it was called before."""

    name: str
    title: Text
    display: str | None
    fields: Mapping[str, Field]
    children: Mapping[str, Children]
    keys: tuple[tuple[str, ...], ...]
    checks: Mapping[str, Check]
    flow: Flow | None
    types: TableTypes
    span: Span
    was: str | None = None


class Show(StrEnum):
    ALWAYS = "always"
    NEVER = "never"
    WHEN = "when"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class FieldRead:
    """How one role reads one field (or child list). `condition` with WHEN; `find_exact`: a masked value is found by its
    full text."""

    show: Show
    condition: Expression | None
    find_exact: bool
    span: Span


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """`condition` None: always."""

    condition: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Create:
    """`fields` may name child lists. `condition` is judged on the new record."""

    fields: tuple[str, ...]
    condition: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Permission:
    """What one role may do with one table; `all: true` is already spread over the fields. `delete`: None for never."""

    role: str
    table: str
    records: Expression | None
    create: Create | None
    read: Mapping[str, FieldRead]
    edit: Mapping[str, FieldEdit]
    delete: FieldEdit | None
    span: Span


@dataclass(frozen=True, slots=True)
class Trigger:
    """`kind` names the TriggerKind; `state` for enters/leaves; `fields` for updated; `options` the rest as written."""

    kind: str
    table: str
    state: str | None
    fields: tuple[str, ...]
    options: Mapping[str, Any]
    span: Span


@dataclass(frozen=True, slots=True)
class Step:
    """`path` is its address (`rules.small_orders_pass.then[0]`). `options`: constants (`table`, `as`, `transition`, `to`,
    `by`); `values`: field → expression; `where` for update; `text` for notify."""

    kind: str
    path: str
    options: Mapping[str, Any]
    values: Mapping[str, Expression]
    where: Expression | None
    text: Template | None
    span: Span


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    title: Text
    trigger: Trigger
    condition: Expression | None
    steps: tuple[Step, ...]
    required: bool
    span: Span


@dataclass(frozen=True, slots=True)
class RoutingRow:
    condition: Expression
    then: Any
    span: Span


@dataclass(frozen=True, slots=True)
class Routing:
    name: str
    title: Text
    trigger: Trigger
    table: str
    decides: str
    policy: str
    rows: tuple[RoutingRow, ...]
    otherwise: Any
    span: Span


@dataclass(frozen=True, slots=True)
class Level:
    after: timedelta
    options: Mapping[str, Any]
    steps: tuple[Step, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Alert:
    name: str
    title: Text
    table: str
    condition: Expression
    text: Template
    levels: tuple[Level, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class App:
    """`pending`: what the definition says and this version accepts but does not run yet. `permissions`: role → table →."""

    name: str
    title: Text
    version: str
    roles: Mapping[str, Role]
    people: Mapping[str, Field]
    tables: Mapping[str, Table]
    permissions: Mapping[str, Mapping[str, Permission]]
    rules: tuple[Rule, ...]
    routings: tuple[Routing, ...]
    alerts: tuple[Alert, ...]
    connections: Mapping[str, Connection]
    boards: Mapping[str, Board]
    pending: tuple[Diagnostic, ...]
    span: Span
