"""Packs text answers for slow lines. Static files come packed already; streams are left alone."""

from __future__ import annotations

import gzip

from flask import Response, request

_SMALL = 1024
_LEVEL = 5
_TYPES = ("text/", "application/json", "application/problem+json", "image/svg+xml")


def pack(response: Response) -> Response:
    """After each request: gzip what is text, complete, and larger than a packet."""
    if (
        response.is_streamed
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
        or not (response.content_type or "").startswith(_TYPES)
        or "gzip" not in request.headers.get("Accept-Encoding", "")
        or (response.content_length or 0) <= _SMALL
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), _LEVEL))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response
