"""Backups and restores that go wrong: refused in words, and what was there before is there still."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select

from engine.model.problem import Problem
from engine.people.schema import users
from engine.runtime import exchange
from engine.runtime.restore import Stocked, fill
from engine.storage import archive as archives
from engine.storage.archive import ArchiveReader
from tests.databases import ON_BOTH, database_url
from tests.unit.runtime.restoring import contents, filler, restore, rich
from tests.world import World

pytestmark = ON_BOTH


def tampered(path: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """Write the zip anew, as somebody who changes something in it would."""
    with zipfile.ZipFile(path) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in members.items():
            changed = change(name, data)
            if changed is not None:
                packed.writestr(name, changed)


def test_a_backup_that_is_not_whole_and_unchanged_is_refused_and_nothing_happens(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    world.runtime.back_up(tmp_path / "b.zip")
    good = (tmp_path / "b.zip").read_bytes()
    changes: dict[str, Callable[[str, bytes], bytes | None]] = {
        "a row": lambda name, data: data.replace(b"changed", b"forged!") if name.startswith("tables/") else data,
        "a row less": lambda name, data: data[: data.rfind(b"\n", 0, -1) + 1] if name == "tables/journal" else data,
        "a member less": lambda name, data: None if name == "tables/users" else data,
        "no manifest": lambda name, data: None if name == "manifest.json" else data,
        "newer": lambda name, data: data.replace(b'"version": 1', b'"version": 2') if name == "manifest.json" else data,
        "foreign": lambda name, data: data.replace(b"dajian-backup", b"other-backup!") if name == "manifest.json" else data,
        "garbage": lambda name, data: b"[" * 100_000 if name == "manifest.json" else data,
    }
    for what, change in changes.items():
        (tmp_path / "b.zip").write_bytes(good)
        tampered(tmp_path / "b.zip", change)
        refused(world, tmp_path, what)
    for what, data in (("cut", good[: len(good) // 2]), ("empty", b""), ("other", b"%PDF-1.4"), ("bit", flipped(good))):
        (tmp_path / "b.zip").write_bytes(data)
        refused(world, tmp_path, what)
    (tmp_path / "b.zip").unlink()
    refused(world, tmp_path, "missing")


def flipped(data: bytes) -> bytes:
    middle = len(data) // 3
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def refused(world: World, folder: Path, what: str) -> None:
    with pytest.raises(Problem) as caught:
        restore(world, folder / "b.zip", folder / "new")
    assert (caught.value.status, caught.value.code) == (422, "bad_backup"), what
    assert not exchange.is_taken(database_url(folder / "new")), what


def test_rows_that_agree_with_their_checksums_and_not_with_the_tables_are_refused_before_anything_is_replaced(
    tmp_path: Path,
) -> None:
    world = rich(tmp_path / "old")
    world.runtime.back_up(tmp_path / "b.zip")

    def forge(name: str, data: bytes) -> bytes:
        return data.replace(b'"columns": [\n    "id"', b'"columns": [\n    "unheard_of"') if name == "manifest.json" else data

    def of_later(name: str, data: bytes) -> bytes:
        return data.replace(b'"name": "journal"', b'"name": "journal_of_later"') if name == "manifest.json" else data

    good = (tmp_path / "b.zip").read_bytes()
    for what, change in (("columns", forge), ("tables", of_later)):
        (tmp_path / "b.zip").write_bytes(good)
        tampered(tmp_path / "b.zip", change)
        refused(world, tmp_path, what)


def test_a_full_disk_leaves_no_half_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = rich(tmp_path / "old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archives.os, "fsync", full)
    with pytest.raises(Problem, match="disk is full"):
        world.runtime.back_up(tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_a_restore_over_a_house_that_is_in_use_is_refused(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    world.runtime.back_up(tmp_path / "b.zip")
    url = database_url(tmp_path / "old")
    assert exchange.is_taken(url)
    with world.runtime.database.read() as connection, ArchiveReader(tmp_path / "b.zip") as archive:
        connection.execute(select(users))
        with pytest.raises(Problem, match="in_use"):
            exchange.replace(url, filler(world, archive))
    world.create("orders", channel="douyin", store="s1", remark="still the old one")


def test_a_restore_that_breaks_off_leaves_the_old_house(tmp_path: Path) -> None:
    world = rich(tmp_path / "old")
    world.runtime.back_up(tmp_path / "b.zip")
    world.create("orders", channel="douyin", store="s1", remark="later")
    rows = contents(world)
    world.runtime.database.close()

    def cut(connection: Connection) -> Stocked:
        with ArchiveReader(tmp_path / "b.zip") as archive:
            fill(connection, archive, world.runtime.core.registry, world.runtime.core.catalogue)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exchange.replace(database_url(tmp_path / "old"), cut)
    assert contents(world) == rows


def sealed(path: Path, good: bytes, change: Callable[[dict[str, Any], dict[str, bytes]], object]) -> None:
    """Change manifest or members and make every checksum agree, as somebody would who wants it to be taken."""
    with zipfile.ZipFile(io.BytesIO(good)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(manifest, members)
    if isinstance(manifest.get("members"), dict):
        manifest["members"] |= {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in {**members, "manifest.json": json.dumps(manifest).encode()}.items():
            packed.writestr(name, data)


def users_are(value: bytes) -> Callable[[dict[str, Any], dict[str, bytes]], object]:
    """One user, whose every value is this."""

    def change(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
        told = next(table for table in manifest["tables"] if table["name"] == "users")
        members["tables/users"] = b"[" + b",".join([value] * len(told["columns"])) + b"]\n"
        told["rows"] = 1
        told["sum"] = f"{int.from_bytes(hashlib.sha256(members['tables/users']).digest(), 'big'):064x}"

    return change


FORGED: dict[str, Callable[[dict[str, Any], dict[str, bytes]], object]] = {
    "no members": lambda manifest, members: manifest.pop("members"),
    "members in a list": lambda manifest, members: manifest.update(members=[1]),
    "no tables": lambda manifest, members: manifest.pop("tables"),
    "tables that are none": lambda manifest, members: manifest.update(tables=[1]),
    "gone in a number": lambda manifest, members: manifest.update(gone=5),
    "gone in lists": lambda manifest, members: manifest.update(gone=[[1]]),
    "forms in numbers": lambda manifest, members: [table.update(forms={"id": 5}) for table in manifest["tables"]],
    "the engine's tables as an app's": lambda manifest, members: [table.update(of="app") for table in manifest["tables"]],
    "a path upwards": lambda manifest, members: members.update({"files/../../../evil": b"x"}),
    "a path in a part": lambda manifest, members: members.update({f"files/{'0' * 26}./../../evil": b"x"}),
    "a part that is none": lambda manifest, members: members.update({f"files/{'0' * 26}.sh": b"x"}),
    "no number": users_are(b'{"decimal":"x"}'),
    "a span for ever": users_are(b'{"span":1e400}'),
    "a long span": users_are(b'{"span":' + b"9" * 40 + b"}"),
    "objects": users_are(b'{"json":{}}'),
    "nothing": users_are(b"null"),
    "empty": users_are(b"{}"),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_forged_with_its_checksums_is_refused_in_words(
    tmp_path: Path, forgeable: tuple[World, bytes], name: str
) -> None:
    world, good = forgeable
    sealed(tmp_path / "b.zip", good, FORGED[name])
    refused(world, tmp_path, name)
    assert not list(tmp_path.rglob("*evil*"))


@pytest.fixture(scope="module")
def forgeable(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, bytes]]:
    folder = tmp_path_factory.mktemp("forged")
    world = rich(folder / "old")
    world.runtime.back_up(folder / "b.zip")
    yield world, (folder / "b.zip").read_bytes()
    world.runtime.database.close()


def test_damage_anywhere_in_the_file_is_told_in_words(tmp_path: Path, forgeable: tuple[World, bytes]) -> None:
    _, good = forgeable
    random = Random(5)
    for _ in range(300):
        damaged = bytearray(good)
        for _ in range(random.randint(1, 4)):
            # The list of members at the end is where a reader of zips decides what is in it.
            damaged[random.randrange(len(good) - 5_000 if random.random() < 0.8 else 0, len(good))] = random.randrange(256)
        (tmp_path / "b.zip").write_bytes(damaged)
        with suppress(Problem), ArchiveReader(tmp_path / "b.zip") as archive:
            archive.verify()
