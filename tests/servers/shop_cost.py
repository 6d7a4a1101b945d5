"""The allowance of the local shop: what a query costs, and the bucket that pays for it.

Here, after https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits : before a query runs the bucket must hold what
it asks for; afterwards the difference to what it really cost is given back. Objects cost 1, scalars 0, a connection grows with
its `first`; one query may ask for at most 1,000 points."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

COSTLIEST = 1_000


class Bucket:
    """Points available to one token, refilled by `restore` a second up to `maximum`; `seconds` is the clock."""

    def __init__(self, seconds: Callable[[], float], *, maximum: float = 2_000, restore: float = 100) -> None:
        self.maximum, self.restore = maximum, restore
        self._seconds, self._lock = seconds, threading.Lock()
        self._available, self._at = maximum, seconds()

    def take(self, points: float) -> bool:
        """Take points if they are there."""
        with self._lock:
            self._refill()
            if points > self._available:
                return False
            self._available -= points
            return True

    def give_back(self, points: float) -> None:
        """Return what was asked for but not spent."""
        with self._lock:
            self._available = min(self.maximum, self._available + points)

    def set(self, points: float) -> None:
        """Leave just this much."""
        with self._lock:
            self._refill()
            self._available = points

    def cost(self, asked: int, spent: int | None) -> dict[str, Any]:
        """`extensions.cost`; `spent` None for a query that was not run."""
        with self._lock:
            self._refill()
            status = {
                "maximumAvailable": float(self.maximum),
                "currentlyAvailable": int(self._available),
                "restoreRate": float(self.restore),
            }
        return {"requestedQueryCost": asked, "actualQueryCost": spent, "throttleStatus": status}

    def _refill(self) -> None:
        now = self._seconds()
        self._available = min(self.maximum, self._available + (now - self._at) * self.restore)
        self._at = now


def asked(document: DocumentNode, variables: Mapping[str, Any]) -> int:
    """What a query asks for: the most it could cost. Fragments are not used by our queries and not counted."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    return sum(_cost(operation.selection_set, variables) for operation in operations)


def spent(data: Any) -> int:
    """What an answer really cost: its objects."""
    if isinstance(data, dict):
        return 1 + sum(map(spent, data.values()))
    return sum(map(spent, data)) if isinstance(data, list) else 0


def _cost(selection: SelectionSetNode | None, variables: Mapping[str, Any]) -> int:
    total = 0
    for field in _fields(selection):
        inner = field.selection_set
        if inner is None:
            continue
        first = next((_number(a.value, variables) for a in field.arguments or () if a.name.value == "first"), None)
        if first is None:
            total += 1 + _cost(inner, variables)
        else:
            rows = [row for row in _fields(inner) if row.name.value in ("nodes", "edges")]
            total += 2 + first * sum(1 + _cost(row.selection_set, variables) for row in rows)
    return total


def _fields(selection: SelectionSetNode | None) -> list[FieldNode]:
    return [node for node in selection.selections if isinstance(node, FieldNode)] if selection else []


def _number(value: Any, variables: Mapping[str, Any]) -> int:
    if isinstance(value, IntValueNode):
        return int(value.value)
    return int(variables.get(value.name.value, 0)) if isinstance(value, VariableNode) else 0
