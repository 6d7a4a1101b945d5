"""How generated Python reaches what a record does not carry: computed fields, linked records, children, whole tables.

Called from generated code only. A record is a mapping; a field that it lacks has no column and is asked of the Env."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.language.env import Env, Record
from engine.model.tree import Aggregate, Find


def field(env: Env, table: str, name: str, record: Record | None) -> Any:
    """A field of a record, or of nothing."""
    if record is None:
        return None
    if name in record:
        return record[name]
    return env.computed(table, name, record)


def follow(env: Env, start: str | None, hops: tuple[tuple[str, str], ...], table: str, name: str) -> Any:
    """`name` at the end of a path. `start` is the first link's id; each hop is (target table, next link in it); the last
    hop's record is of `table`."""
    here = start
    for target, link in hops:
        here = field(env, target, link, env.link(target, here)) if here is not None else None
    return field(env, table, name, env.link(table, here)) if here is not None else None


def children(env: Env, table: str, link: str, owner: Record | None) -> Sequence[Record]:
    """The records whose `link` points to `owner`; none for a record that is not stored yet."""
    at = owner.get("id") if owner is not None else None
    return () if at is None else env.children(table, link, at)


def query(env: Env, node: Aggregate | Find, rows: tuple[Record | None, ...]) -> Any:
    """Whole-table questions are the Env's."""
    return env.query(node, rows)


def least(values: Any) -> Any:
    """min() that skips empties."""
    return min((each for each in values if each is not None and each != ""), default=None)


def greatest(values: Any) -> Any:
    """max() that skips empties."""
    return max((each for each in values if each is not None and each != ""), default=None)
