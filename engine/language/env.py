"""What a running expression may ask of the world outside its record. The owner of the data implements it; generated code
never reaches further than this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from engine.model.calendar import Calendar
from engine.model.tree import Aggregate, Find

Record = Mapping[str, Any]


class Env(Protocol):
    """`now`: aware, in the organisation's zone, bound once per run. `old`: the before image, None on creation."""

    @property
    def now(self) -> datetime:
        """The one moment of this run."""

    @property
    def calendar(self) -> Calendar:
        """The organisation's working hours."""

    @property
    def user(self) -> Mapping[str, Any]:
        """Facts of the actor, `user.…`."""

    @property
    def source(self) -> Mapping[str, Any]:
        """The row a connection brings, `source.…`."""

    @property
    def extra(self) -> Mapping[str, Any]:
        """Names that the scope adds, such as `elapsed`."""

    @property
    def old(self) -> Record | None:
        """The record before the write."""

    def link(self, table: str, id: str) -> Record | None:
        """The record of `table` with that id, if there is one."""

    def children(self, table: str, link_field: str, id: str) -> Sequence[Record]:
        """The records of `table` whose `link_field` points to `id`."""

    def computed(self, table: str, field: str, record: Record) -> Any:
        """The value of a field that the record does not carry because it has no column."""

    def query(self, node: Aggregate | Find, rows: tuple[Record | None, ...]) -> Any:
        """A whole-table aggregate or find(); `rows[d]` is the record at depth d."""
