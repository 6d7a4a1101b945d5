"""The bytes of attached files: one folder, random names, nothing of what people called them. A file is there whole or not at
all: written aside, brought to the disk, then given its name.

Beside the original `ID` stand what was made of a picture: `ID.show` (drawn anew, without what the camera wrote into it) and
`ID.small`."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

ORIGINAL, SHOW, SMALL = "", ".show", ".small"
_AT_ONCE = 256 * 1024
_NAME = re.compile(r"([a-z0-9]{26})(\.show|\.small)?")
_ASIDE = "incoming"


class TooLarge(Exception):
    """More bytes than the bound."""


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that lie aside, on the disk already."""

    path: Path
    size: int
    sha256: str


class Blobs:
    """`folder` is made when the first file comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def receive(self, most: int) -> Iterator[Incoming]:
        """A place for bytes that are coming, at most so many; whatever is not kept in the block is removed."""
        aside = self.folder / _ASIDE
        aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        incoming = Incoming(aside / secrets.token_hex(16), most)
        try:
            yield incoming
        finally:
            incoming.discard()

    def keep(self, id: str, parts: dict[str, Path]) -> None:
        """Give what lies aside its name. After this it survives a power cut."""
        folder = self._folder(id)
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _settle(self.folder)
        for part, path in parts.items():
            os.replace(path, folder / (id + part))
        _settle(folder)

    def path(self, id: str, part: str = ORIGINAL) -> Path:
        """Where the bytes are."""
        return self._folder(id) / (id + part)

    @staticmethod
    def named(name: str) -> tuple[str, str] | None:
        """The id and the part of what is called like a file of ours."""
        match = _NAME.fullmatch(name)
        return (match[1], match[2] or ORIGINAL) if match else None

    def remove(self, ids: Iterable[str]) -> None:
        """Remove the bytes, and what was made of them."""
        for id in ids:
            for part in (SMALL, SHOW, ORIGINAL):
                with suppress(FileNotFoundError):
                    self.path(id, part).unlink()

    def stray(self, older_than: float) -> Iterator[list[str]]:
        """Ids of what lies here and was written before that moment (seconds since 1970), a folder at a time. What came in and
        was never kept is removed on the way."""
        for path in _entries(self.folder / _ASIDE):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < older_than:
                    path.unlink()
        for folder in _entries(self.folder):
            if folder.is_dir() and folder.name != _ASIDE:
                yield sorted({id for path in _entries(folder) if (id := _old_id(path, older_than))})

    def _folder(self, id: str) -> Path:
        if not _NAME.fullmatch(id):
            raise ValueError(f"not the id of a file: {id!r}")
        return self.folder / id[-2:]


class Incoming:
    """A file that is being written."""

    def __init__(self, path: Path, most: int) -> None:
        self._path, self._most = path, most
        self._hash = hashlib.sha256()
        self._size = 0
        self._file: BinaryIO | None = None
        self._others: list[Path] = []

    def write(self, data: bytes) -> int:
        """Add bytes. Raises TooLarge past the bound."""
        self._size += len(data)
        if self._size > self._most:
            raise TooLarge
        if self._file is None:
            self._file = self._path.open("wb")
        self._hash.update(data)
        return self._file.write(data)

    def copy(self, source: IO[bytes]) -> None:
        """Add all of a stream."""
        while data := source.read(_AT_ONCE):
            self.write(data)

    def done(self) -> Received:
        """All is written and on the disk."""
        if self._file is None:
            self._file = self._path.open("wb")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return Received(self._path, self._size, self._hash.hexdigest())

    def beside(self, data: bytes) -> Path:
        """Another piece that belongs to it, on the disk too."""
        path = self._path.with_name(f"{self._path.name}-{len(self._others)}")
        self._others.append(path)
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return path

    def discard(self) -> None:
        """Remove what was not kept."""
        if self._file is not None:
            self._file.close()
        for path in (self._path, *self._others):
            with suppress(FileNotFoundError):
                path.unlink()


def _settle(folder: Path) -> None:
    """Names in a folder survive a power cut only when the folder itself is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []


def _old_id(path: Path, older_than: float) -> str | None:
    match = _NAME.fullmatch(path.name)
    with suppress(FileNotFoundError):
        if match and path.stat().st_mtime < min(older_than, time.time()):
            return match[1]
    return None
