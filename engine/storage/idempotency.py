"""Answers kept under the caller's `Idempotency-Key`, so that a request sent twice is done once.

Here, and not in REST, because the outcome must be stored in the *same* transaction as the write: with one writer that alone
gives exactly-once, and a crash leaves both or neither. The rendered answer is added before it is sent (`finish`), so whatever a
client has seen is what it sees again. Must not decide what a request means, nor know of HTTP beyond keeping its parts.

    a write:   lookup → (do it) → store        inside the write transaction, by the unit of work
    its answer: answered → … → finish          around it, by REST
    a bulk:    reserve → each chunk of rows under a key of its own: lookup_many → (do it) → store_many → finish
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, Text, delete, insert, select, update

from engine.model.change import Outcome, Write
from engine.model.problem import Problem
from engine.model.text import Text as Words
from engine.storage.system import metadata

KEPT_SECONDS = 24 * 60 * 60

idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("outcome", Text),
    Column("status", Integer),
    Column("headers", Text),
    Column("body", Text),
    Column("expires", BigInteger, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A key as used by one request. `scope`: the user's id; `fingerprint`: what is asked; `now`: the time it is asked at."""

    scope: str
    key: str
    fingerprint: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered over HTTP. `body` is the exact text ('' for none)."""

    status: int
    headers: Mapping[str, str]
    body: str


def fingerprint(*writes: Write, bulk: bool = False) -> str:
    """What is asked, as a SHA-256 in hex; the key itself and who asks are no part of it. A bulk of one row is not
    the same as a single write."""
    asked = [
        [w.app, w.table, w.id, w.values, w.children, w.transition, w.delete, w.expected_version, w.match, w.mode]
        for w in writes
    ]
    text = json.dumps([bulk, asked], sort_keys=True, ensure_ascii=True, default=lambda value: {"": str(value)})
    return hashlib.sha256(text.encode()).hexdigest()


def lookup(connection: Connection, claim: Claim) -> Outcome | None:
    """The outcome of the write done under this key, or None when there was none. Raises Problem 422 when the key was used for
    something else."""
    row = _row(connection, claim)
    return Outcome(**json.loads(row["outcome"])) if row and row["outcome"] else None


def store(connection: Connection, claim: Claim, outcome: Outcome) -> None:
    """Keep the outcome. Call it in the transaction that does the write."""
    _put(connection, claim, {"outcome": json.dumps(asdict(outcome))})


def lookup_many(connection: Connection, claim: Claim) -> list[Outcome | None]:
    """The outcomes of the writes done together under this key, None for each that was refused; empty when there were none.
    Raises Problem 422 when the key was used for something else."""
    row = _row(connection, claim)
    return [o and Outcome(**o) for o in json.loads(row["outcome"])] if row and row["outcome"] else []


def store_many(connection: Connection, claim: Claim, outcomes: Sequence[Outcome | None]) -> None:
    """Keep the outcomes. Call it in the transaction that does the writes."""
    _put(connection, claim, {"outcome": json.dumps([o and asdict(o) for o in outcomes])})


def answered(connection: Connection, claim: Claim) -> Answer | None:
    """The answer given under this key. Raises Problem 422 when the key was used for something else."""
    row = _row(connection, claim)
    return _answer(row) if row else None


def reserve(connection: Connection, claim: Claim) -> None:
    """Bind a key to a request of many writes before the first of them. Raises Problem 422 when it is bound to another."""
    if _row(connection, claim) is None:
        _put(connection, claim, {})


def finish(connection: Connection, claim: Claim, answer: Answer) -> Answer:
    """Keep the answer before it is sent. The first one stays: returns the one that is to be sent."""
    row = _row(connection, claim)
    first = _answer(row) if row else None
    if first is not None:
        return first
    parts = {"status": answer.status, "headers": json.dumps(dict(answer.headers)), "body": answer.body}
    _put(connection, claim, parts)
    return answer


def _row(connection: Connection, claim: Claim) -> dict[str, Any] | None:
    at = idempotency.c
    alive = select(idempotency).where(at.scope == claim.scope, at.key == claim.key, at.expires > int(claim.now.timestamp()))
    found = connection.execute(alive).mappings().first()
    if found is not None and found["fingerprint"] != claim.fingerprint:
        raise _reused()
    return dict(found) if found is not None else None


def _put(connection: Connection, claim: Claim, parts: Mapping[str, Any]) -> None:
    at, seconds = idempotency.c, int(claim.now.timestamp())
    connection.execute(delete(idempotency).where(at.expires <= seconds))
    if parts:
        changed = connection.execute(update(idempotency).where(at.scope == claim.scope, at.key == claim.key).values(**parts))
        if changed.rowcount:
            return
    row = {"scope": claim.scope, "key": claim.key, "fingerprint": claim.fingerprint, "expires": seconds + KEPT_SECONDS, **parts}
    connection.execute(insert(idempotency).values(**row))


def _answer(row: Mapping[str, Any]) -> Answer | None:
    return Answer(row["status"], json.loads(row["headers"]), row["body"]) if row["status"] is not None else None


def _reused() -> Problem:
    return Problem(
        422,
        "idempotency_key_reused",
        Words("这个 Idempotency-Key 用过了", "This Idempotency-Key has been used"),
        Words(
            "24 小时内用同一个 Idempotency-Key 发过不同的内容；新的请求请用新的 key",
            "The same Idempotency-Key came with another request within 24 hours; use a new key for a new request",
        ),
    )
