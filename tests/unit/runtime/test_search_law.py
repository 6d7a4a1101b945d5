"""A search finds exactly the records with the text in something that the actor sees, whether the index tells which they can be,
tells nothing (they are too many) or is not there yet. The oracle reads what the actor is shown, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from engine.language import letters
from engine.model.change import Actor
from engine.model.problem import Problem
from engine.runtime import search
from engine.storage.search_index import search_indexes
from tests.databases import ON_BOTH
from tests.unit.runtime import depot
from tests.unit.runtime.depot import COUNTER, KEEPER
from tests.world import World, actor

pytestmark = ON_BOTH

WATCHER, WALKER = actor("watcher", store="s1", name="看守"), actor("watcher", "counter", store="s2", name="走动")
_NAMES = ("王伟", "李娜", "Straße 12", "ΣΊΣΥΦΟΣ", "100%_x", "a*b", 'say "hi"', "İstanbul", "Anna-Lena", "A-1024")
_ROLE = """
permissions:
  watcher:
    orders:
      records: "store == user.store or empty(store)"
      read: {no: true, note: "paid", phone: "amount < 50", store: true, customer: true, items: true}
    customers: {read: {name: "level > 1"}}
    items: {records: "order.store == user.store", read: {order: true, name: true}}
"""
SEARCHES = (
    *(
        "王伟",
        "王",
        "娜",
        "伟李",
        "straße",
        "STRASSE",
        "σίσυφος",
        "σ",
        "100%",
        "%",
        "_x",
        "*",
        "a*b",
        '"',
        '"hi"',
        "i̇st",
        "ist",
    ),
    *(
        "anna-lena",
        "Lena",
        "-",
        "1024",
        "a-1",
        "N0003",
        "n00",
        "s1",
        "138",
        "1380",
        "38000",
        "0001",
        " ",
        "王 伟",
        "gold",
        "箱",
        "箱子",
    ),
    *("138-0000", "+86 138 0000", "１３８０", "(138)", "86 13800001234", "OR", "NOT", "c0", "NEAR(", "' OR 1=1", "\\", "/"),
)


@pytest.fixture(scope="module")
def world(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    role = ("  guest: {title: {zh: 访客, en: Guest}}", "  guest: {title: {zh: 访客, en: Guest}}\n  watcher: {title: W}")
    grants = ("permissions:\n", _ROLE.lstrip("\n"))
    world = depot.depot(tmp_path_factory.mktemp("law"), role, grants)
    random = Random(7)
    customers = [world.create("customers", name=name, level=random.randrange(4)).id for name in _NAMES]
    for number in range(60):
        phone = f"138{random.randrange(4):04d}{random.randrange(10_000):04d}" if random.random() < 0.7 else None
        given: dict[str, Any] = {"note": random.choice((None, *_NAMES)), "phone": phone, "amount": str(random.randrange(100))}
        given |= {"store": random.choice((None, "s1", "s2")), "paid": random.random() < 0.5}
        given |= {"customer": random.choice((None, *customers))}
        depot.order(world, *random.sample(("箱子", "王伟的箱", "gold", "Tür"), number % 3), **given)
    yield world
    world.runtime.database.close()


def shown_texts(world: World, who: Actor) -> dict[str, list[str]]:
    """Order → every text that the actor is shown of it, of its customer and of what it is linked with."""
    orders = {record["id"]: record["values"] for record in world.list("orders", who, limit=500)}
    names = {}
    if who is not COUNTER:
        names = {r["id"]: r["values"].get("name") for r in world.list("customers", who, limit=500)}
    texts = {id: [values.get(name) for name in ("no", "store", "note")] for id, values in orders.items()}
    for id, values in orders.items():
        texts[id].append(values.get("phone") if who is not COUNTER and who is not WALKER else None)
        texts[id].append(names.get(values.get("customer")))
    return {id: [letters.lower(text) for text in found if text] for id, found in texts.items()}


def expected(world: World, who: Actor, typed: str) -> set[str]:
    wanted = letters.lower(typed.strip())
    digits = "".join(
        c for c in typed.translate({ord("１"): "1", ord("３"): "3", ord("８"): "8", ord("０"): "0"}) if c.isdigit()
    )
    number = bool(digits) and not any(c.isalpha() or c in "%_*\"/\\'=" for c in typed)
    found = set()
    for id, texts in shown_texts(world, who).items():
        phones = [text for text in texts if text.isdigit() and len(text) == 11]
        others = [text for text in texts if text not in phones]
        home = digits.removeprefix("86") if len(digits) > 4 else digits
        if any(wanted in text for text in others) or (number and any(home in phone for phone in phones)):
            found.add(id)
        if not number and any(wanted in phone for phone in phones):
            found.add(id)
    return found


def found(world: World, who: Actor, typed: str) -> set[str]:
    records = world.list("orders", who, search=typed, limit=500, sort=("no",))
    assert len(records) == len({record["id"] for record in records})
    return {record["id"] for record in records}


@pytest.mark.parametrize("who", [KEEPER, COUNTER, WATCHER, WALKER], ids=lambda who: who.name)
def test_what_is_found_is_what_is_seen(world: World, who: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    for typed in SEARCHES:
        if not typed.strip():
            continue
        told = found(world, who, typed)
        assert told == expected(world, who, typed), typed
        with monkeypatch.context() as patch:
            patch.setattr(search, "MOST", 1)
            assert found(world, who, typed) == told, typed


def test_an_index_that_is_not_there_changes_no_answer(world: World) -> None:
    told = {typed: found(world, WATCHER, typed) for typed in SEARCHES if typed.strip()}
    assert any(told.values())
    with world.runtime.database.write() as connection:
        connection.execute(search_indexes.update().values(filled=False))
    try:
        assert {typed: found(world, WATCHER, typed) for typed in told} == told
    finally:
        with world.runtime.database.write() as connection:
            connection.execute(search_indexes.update().values(filled=True))


@pytest.mark.parametrize("typed", ["\x00", "a\x00b", "\ud800", "a\x07"])
def test_what_no_text_can_hold_is_refused_with_its_place(world: World, typed: str) -> None:
    with pytest.raises(Problem) as caught:
        world.list("orders", KEEPER, search=typed)
    assert (caught.value.status, caught.value.errors[0].path) == (400, "search")


def test_a_number_is_found_however_it_is_written(world: World) -> None:
    id = depot.order(world, phone="+86 139-7777 4321", store="s9")
    for typed in (
        "13977774321",
        "139 7777 4321",
        "139-7777-4321",
        "+86 139 7777",
        "+8613977774321",
        "8613977774321",
        "4321",
        "77 77",
    ):
        assert id in found(world, KEEPER, typed), typed
    abroad = depot.order(world, phone="+1 (202) 555-0188", store="s9")
    for typed in ("202-555", "+1 202", "12025550188", "0188"):
        assert abroad in found(world, KEEPER, typed), typed


def test_what_was_changed_is_found_by_its_new_text_only(world: World) -> None:
    id = depot.order(world, note="黄铜阀门", store="s9")
    assert found(world, KEEPER, "铜阀门") == {id}
    world.change("orders", id, note="白铁水管")
    assert found(world, KEEPER, "铜阀门") == set()
    assert found(world, KEEPER, "铁水管") == {id}
