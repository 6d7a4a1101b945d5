"""Our static files, named by one hash over all of them (`/static/v-…/css/base.css`), so that browsers may keep them for ever.

The hash is a path prefix, not a query: modules import each other by relative path and must come from the same address.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from flask import Request, Response

_VERSIONED = re.compile(r"v-(?P<hash>[0-9a-f]{12})/(?P<name>.+)")
_FOR_EVER = "public, max-age=31536000, immutable"
# What is not below the right hash is asked again each time.
_ASK = "no-cache"
_SMALL = 1024
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".wasm": "application/wasm",
}
_TEXT = frozenset({".js", ".css", ".svg", ".json", ".wasm", ".txt", ".geojson"})


@dataclass(frozen=True, slots=True)
class _File:
    raw: bytes
    packed: bytes | None
    type: str
    etag: str


class Shelf:
    """Reads the folder once. `hash` changes when any file does."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else []
        self._files = {path.relative_to(folder).as_posix(): _load(path) for path in paths}
        total = hashlib.sha256()
        for name, file in self._files.items():
            total.update(f"{name} {file.etag}\n".encode())
        self.hash = total.hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of a file; KeyError when there is none, so a wrong name shows in the first test."""
        if name not in self._files:
            raise KeyError(name)
        return f"/static/v-{self.hash}/{name}"

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def text(self, name: str) -> str:
        """A file's text."""
        return self._files[name].raw.decode()

    def answer(self, name: str, request: Request) -> Response | None:
        """The file, packed where the browser takes it; None when there is none."""
        match = _VERSIONED.fullmatch(name)
        keep = _FOR_EVER if match and match["hash"] == self.hash else _ASK
        file = self._files.get(match["name"] if match else name)
        if file is None:
            return None
        packed = file.packed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
        response = Response(file.packed if packed else file.raw, content_type=file.type)
        response.headers["Cache-Control"] = keep
        response.headers["Vary"] = "Accept-Encoding"
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.set_etag(file.etag + ("-gz" if packed else ""))
        response.make_conditional(request)
        return response


def _load(path: Path) -> _File:
    raw = path.read_bytes()
    type_ = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if type_.startswith("text/") or type_ == "application/json":
        type_ += "; charset=utf-8"
    text = path.suffix in _TEXT and len(raw) > _SMALL
    return _File(raw, gzip.compress(raw, 9, mtime=0) if text else None, type_, hashlib.sha256(raw).hexdigest()[:20])
