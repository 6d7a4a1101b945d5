"""The read door: names and values are those of the person's view, pages come whole and once."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.model.change import Actor, Read
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import COUNTER, GUEST, KEEPER, SELLER, depot, order
from tests.world import World

pytestmark = ON_BOTH

NUMBERS = 25
SORTABLE = (
    "no", "store", "phone", "amount", "pieces", "weight", "paid", "due", "paid_at", "kind", "customer", "note", "twice",
    "level", "lines", "status", "waiting", "created_at", "done_at", "version", "id",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Orders with ties and gaps in every field. Nothing here changes them."""
    world = depot(tmp_path_factory.mktemp("read"))
    customers = [world.create("customers", name=f"客{n}", phone=f"1370000000{n}", level=n or None).id for n in range(3)]
    for n in range(NUMBERS):
        values: dict[str, Any] = {
            "store": ("s1", "s2", None)[n % 3],
            "phone": (f"1380000{n % 4:04d}", None)[n % 5 == 0],
            "amount": (None, "0.50", "-3.00", "310.00", "99.99")[n % 5],
            "pieces": (None, 0, 7, -2)[n % 4],
            "weight": (None, "0.125", "12.5")[n % 3],
            "paid": (None, True, False)[n % 3],
            "due": (None, "2026-12-01", "2025-01-31")[n % 3],
            "paid_at": (None, "2026-11-20T01:00:00Z", "2026-11-20T01:00:00.000001Z")[n % 3],
            "kind": (None, "big", "small")[n % 3],
            "customer": (None, *customers)[n % 4],
            "note": (None, "100%_满", "王 Wang", "a\\b/c")[n % 4],
            "cost": "12345.67",
        }
        id = order(world, *("x" for _ in range(n % 3)), **values)
        if n % 4 == 0:
            world.move("orders", id, "finish")
        world.clock.forward(seconds=n % 2)
    yield world
    world.runtime.database.close()


def read(world: World, who: Actor, **options: Any) -> list[dict[str, Any]]:
    return world.list("orders", who, **options)


def ids(records: list[dict[str, Any]]) -> list[str]:
    return [record["id"] for record in records]


def refusal(world: World, who: Actor, **options: Any) -> Problem:
    with pytest.raises(Problem) as problem:
        read(world, who, **options)
    return problem.value


@pytest.mark.parametrize("name", SORTABLE)
@pytest.mark.parametrize("down", ["", "-"])
def test_pages_bring_every_record_once_in_order(world: World, name: str, down: str) -> None:
    whole = ids(read(world, KEEPER, sort=(down + name,), limit=500))
    assert len(set(whole)) == NUMBERS
    assert paged(world, KEEPER, (down + name,), 4) == whole


def paged(world: World, who: Actor, sort: tuple[str, ...], limit: int, tick: float = 0) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        page = world.runtime.records(Read(world.app, "orders", sort=sort, limit=limit, cursor=cursor), who)
        found += ids(list(page.records))
        if page.cursor is None or len(found) > 2 * NUMBERS:
            return found
        cursor = page.cursor
        world.clock.forward(seconds=tick)


def test_pages_of_several_fields_and_of_masks(world: World) -> None:
    for sort in (("store", "-amount"), ("-paid", "kind", "-no"), ("phone", "-cost")):
        for who in (KEEPER, SELLER):
            allowed = [s for s in sort if who is KEEPER or s.lstrip("-") in ("store", "amount", "no", "phone", "cost")]
            whole = ids(read(world, who, sort=tuple(allowed), limit=500))
            assert paged(world, who, tuple(allowed), 3) == whole


def test_pages_by_waiting_stand_though_the_clock_goes_on(world: World) -> None:
    before = world.clock.now
    whole = ids(read(world, KEEPER, sort=("waiting",), limit=500))
    assert paged(world, KEEPER, ("waiting",), 4, tick=1) == whole
    assert paged(world, KEEPER, ("-waiting",), 4, tick=1) == ids(read(world, KEEPER, sort=("-waiting",), limit=500))
    world.clock.now = before


def test_empty_stands_first_going_up_and_last_going_down(world: World) -> None:
    up = [r["values"]["amount"] for r in read(world, KEEPER, sort=("amount",))]
    down = [r["values"]["amount"] for r in read(world, KEEPER, sort=("-amount",))]
    assert up == [None] * 5 + ["-3.00"] * 5 + ["0.50"] * 5 + ["99.99"] * 5 + ["310.00"] * 5
    assert down == up[::-1]


def test_a_hidden_field_answers_like_an_unknown_name(world: World) -> None:
    for question in ("where={} > 1", "where=empty({})", "where=count(orders, {} > 1) > 0", "sort={}", "sort=-{}", "fields={}"):
        key, _, text = question.partition("=")
        answers = []
        for name in ("pieces", "qqqqqq"):
            given = text.format(name)
            problem = refusal(world, SELLER, **{key: given if key == "where" else (given,)})
            said = repr((problem.status, problem.code, problem.title, problem.detail, problem.errors, problem.facts))
            answers.append(said.replace(name, "qqqqqq"))
        assert answers[0] == answers[1]
        assert "400" in answers[0]


def test_a_hidden_table_answers_like_an_unknown_one(world: World) -> None:
    for table in ("orders", "nonsense"):
        with pytest.raises(Problem) as problem:
            world.runtime.records(Read(world.app, table), GUEST)
        assert (problem.value.status, problem.value.facts) == (404, {})


def test_filters_see_what_the_person_sees(world: World) -> None:
    masks = read(world, SELLER, where="phone == '138****0001'")
    assert masks
    assert {r["values"]["phone"] for r in masks} == {"138****0001"}
    shown = read(world, SELLER, where="amount > 0")
    assert {r["values"]["amount"] for r in shown} <= {"0.50", "99.99", "310.00"}
    assert all(world.raw("orders", r["id"])["paid"] for r in shown)
    assert len(read(world, SELLER)) == len([r for r in world.all("orders") if r["store"] == "s1"])
    assert read(world, SELLER, where="cost == '****'") != [], "a mask is text"
    assert {r["values"]["cost"] for r in read(world, SELLER)} == {"****"}


@pytest.mark.parametrize(
    "where", ["amount >", "1", "amount == 'x'", "status = 'open'", "user.store == 's1'", "(" * 200, "x" * 3000]
)
def test_a_filter_that_is_none_is_the_askers_fault_and_says_where(world: World, where: str) -> None:
    problem = refusal(world, KEEPER, where=where)
    assert problem.status == 400
    assert problem.errors[0].path == "where"
    assert "Column" in problem.errors[0].message.en


def cursor_of(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("sort", "cursor"),
    [
        ("amount", "nonsense!"),
        ("amount", "王"),
        ("amount", base64.urlsafe_b64encode(b"[" * 5000).decode()),
        ("amount", cursor_of()),
        ("amount", cursor_of(1, 2)),
        ("amount", cursor_of(["amount", False])),
        ("amount", cursor_of(["pieces", False, 1], ["id", False, "x"])),
        ("amount", cursor_of(["amount", False, {"a": 1}], ["id", False, "x"])),
        ("amount", cursor_of(["amount", False, "NaN"], ["id", False, "x"])),
        ("amount", cursor_of(["amount", False, "1.234"], ["id", False, "x"])),
        ("amount", cursor_of(["amount", False, "9" * 40], ["id", False, "x"])),
        ("pieces", cursor_of(["pieces", False, 10**30], ["id", False, "x"])),
        ("pieces", cursor_of(["pieces", False, "x"], ["id", False, "x"])),
        ("created_at", cursor_of(["created_at", False, 5], ["id", False, "x"])),
        ("created_at", cursor_of(["created_at", False, "2026-11-22T00:00:00"], ["id", False, "x"])),
        ("due", cursor_of(["due", False, True], ["id", False, "x"])),
        ("waiting", cursor_of(["waiting", False, "1e400"], ["id", False, "x"])),
        ("note", cursor_of(["note", False, "\ud800"], ["id", False, "x"])),
        ("note", cursor_of(["note", False, 10**30], ["id", False, "x"])),
    ],
)
def test_a_cursor_that_did_not_come_from_here(world: World, sort: str, cursor: str) -> None:
    problem = refusal(world, KEEPER, sort=(sort,), cursor=cursor)
    assert problem.status == 400
    assert problem.code in ("bad_cursor", "invalid")


def test_a_cursor_belongs_to_its_sort(world: World) -> None:
    page = world.runtime.records(Read(world.app, "orders", sort=("amount",), limit=2), KEEPER)
    for sort in (("-amount",), ("pieces",), ()):
        assert refusal(world, KEEPER, sort=sort, cursor=page.cursor).status == 400


@pytest.mark.parametrize(("limit", "given"), [(-5, 1), (0, 1), (1, 1), (7, 7), (10**9, NUMBERS)])
def test_limits(world: World, limit: int, given: int) -> None:
    assert len(read(world, KEEPER, limit=limit)) == given


def test_count_is_of_all_that_match_in_sight(world: World) -> None:
    page = world.runtime.records(Read(world.app, "orders", where="status == 'done'", limit=2, count=True), KEEPER)
    assert (len(page.records), page.count) == (2, 7)
    seen = world.runtime.records(Read(world.app, "orders", limit=1, count=True), SELLER)
    assert seen.count == 9
    assert world.runtime.records(Read(world.app, "orders", limit=1), SELLER).count is None


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("100%", {"100%_满"}),
        ("%_", {"100%_满"}),
        ("_", {"100%_满"}),
        ("满", {"100%_满"}),
        ("wANG", {"王 Wang"}),
        ("  王 ", {"王 Wang"}),
        ("\\", {"a\\b/c"}),
        ("/", {"a\\b/c"}),
        ("%%", set()),
        ("nothing", set()),
    ],
)
def test_search_takes_signs_for_themselves(world: World, text: str, notes: set[str]) -> None:
    assert {r["values"]["note"] for r in read(world, KEEPER, search=text)} == notes


def test_search_reaches_what_a_link_shows_and_nothing_hidden(world: World) -> None:
    assert {r["titles"]["customer"] for r in read(world, KEEPER, search="客1")} == {"客1"}
    assert read(world, SELLER, search="客1") == [], "the seller does not see names"
    assert read(world, COUNTER, search="王") == [], "the counter does not see notes"
    assert read(world, SELLER, search="8000") == [], "part of a masked number"
    assert read(world, KEEPER, search="8000") != []
    assert len(read(world, KEEPER, search="   ")) == NUMBERS


def test_titles_of_links_come_through_the_target_s_permissions(world: World) -> None:
    linked = [r for r in read(world, KEEPER) if r["values"]["customer"]]
    assert {r["titles"]["customer"] for r in linked} == {"客0", "客1", "客2"}
    for who, titles in ((SELLER, {"137****0000", "137****0001", "137****0002"}), (COUNTER, set())):
        seen = [r for r in read(world, who) if r["values"]["customer"]]
        assert {t for r in seen for t in r["titles"].values()} == titles
        assert seen


def test_only_the_fields_asked_for(world: World) -> None:
    (record,) = read(world, KEEPER, fields=("no", "created_by"), limit=1)
    assert set(record["values"]) == {"no", "created_by"}


def test_one_record_out_of_sight_is_missing(world: World) -> None:
    (foreign, *_) = [r["id"] for r in world.all("orders") if r["store"] == "s2"]
    for id in (foreign, "nothing", ""):
        with pytest.raises(Problem) as problem:
            world.get("orders", id, SELLER)
        assert problem.value.status == 404


def test_forms_of_values(world: World) -> None:
    record = next(r for r in read(world, KEEPER) if r["values"]["paid_at"] and r["values"]["amount"] == "310.00")
    values = record["values"]
    assert values["twice"] == "620.00"
    assert values["paid_at"].startswith("2026-11-20T01:00:00")
    assert values["paid_at"].endswith("Z")
    assert isinstance(values["waiting"], float)
    english = replace(KEEPER, locale="en")
    assert world.get("orders", record["id"], english)["moves"] in ([], [{**record["moves"][0], "title": "Finish"}])
    assert timedelta(seconds=values["waiting"]) >= timedelta(0)
