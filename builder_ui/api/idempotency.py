"""`Idempotency-Key`: a write sent twice under one key is done once and answered alike for 24 hours.

The outcome itself is stored by the unit of work in the write's own transaction (engine.storage.idempotency); here the rendered
answer is kept before it is sent. Refusals are kept too: what was answered first stays the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Response, request

from builder_ui.api.auth import caller, locale
from builder_ui.api.context import Context
from builder_ui.api.problems import respond
from engine.model.change import Write
from engine.model.problem import Problem
from engine.model.text import Text
from engine.storage import idempotency
from engine.storage.idempotency import Answer, Claim

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_KEPT_HEADERS = ("Content-Type", "Content-Language", "Location", "ETag", "Cache-Control", "Preference-Applied")


def once(context: Context, write: Write, do: Callable[[Write], Response]) -> Response:
    """`do` the write, or answer as before. `do` gets the write with its key and may raise Problem."""
    key = _key()
    if key is None:
        return do(write)
    claim = _claim(context, key, idempotency.fingerprint(write))
    return _kept(context, claim) or _finish(context, claim, lambda: do(replace(write, idempotency_key=key)))


def once_many(context: Context, writes: list[Write], do: Callable[[str | None], Response]) -> Response:
    """The same for many writes that commit in parts: the key is bound first and `do` gets it for the parts, so that a
    repetition after a crash goes on where it stopped."""
    key = _key()
    if key is None:
        return do(None)
    claim = _claim(context, key, idempotency.fingerprint(*writes, bulk=True))
    kept = _kept(context, claim)
    if kept is not None:
        return kept
    with context.runtime.database.write() as connection:
        idempotency.reserve(connection, claim)
    return _finish(context, claim, lambda: do(key))


def _key() -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()):
        text = Text("Idempotency-Key 是 1–200 个可见 ASCII 字符", "An Idempotency-Key has 1–200 printable ASCII characters")
        raise Problem(400, "bad_idempotency_key", Text("请求读不懂", "The request cannot be read"), text)
    return key


def _claim(context: Context, key: str, mark: str) -> Claim:
    return Claim(caller().user.id, key, mark, context.runtime.core.now())


def _kept(context: Context, claim: Claim) -> Response | None:
    with context.runtime.database.read() as connection:
        answer = idempotency.answered(connection, claim)
    return _again(answer) if answer is not None else None


def _finish(context: Context, claim: Claim, do: Callable[[], Response]) -> Response:
    try:
        response = do()
    except Problem as problem:
        if problem.status in (401, 429) or problem.status >= 500:
            raise
        response = respond(problem, locale(context))
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    ours = Answer(response.status_code, headers, response.get_data(as_text=True))
    with context.runtime.database.write() as connection:
        first = idempotency.finish(connection, claim, ours)
    return response if first is ours else _again(first)


def _again(answer: Answer) -> Response:
    return Response(answer.body, answer.status, {**answer.headers, REPLAYED: "true"})
