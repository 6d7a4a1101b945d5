"""The one file of a backup: a zip with a line of text for each row of each table, the bytes of attached files, and last a
manifest that says what must be in it, with checksums. Any program can open it; only a whole and unchanged one is restored."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from engine.model.problem import Problem
from engine.model.text import Text

FORMAT = "dajian-backup"
VERSION = 1
MANIFEST = "manifest.json"
_AT_ONCE = 256 * 1024
_LONGEST_MANIFEST = 512 * 1024 * 1024
# A row holds texts of some thousand characters; a longer line is no row of ours.
_LONGEST_LINE = 64 * 1024 * 1024

# What a reader of zips raises for a broken one; RuntimeError is also for locks and packings that it does not know.
_BROKEN = (KeyError, ValueError, RuntimeError, zlib.error, struct.error, zipfile.BadZipFile, OSError, EOFError)


class ArchiveWriter:
    """Writes beside the wanted place and moves there when all is on the disk: the file is there whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._aside = path.with_name(f"{path.name}.part")
        self._members: dict[str, str] = {}
        with _disk(path):
            self._file = self._aside.open("wb")
        self._zip = zipfile.ZipFile(self._file, "w", allowZip64=True)

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._file.closed:
            # A zip that is closed writes its list of members: this one must not look whole.
            self._file.close()
        with suppress(FileNotFoundError):
            self._aside.unlink()

    @contextmanager
    def member(self, name: str, *, packed: bool = True) -> Iterator[Member]:
        """One piece, to be written in the block."""
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        with _disk(self._path), self._zip.open(info, "w", force_zip64=True) as file:
            member = Member(file)
            yield member
        self._members[name] = member.digest()

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Say what it holds, bring it to the disk and give it its name."""
        told = {"format": FORMAT, "version": VERSION, **manifest, "members": self._members}
        with self.member(MANIFEST) as member:
            member.write(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode())
        with _disk(self._path):
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            os.replace(self._aside, self._path)
            _settle(self._path.parent)


class Member:
    """A piece that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self._hash.update(data)
        self._file.write(data)

    def copy(self, source: IO[bytes]) -> None:
        """Add all of a file."""
        while data := source.read(_AT_ONCE):
            self.write(data)

    def digest(self) -> str:
        """SHA-256 of what was written, in hex."""
        return self._hash.hexdigest()


class ArchiveReader:
    """Opens a backup and reads its manifest. Raises Problem 422 for what is none, or one of a newer version."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError as error:
            raise bad_backup(Text("没有这个文件", "there is no such file")) from error
        except _BROKEN as error:
            raise bad_backup(_CUT) from error
        try:
            self.manifest = self._read_manifest()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> ArchiveReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def _read_manifest(self) -> Mapping[str, Any]:
        try:
            info = self._zip.getinfo(MANIFEST)
            if info.file_size > _LONGEST_MANIFEST:
                raise bad_backup(_FOREIGN)
            manifest = json.loads(self._zip.read(info))
        except KeyError as error:
            raise bad_backup(_FOREIGN) from error
        except _BROKEN as error:
            raise bad_backup(_CHANGED.fill(name=MANIFEST)) from error
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise bad_backup(_FOREIGN)
        if manifest.get("version") != VERSION:
            raise bad_backup(_NEWER.fill(version=manifest.get("version"), ours=VERSION))
        if not _is_whole(manifest):
            raise bad_backup(_CHANGED.fill(name=MANIFEST))
        return manifest

    def verify(self) -> None:
        """Read all of it and compare with the manifest. Raises Problem 422 naming the first piece that is not as written."""
        members: Mapping[str, str] = self.manifest["members"]
        present = set(self._zip.namelist()) - {MANIFEST}
        for name in sorted(present ^ members.keys()):
            raise bad_backup(_CHANGED.fill(name=name))
        for name, digest in members.items():
            found = hashlib.sha256()
            for data in self.pieces(name):
                found.update(data)
            if found.hexdigest() != digest:
                raise bad_backup(_CHANGED.fill(name=name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """A member in pieces."""
        try:
            with self._zip.open(name) as file:
                while data := file.read(_AT_ONCE):
                    yield data
        except _BROKEN as error:
            raise bad_backup(_CHANGED.fill(name=name)) from error

    def lines(self, name: str) -> Iterator[bytes]:
        """A member line by line, breaks included."""
        rest = b""
        for data in self.pieces(name):
            *whole, rest = (rest + data).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                raise bad_backup(_CHANGED.fill(name=name))
            yield from (line + b"\n" for line in whole)
        if rest:
            raise bad_backup(_CHANGED.fill(name=name))

    def names(self, folder: str) -> Iterable[str]:
        """Members in a folder."""
        return [name for name in self.manifest["members"] if name.startswith(folder)]


def _is_whole(manifest: Mapping[str, Any]) -> bool:
    """Has the manifest all that a restore reads of it, each of its kind?"""
    members, tables, gone = (manifest.get(name) for name in ("members", "tables", "gone"))
    return (
        _all_texts(members, dict)
        and _all_texts(gone, list)
        and isinstance(tables, list)
        and all(isinstance(table, dict) and _is_table(table) for table in tables)
    )


def _is_table(told: Mapping[str, Any]) -> bool:
    texts = _all_texts([told.get("name"), told.get("of"), told.get("sum")], list)
    return (
        texts
        and _all_texts(told.get("columns"), list)
        and _all_texts(told.get("forms"), dict)
        and type(told.get("rows")) is int
    )


def _all_texts(given: Any, kind: type[dict[str, Any]] | type[list[Any]]) -> bool:
    each = given.values() if isinstance(given, dict) else given
    return isinstance(given, kind) and all(isinstance(text, str) for text in each)


def bad_backup(why: Text) -> Problem:
    """This file cannot be restored; nothing was changed."""
    detail = Text("这个备份不能恢复：{why}。什么都没有改动", "This backup cannot be restored: {why}. Nothing was changed")
    return Problem(422, "bad_backup", Text("备份不能用", "The backup is of no use"), detail.fill(why=why))


_CUT = Text("不是备份文件，或者没有写完整（被截断）", "it is no backup, or was not written to its end")
_FOREIGN = Text("是别的程序的文件，不是搭建的备份", "it is a file of another program and no backup of Dajian")
_CHANGED = Text("里面的 {name} 和备份时不一样", "{name} in it is not as it was written")
_NEWER = Text(
    "它的版本是 {version}，这里只认 {ours}；请用更新的搭建恢复",
    "it is of version {version} and this Dajian knows {ours}: use a newer one",
)


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    """What a disk refuses, in words."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = Text("磁盘满了", "the disk is full") if full else Text.of(error.strerror or str(error))
        detail = Text("写不了 {path}：{why}", "Cannot write {path}: {why}").fill(path=path, why=why)
        raise Problem(507, "no_room", Text("备份没有做成", "The backup was not made"), detail) from error


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
