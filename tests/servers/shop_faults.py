"""What can go wrong with the local shop, on demand.

Here, so that every fault a real source shows can be played to a connector at a chosen request. Faults of the *answer* change
the JSON; faults of the *line* (see `shop`) change what goes over it."""

from __future__ import annotations

import copy
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

Body = dict[str, Any]

LINE = frozenset(
    {"429", "429-long", "500", "503", "half", "cut", "html", "garbage", "slow", "slow-head", "endless", "hang"}
) | {
    "drop",
    "redirect",
    "gzip",
}


class Control:
    """Faults that wait for their request, and counts of what happened; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plan: list[str | None] = []
        self.counts: Counter[str] = Counter()
        self.release = threading.Event()

    def fault(self, kind: str, *, times: int = 1, after: int = 0) -> None:
        """Play `kind` to the next `times` requests, once `after` more have been answered well."""
        if kind not in LINE and kind not in ANSWER and kind != "throttled":
            raise ValueError(f"there is no fault {kind!r}")
        with self._lock:
            self._plan = [None] * after + [kind] * times

    def clear(self) -> None:
        """Everything works again; whoever hangs is let go."""
        with self._lock:
            self._plan = []
        self.release.set()
        self.release = threading.Event()

    def next(self) -> str | None:
        """The fault of this request, if there is one."""
        with self._lock:
            kind = self._plan.pop(0) if self._plan else None
            self.counts["requests"] += 1
            if kind is not None:
                self.counts[kind] += 1
            return kind

    def count(self, what: str) -> None:
        """One more of something."""
        with self._lock:
            self.counts[what] += 1


def spoil(kind: str, body: Body, variables: dict[str, Any]) -> Body:
    """An answer with the fault `kind` in it."""
    spoiled = copy.deepcopy(body)
    return ANSWER[kind](spoiled, variables)


def _nodes(body: Body) -> list[Any]:
    return list(body["data"]["orders"]["nodes"])


def _duplicates(body: Body, variables: dict[str, Any]) -> Body:
    body["data"]["orders"]["nodes"] = [node for node in _nodes(body) for _ in range(2)]
    return body


def _without(body: Body, variables: dict[str, Any]) -> Body:
    del _nodes(body)[-1]["totalPriceSet"]
    return body


def _with_amount(value: Any) -> Callable[[Body, dict[str, Any]], Body]:
    def change(body: Body, variables: dict[str, Any]) -> Body:
        _nodes(body)[-1]["totalPriceSet"]["shopMoney"]["amount"] = value
        return body

    return change


def _local_time(body: Body, variables: dict[str, Any]) -> Body:
    _nodes(body)[-1]["updatedAt"] = "2026-11-22 10:00:00"
    return body


def _stuck(body: Body, variables: dict[str, Any]) -> Body:
    body["data"]["orders"]["pageInfo"] = {"hasNextPage": True, "endCursor": variables.get("after")}
    return body


def _partial(body: Body, variables: dict[str, Any]) -> Body:
    """Data that the token may not see is null, and an error says so."""
    for node in _nodes(body):
        node["shippingAddress"] = None
    words = "This app is not approved to access the MailingAddress object."
    return {**body, "errors": [{"message": words, "extensions": {"code": "ACCESS_DENIED"}}]}


def _bare(value: Body) -> Callable[[Body, dict[str, Any]], Body]:
    return lambda body, variables: copy.deepcopy(value)


ANSWER: dict[str, Callable[[Body, dict[str, Any]], Body]] = {
    "duplicates": _duplicates,
    "no-field": _without,
    "bad-amount": _with_amount("12,50"),
    "long-amount": _with_amount("12.505"),
    "float-amount": _with_amount(12.5),
    "no-amount": _with_amount(None),
    "local-time": _local_time,
    "stuck": _stuck,
    "partial": _partial,
    "null": _bare({"data": None}),
    "empty": _bare({}),
    "error-text": _bare({"errors": "Something is wrong"}),
    "internal": _bare({"errors": [{"message": "Internal error", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}),
}
