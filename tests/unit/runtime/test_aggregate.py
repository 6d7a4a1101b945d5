"""Groups, measures and counts by value: what they say is what the person's own list adds up to."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from engine.model.change import Actor, Read
from engine.model.problem import Problem
from engine.runtime import aggregate as aggregates
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import COUNTER, GUEST, KEEPER, SELLER, depot, order
from tests.world import World

pytestmark = ON_BOTH


@pytest.fixture(scope="module")
def world(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = depot(tmp_path_factory.mktemp("aggregate"))
    customers = [world.create("customers", name=f"客{n}", phone=f"1370000000{n}", level=n).id for n in range(3)]
    for n in range(40):
        id = order(
            world,
            store=("s1", "s2", None)[n % 3],
            phone=f"1380000{n % 4:04d}",
            amount=(None, "0.50", "-3.00", "310.00", "99.99")[n % 5],
            pieces=(None, 0, 7, -2)[n % 4],
            paid=(None, True, False)[n % 3],
            kind=(None, "big", "small")[n % 3],
            customer=(None, *customers)[n % 4],
            cost=f"{n}.10",
        )
        if n % 4 == 0:
            world.move("orders", id, "finish")
        world.clock.forward(minutes=n)
    yield world
    world.runtime.database.close()


def asked(world: World, who: Actor, *measures: str, group: tuple[str, ...] = (), **more: Any) -> list[dict[str, Any]]:
    read = Read(world.app, "orders", group=group, measures=measures, **more)
    groups: list[dict[str, Any]] = world.runtime.aggregate(read, who)["groups"]
    return groups


def listed(world: World, who: Actor, *group: str, where: str | None = None) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """The person's own list, by group."""
    found = defaultdict(list)
    for record in world.list("orders", who, where=where, limit=500):
        found[tuple(record["values"][name] for name in group)].append(record["values"])
    return found


def numbers(rows: list[dict[str, Any]], name: str) -> list[Decimal]:
    return sorted(Decimal(str(row[name])) for row in rows if row[name] is not None)


@pytest.mark.parametrize("group", [(), ("status",), ("kind", "store"), ("customer",), ("paid", "status", "kind")])
@pytest.mark.parametrize("where", [None, "pieces >= 0", "store == 's1' or paid"])
def test_what_is_added_up_is_what_the_list_shows(world: World, group: tuple[str, ...], where: str | None) -> None:
    measures = (
        "count",
        "count(amount)",
        "sum(amount)",
        "min(pieces)",
        "max(amount)",
        "p50(amount)",
        "p90(pieces)",
        "p1(waiting)",
    )
    rows = listed(world, KEEPER, *group, where=where)
    found = asked(world, KEEPER, *measures, group=group, where=where)
    assert {tuple(g["values"][name] for name in group) for g in found} == set(rows)
    for each in found:
        mine = rows[tuple(each["values"][name] for name in group)]
        amounts, pieces, waiting = (numbers(mine, name) for name in ("amount", "pieces", "waiting"))
        assert each["measures"]["count"] == len(mine)
        assert each["measures"]["count(amount)"] == len(amounts)
        assert Decimal(each["measures"]["sum(amount)"]) == sum(amounts)
        assert each["measures"]["min(pieces)"] == (int(pieces[0]) if pieces else None)
        assert (each["measures"]["max(amount)"] is None) == (not amounts)
        for text, values in (("p50(amount)", amounts), ("p90(pieces)", pieces), ("p1(waiting)", waiting)):
            rank = int(text[1 : text.index("(")])
            wanted = values[math.ceil(rank * len(values) / 100) - 1] if values else None
            assert (None if each["measures"][text] is None else Decimal(str(each["measures"][text]))) == wanted, text


def test_a_mean_has_six_places(world: World) -> None:
    found = asked(world, KEEPER, "avg(amount)", "avg(pieces)", "avg(waiting)")[0]["measures"]
    amounts = numbers(listed(world, KEEPER)[()], "amount")
    assert Decimal(found["avg(amount)"]) == (sum(amounts) / len(amounts)).quantize(Decimal("0.000001"))
    assert found["avg(pieces)"] == "1.666667"
    assert found["avg(waiting)"] > 0


def test_a_mask_is_what_is_grouped_and_nothing_masked_is_added_up(world: World) -> None:
    found = asked(world, COUNTER, "count", group=("phone",))
    assert [g["values"]["phone"] for g in found] == ["138****0000", "138****0001", "138****0002", "138****0003"]
    assert [g["values"]["cost"] for g in asked(world, SELLER, "count", group=("cost",))] == ["****"]
    for measure in ("sum(cost)", "max(cost)", "p50(cost)", "avg(cost)"):
        assert refused(world, SELLER, measure) == "bad_measure"


def test_what_shows_at_times_is_added_up_where_it_shows(world: World) -> None:
    rows = listed(world, SELLER)[()]
    assert any(row["amount"] is None for row in rows)
    found = asked(world, SELLER, "count(amount)", "sum(amount)")[0]["measures"]
    assert found["count(amount)"] == len(numbers(rows, "amount"))
    assert Decimal(found["sum(amount)"]) == sum(numbers(rows, "amount"))


def refused(world: World, who: Actor, measure: str, **more: Any) -> str:
    with pytest.raises(Problem) as problem:
        asked(world, who, measure, **more)
    assert problem.value.status == 400
    return problem.value.errors[0].code


def test_a_hidden_field_is_as_unknown_as_one_that_is_not_there(world: World) -> None:
    for name in ("cost", "nonsense", "items", "flags", "phone__exact"):
        assert refused(world, COUNTER, f"sum({name})") == "unknown_field"
        assert refused(world, COUNTER, "count", group=(name,)) == "unknown_field"
    with pytest.raises(Problem) as missing:
        asked(world, GUEST, "count")
    assert missing.value.status == 404


@pytest.mark.parametrize(
    "text", ["sum", "p0(amount)", "p100(amount)", "median(amount)", "sum(amount", "sum(note)", "", "é", "max(paid)"]
)
def test_what_is_no_measure_is_refused(world: World, text: str) -> None:
    assert refused(world, KEEPER, text) == "bad_measure"
    assert refused(world, KEEPER, *["count"], group=("nonsense",)) == "unknown_field"


def test_titles_come_with_choices_states_and_links_in_sight(world: World) -> None:
    found = asked(world, KEEPER, "count", group=("kind", "status", "customer"))
    assert {"kind": "大", "status": "开", "customer": "客0"} in [g["titles"] for g in found]
    # COUNTER sees no customers: the link is there, its name is not.
    assert all(g["titles"] == {} for g in asked(world, COUNTER, "count", group=("customer",)))


def test_groups_end_somewhere(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aggregates, "MOST_GROUPS", 3)
    found = world.runtime.aggregate(Read(world.app, "orders", group=("id",)), KEEPER)
    assert (len(found["groups"]), found["more"]) == (3, True)
    with pytest.raises(Problem):
        asked(world, KEEPER, *(f"p{n}(amount)" for n in range(1, 40)))


def test_facets_count_what_the_list_shows(world: World) -> None:
    found = world.runtime.facets(Read(world.app, "orders", where="pieces >= 0"), KEEPER)
    rows = listed(world, KEEPER, where="pieces >= 0")[()]
    assert found["count"] == len(rows)
    assert [facet["field"] for facet in found["facets"]] == ["paid", "kind", "customer", "parent", "status"]
    for facet in found["facets"]:
        counts = {value["value"]: value["count"] for value in facet["values"]}
        assert sum(counts.values()) == len(rows)
        assert counts == {value: sum(row[facet["field"]] == value for row in rows) for value in counts}
        assert [v["count"] for v in facet["values"]] == sorted((v["count"] for v in facet["values"]), reverse=True)


def test_facets_are_those_of_the_view(world: World) -> None:
    found = world.runtime.facets(Read(world.app, "orders"), COUNTER)
    assert [facet["field"] for facet in found["facets"]] == ["customer"]
    for name, code in (("kind", "unknown_field"), ("nonsense", "unknown_field"), ("pieces", "no_facet"), ("phone", "no_facet")):
        with pytest.raises(Problem) as problem:
            world.runtime.facets(Read(world.app, "orders", fields=(name,)), COUNTER)
        assert problem.value.errors[0].code == code
