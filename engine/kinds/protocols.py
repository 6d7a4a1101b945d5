"""What a kind must offer. A new kind is one new file in `fields/`, `steps/` or `triggers/` with the module constants `KIND`
and `DOC` (what it says of itself to people who write definitions)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

from sqlalchemy.types import TypeEngine

from engine.kinds.speech import Speech
from engine.model.app import Field, Step, Trigger
from engine.model.change import Outcome
from engine.model.text import Text
from engine.model.tree import Expression
from engine.model.types import Type


class ValueProblem(Exception):
    """A value that cannot be taken; `message` says what would be."""

    def __init__(self, code: str, message: Text) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message


class FieldKind(Protocol):
    """One kind of field. `schema`: JSON Schema properties of the kind's own keys; `widget`: how a form shows it."""

    name: str
    schema: Mapping[str, Any]
    widget: str

    def type(self, options: Mapping[str, Any]) -> Type:
        """What expressions see."""

    def parse(self, raw: Any, field: Field) -> Any:
        """A JSON value or typed text → the Python value, None for empty; else ValueProblem."""

    def to_json(self, value: Any, field: Field) -> Any:
        """The Python value → JSON: decimals as text, times RFC 3339."""

    def column(self, field: Field) -> TypeEngine[Any] | None:
        """The column's type; None: no column."""

    def sample(self, field: Field, random: Random) -> Any:
        """A likely value, for property tests and sample data."""


@runtime_checkable
class Sought(Protocol):
    """A field kind whose texts people search; its column holds plain text."""

    def sought(self, text: str) -> tuple[str, ...]:
        """What was typed into a search → parts, any of which in a stored text makes it fit; none: nothing stored does."""


@dataclass(frozen=True, slots=True)
class StepShape:
    """How a step's YAML body is read. `scalar`: the body is a plain name, kept under that option. `values`: the key that
    holds field → expression ('' when the body itself is that map). `table`: the body names a target table. `inner`: bare
    names in `values` and `where` are the target record's, `this` the triggering one. `text`: it has a text template."""

    scalar: str | None = None
    values: str | None = None
    table: bool = False
    inner: bool = False
    where: bool = False
    text: bool = False


class Run(Protocol):
    """What a step may use while it runs: everything else is out of its reach."""

    @property
    def record(self) -> Mapping[str, Any]:
        """The triggering record as it is now."""

    def value(self, expression: Expression, inner: Mapping[str, Any] | None = None) -> Any:
        """The expression's value for the triggering record (and an inner one)."""

    def select(self, table: str, where: Expression) -> Sequence[Mapping[str, Any]]:
        """Records of a table for which `where` holds, `this` being the triggering record."""

    def write(self, table: str, id: str | None, values: Mapping[str, Any], transition: str | None = None) -> Outcome:
        """A further write as `system`, with the triggering entry as its cause."""

    def notify(self, step: Step) -> None:
        """Put the step's text into the inboxes it names."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What a step does to records, as proofs see it. `kind`: the entry it leaves (`created`, `updated`). `own`: the record that
    set the rule off is written, else records of `table` (those for which `where` holds). `values` are over the triggering
    record at row 0 and, with `where`, the target at row 1. `transition`: the move that is taken."""

    table: str
    kind: str
    own: bool = False
    values: Mapping[str, Expression] = field(default_factory=lambda: MappingProxyType({}))
    where: Expression | None = None
    transition: str | None = None


class StepKind(Protocol):
    """One kind of step. `schema`: JSON Schema of the body."""

    name: str
    schema: Mapping[str, Any]
    shape: StepShape

    def run(self, step: Step, run: Run) -> None:
        """Do it; a Problem raised here takes the rule's changes back."""

    def writes(self, step: Step, table: str) -> tuple[Writing, ...]:
        """What it does to records, in order, when a record of `table` sets it off; must tell all that `run` may write."""

    def words(self, step: Step, speech: Speech) -> Text:
        """What it does, for people: a part of a sentence that can follow `then`."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Which writes may set a trigger off: entries of these `kinds`; with `fields` only when one of them changes; with
    `enters` or `leaves` only when the record comes into, or goes out of, that state."""

    kinds: frozenset[str]
    fields: tuple[str, ...] = ()
    enters: str | None = None
    leaves: str | None = None

    @property
    def has_old(self) -> bool:
        """Is there a before image? Of what has just been made there is none."""
        return self.kinds != {"created"}

    @property
    def gone(self) -> bool:
        """Is the record no longer there when the rule runs?"""
        return self.kinds == {"deleted"}


class TriggerKind(Protocol):
    """One kind of trigger. `schema`: JSON Schema of what stands after `kind:`. A trigger's text is `TABLE` or
    `TABLE.STATE` (`has_state`); a map `{of, fields}` names fields too, where the schema takes one."""

    name: str
    schema: Mapping[str, Any]
    has_state: bool

    def matches(
        self, trigger: Trigger, kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any], state_field: str | None
    ) -> bool:
        """Does a write of entry kind `created`, `updated` or `deleted` set it off? `before` None on creation; on deletion
        both are the record's last values."""

    def listens(self, trigger: Trigger) -> Listening:
        """The same for proofs: it must not leave out a write for which `matches` may be true."""

    def words(self, trigger: Trigger, speech: Speech) -> Text:
        """When that is, for people: the beginning of a sentence."""
