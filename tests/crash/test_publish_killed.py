"""kill -9 at every commit of a publish: afterwards the old definition runs or the new one, whole, with every value; people
write on; and publishing again finishes it. On SQLite and on PostgreSQL, with a real process each time."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.catalogue import load as load_catalogue
from engine.kinds.registry import Registry
from engine.model.change import Write
from engine.runtime.core import Core
from engine.runtime.runtime import Runtime
from engine.storage.database import Database
from engine.storage.migrate import Pace
from tests.crash.forked import forked
from tests.databases import ON_BOTH, database_url
from tests.unit.runtime.depot import KEEPER, files
from tests.unit.runtime.reshaping import PIECES
from tests.world import OWNER, Clock

pytestmark = ON_BOTH
APP = "depot"
RECORDS = 12
MOST_STEPS = 60
# All at once: another type, another formula, a new key, a new index, a field less, another name.
CHANGES = (
    (PIECES, "      pieces: {type: money}\n"),
    ('value: "amount * 2"', 'value: "amount * 3"'),
    ("store: {type: text, title", "store: {type: text, unique: true, title"),
    ("      weight: {type: decimal, scale: 3}\n", ""),
    ("sort: [-amount]", "sort: [due]"),
    ("      due: {type: date}\n", "      due: {type: date}\n      remark: {type: long_text, was: note, title: Remark}\n"),
    ("      note: {type: long_text, title: {zh: 备注, en: Note}}\n", ""),
    ("phone, amount, note, items", "phone, amount, remark, items"),
    ("        note: true\n", "        remark: true\n"),
    ("edit: {note: true}", "edit: {remark: true}"),
)


class Killer:
    """Kills its own process at the step it was told: just before a commit, and so just after the one before."""

    def __init__(self) -> None:
        self.at: int | None = None
        self.steps = 0

    def __call__(self, step: str) -> None:
        self.steps += 1
        if self.steps == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def house(url: str, killer: Killer) -> Iterator[Runtime]:
    """The house as a process opens it."""
    database = Database(url)
    core = Core(
        database,
        zone=ZoneInfo("Asia/Shanghai"),
        catalogue=load_catalogue(),
        registry=Registry.load(),
        clock=Clock(),
        probe=killer,
    )
    core.pace = Pace(small=2, first=5, fewest=5)
    core.prepare()
    try:
        yield Runtime(core)
    finally:
        database.close()


def attempt(url: str, at: int | None) -> int:
    """Publish in a child process; its exit code, negative for a signal."""

    def publish() -> None:
        killer = Killer()
        with house(url, killer) as runtime:
            killer.at = at
            runtime.publish(files(*CHANGES), OWNER)

    return forked(publish)


def fill(url: str) -> None:
    with house(url, Killer()) as runtime:
        runtime.publish(files(), OWNER)
        for n in range(RECORDS):
            values = {"pieces": n, "amount": f"{n}.00", "store": f"s{n}", "weight": "1.5", "note": f"n{n}"}
            runtime.write(Write(APP, "orders", values=values), KEEPER_ALL)


KEEPER_ALL = KEEPER.__class__("system", None, "system", KEEPER.roles, KEEPER.facts, "test")


def look(runtime: Runtime) -> str:
    """`old` or `new`, and nothing of the other."""
    program = runtime.program(APP)
    table = program.tables["orders"]
    with runtime.database.read() as connection:
        records = [dict(zip(table.c.keys(), row, strict=True)) for row in connection.execute(table.select())]
    records = [record for record in records if record["pieces"] < 1000]
    assert len(records) == RECORDS
    new = program.revision > 1
    for record in records:
        n = int(record["pieces"])
        assert record["twice"] == Decimal(n) * (3 if new else 2)
        assert record["remark" if new else "note"] == f"n{n}"
        assert isinstance(record["pieces"], Decimal if new else int)
        assert record["store"] == f"s{n}"
        if not new:
            assert record["weight"] == Decimal("1.500")
    return "new" if new else "old"


def work_on(runtime: Runtime, k: int) -> None:
    """The definition that runs takes records as it says; the old one knows no key over the store."""
    for store in (f"x{k}", f"y{k}"):
        runtime.write(Write(APP, "orders", values={"pieces": 5000 + k, "store": store}), KEEPER_ALL)
    if runtime.program(APP).revision == 1:
        doubled = runtime.write(Write(APP, "orders", values={"pieces": 6000 + k, "store": f"x{k}"}), KEEPER_ALL)
        runtime.write(Write(APP, "orders", doubled.id, delete=True), KEEPER_ALL)


@pytest.mark.parametrize("part", [0, 1])
def test_a_publish_killed_at_any_commit_leaves_the_old_or_the_new(tmp_path: Path, part: int) -> None:
    seen = []
    for k in range(1 + part, MOST_STEPS, 2):
        url = database_url(tmp_path, f"{k}.db")
        fill(url)
        ended = attempt(url, k)
        with house(url, Killer()) as runtime:
            found = look(runtime)
            work_on(runtime, k)
        seen.append(found)
        assert attempt(url, None) == 0, f"not finished after step {k}"
        with house(url, Killer()) as runtime:
            assert look(runtime) == "new"
            work_on(runtime, 100 + k)
            assert {each.name for each in runtime.hidden(APP) if each.why == "dropped"} == {"weight"}
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    assert seen[0] == "old"
    assert seen[-1] == "new"
    assert seen == sorted(seen, reverse=True)
    assert len(seen) > 4
