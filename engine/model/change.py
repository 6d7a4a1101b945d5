"""What happened and what is asked to happen: requests to the two doors, and lines of the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from engine.model.tree import Expression

# How many rules may follow from each other. The runtime stops a longer chain; proofs look for one.
MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in one app. `kind` person | token | system; `roles` are names in that app; `facts` are what expressions see
    as `user.…` (`name`, `roles`, `departments`, `lead` and the app's own person fields). `locale` is for answers."""

    kind: str
    user_id: str | None
    name: str
    roles: frozenset[str]
    facts: Mapping[str, Any]
    channel: str
    ip: str = ""
    device: str = ""
    locale: str = "zh"
    seen_as: str | None = None


class Mode(StrEnum):
    """What a write without id does with a record that its `match` finds: CREATE takes no notice (the key is taken), UPDATE
    writes to it and makes none, UPSERT writes to it or makes one, SKIP leaves it alone or makes one."""

    CREATE = "create"
    UPDATE = "update"
    UPSERT = "upsert"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Write:
    """One request to the write door. `id` None creates. `values` are raw (JSON-like) until parsed by field kind; `children`
    are new records by child list name. `transition` moves the flow; `delete` removes. `match`: the fields of a key that name
    the record instead of its id, with what `mode` says."""

    app: str
    table: str
    id: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    transition: str | None = None
    delete: bool = False
    expected_version: int | None = None
    idempotency_key: str | None = None
    match: tuple[str, ...] = ()
    mode: Mode = Mode.CREATE


@dataclass(frozen=True, slots=True)
class Outcome:
    """`gone`: the actor no longer sees the record. `entry`: its line in the journal (None: nothing changed). `skipped`: the
    record was there and left alone."""

    id: str
    version: int
    created: bool = False
    deleted: bool = False
    gone: bool = False
    entry: str | None = None
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """One request to the read door. `where` is typed by the person's view. `sort`: names, `-` descending. `cursor`: opaque.
    `group` and `measures` (`count`, `sum(amount)`, `p90(waiting)`) are for aggregates."""

    app: str
    table: str
    where: str | None = None
    sort: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    search: str | None = None
    limit: int = 50
    cursor: str | None = None
    count: bool = False
    condition: Expression | None = None
    group: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


class Change(NamedTuple):
    """One field: JSON values before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal. `kind` created | updated | deleted | looked_up | published …; `cause` the entry that led to
    it and `rule` the definition path that did it; `depth` 0 for what a person or connection did."""

    id: str
    app: str
    table: str
    record_id: str
    kind: str
    transition: str | None
    version: int
    changes: tuple[Change, ...]
    actor_kind: str
    actor_name: str
    user_id: str | None
    channel: str
    ip: str
    device: str
    cause: str | None
    rule: str | None
    depth: int
    revision: int
    at: datetime
