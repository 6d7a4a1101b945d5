"""JSON out: one way to write a body, so that equal answers are equal bytes. Decides nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Response

JSON = "application/json"
PROBLEM = "application/problem+json"


def text_of(value: Any) -> str:
    """Compact JSON, keys in the order given. Decimals become strings and times RFC 3339, should one be left."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response; what it says depends on who asks, so no cache may keep it for another."""
    response = Response(text_of(value), status, mimetype=JSON)
    response.headers.update({"Cache-Control": "private, no-store", **(headers or {})})
    return response


def version_tag(version: int) -> str:
    """A record's version as the ETag that `If-Match` takes."""
    return f'"{version}"'


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
