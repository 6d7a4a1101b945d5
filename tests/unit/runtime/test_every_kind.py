"""A record with a field of every kind: through the write door in, through the view out, filtered and sorted by each."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.change import Read, Write
from engine.model.problem import Problem
from tests.every_kind import FILES, VALUES
from tests.world import World, actor, make_world

CLERK = actor("clerk", name="小林")
GIVEN = {name: typed for name, (typed, _) in VALUES.items()}


@pytest.fixture(scope="module")
def world(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> World:
    """One house for the module: a test that changes something makes its own record, and looks at that one alone."""
    made = make_world(tmp_path_factory.mktemp(on_both), FILES)
    for name, title in (("小林", "林客服"), ("zhao", "赵强"), ("zhao2", "赵强"), ("leaver", "离职的人")):
        made.people.grant(made.people.add_user(name, title=title), made.runtime.program("kinds").app, "clerk")
    made.people.add_user("stranger", title="外人")
    return made


@pytest.fixture(scope="module")
def three(world: World) -> dict[str, str]:
    """Record id → which it is: one with every value, one with none, and another."""
    shop = world.create("shops", CLERK, name="天河店").id
    other = {"name": "B", "tags": ["B", 'a"b'], "services": ["wrap", "card", "photo"], "shop": shop, "handling": "45m"}
    return {
        world.create("parcels", CLERK, **GIVEN).id: "all",
        world.create("parcels", CLERK, note="-", services=None, handling=None).id: "none",
        world.create("parcels", CLERK, **other).id: "other",
    }


@pytest.fixture
def parcel(world: World) -> str:
    return world.create("parcels", CLERK, **GIVEN).id


def test_what_people_type_comes_out_exact(world: World, parcel: str) -> None:
    record = world.get("parcels", parcel, CLERK)
    assert {name: record["values"][name] for name in VALUES} == {name: kept for name, (_, kept) in VALUES.items()}
    assert record["titles"] == {"assignee": "林客服"}


def test_what_comes_out_is_taken_again_as_no_change(world: World, parcel: str) -> None:
    record = world.get("parcels", parcel, CLERK)
    outcome = world.change("parcels", parcel, CLERK, **{name: record["values"][name] for name in VALUES})
    assert world.get("parcels", outcome.id, CLERK)["values"] == record["values"]
    assert outcome.version == record["version"]


def test_a_new_record_begins_with_its_defaults(world: World) -> None:
    values = world.get("parcels", world.create("parcels", CLERK, name="x").id, CLERK)["values"]
    assert (values["services"], values["handling"], values["marks"]) == (["wrap"], 5_400, 1)


# Condition → for which of three records it holds: one with every value, one with none, and another.
HOLDS = {
    "'VIP' in tags": "all",
    "'VIP' not in tags": "none other",
    "len(tags) == 2": "all other",
    "len(services) > 1": "all other",
    "'card' in services and 'wrap' in services": "all other",
    "empty(tags)": "none",
    "tags == None": "none",
    "tags != None": "all other",
    "empty(raw)": "none other",
    "raw == None": "none other",
    "name in tags": "other",
    "assignee == '小林'": "all",
    "assignee == created_by": "all",
    "handling >= hours(27)": "all",
    "handling < hours(2)": "other",
    "duty > 12 and deposit == 1500": "all",
    "contains(site, 'example')": "all",
    "ends_with(email, '@example.com')": "all",
    "starts_with(barcode, '690')": "all",
    "marks == 4": "all",
    "total == 1235.5": "all",
    "of_shop == '天河店'": "other",
    "empty(of_shop)": "all none",
    "flagged('one_service')": "other",
    "(tags if fragile else services) == tags": "all none",
    "first_of(tags, services) == tags": "all none other",
    "'VIP' in first_of(tags, services)": "all",
    "len(tags if fragile else services) == 2": "all",
    "find(parcels, id == this.id and 'VIP' in tags) == this": "all",
    "count(parcels, id == this.id and tags == this.tags and raw == this.raw) == 1": "all none other",
    "count(shops, name in this.tags) > 0": "",
    "any(parcels, this.name in tags)": "other",
}


@pytest.mark.parametrize("where", HOLDS)
def test_a_filter_finds_the_same_as_the_rule_would(world: World, three: dict[str, str], where: str) -> None:
    found = {three[record["id"]] for record in world.list("parcels", CLERK, where=where) if record["id"] in three}
    assert found == set(HOLDS[where].split())
    rest = {three[record["id"]] for record in world.list("parcels", CLERK, where=f"not ({where})") if record["id"] in three}
    assert rest == {"all", "none", "other"} - found


@pytest.mark.parametrize("text", ["易碎", "vip", "wang@", "EXAMPLE.com/a", "6901 2345", "1234567892", "61234567", "王伟", "P0"])
def test_a_part_of_a_text_finds_the_record(world: World, parcel: str, text: str) -> None:
    assert parcel in {record["id"] for record in world.list("parcels", CLERK, search=text, limit=200)}


def test_a_tag_with_quotation_marks_is_found_by_them(world: World, three: dict[str, str]) -> None:
    found = [three[each["id"]] for each in world.list("parcels", CLERK, search='a"b', limit=200) if each["id"] in three]
    assert found == ["other"]


def test_each_sorts_and_is_paged_through(world: World) -> None:
    shops = [world.create("shops", CLERK, name=name).id for name in "BAC"]
    for pieces, shop in enumerate(shops, 100):
        more = {"tags": ["A", str(pieces)], "raw": {"at": pieces}, "handling": pieces, "shop": shop, "pieces": pieces}
        world.create("parcels", CLERK, **{**GIVEN, **more})
    for name in [*VALUES, "total", "marks", "of_shop", "number", "status"]:
        for sign in ("", "-"):
            asked: Any = {"where": "pieces >= 100", "sort": (sign + name,)}
            whole = [record["id"] for record in world.list("parcels", CLERK, **asked)]
            assert len(whole) == len(shops)
            assert paged(world, asked) == whole, name


def paged(world: World, asked: Any) -> list[str]:
    """Ids of the pages of one record each."""
    found: list[str] = []
    cursor: str | None = None
    while cursor is not None or not found:
        page: Any = world.runtime.records(Read("kinds", "parcels", limit=1, cursor=cursor, **asked), CLERK)
        found += [record["id"] for record in page.records]
        cursor = page.cursor
        assert len(found) < 10
    return found


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("'vip' in services", "没有选项"),
        ("tags > services", "没有大小先后"),
        ("contains(raw, 'x')", "JSON"),
        ("raw == 'x'", "不能"),
        ("tags == 'x'", "不能"),
        ("handling > 5", "不能"),
        ("1 in tags", "in"),
    ],
)
def test_what_a_type_does_not_allow_is_refused_with_its_place(world: World, where: str, said: str) -> None:
    with pytest.raises(Problem) as caught:
        world.list("parcels", CLERK, where=where)
    assert caught.value.status == 400
    assert said in caught.value.errors[0].message.zh


@pytest.mark.parametrize(("given", "kept"), [("小林", "小林"), ("林客服", "小林"), ("ZHAO", "zhao"), ("zhao2", "zhao2")])
def test_a_person_goes_by_name_or_by_a_title_of_their_own(world: World, given: str, kept: str) -> None:
    assert world.get("parcels", world.create("parcels", CLERK, assignee=given).id, CLERK)["values"]["assignee"] == kept


@pytest.mark.parametrize(
    ("given", "code"), [("赵强", "ambiguous"), ("nobody", "unknown_person"), ("stranger", "unknown_person")]
)
def test_nobody_else_can_be_named(world: World, given: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        world.create("parcels", CLERK, assignee=given)
    assert [(fault.path, fault.code) for fault in caught.value.errors] == [("assignee", code)]


def test_a_frozen_person_stays_where_they_stand_and_can_be_named_no_more(world: World, parcel: str) -> None:
    world.change("parcels", parcel, CLERK, assignee="leaver")
    world.people.freeze(world.people.user("leaver"))
    assert world.get("parcels", parcel, CLERK)["titles"]["assignee"] == "离职的人"
    world.change("parcels", parcel, CLERK, name="changed")
    with pytest.raises(Problem):
        world.create("parcels", CLERK, assignee="leaver")


def test_a_scope_by_person_shows_ones_own_and_hides_what_is_masked(world: World, parcel: str) -> None:
    guest = actor("guest", name="小林")
    assert world.list("parcels", actor("guest", name="nobody")) == []
    (seen,) = (record for record in world.list("parcels", guest) if record["id"] == parcel)
    assert {name: seen["values"][name] for name in ("tags", "raw", "handling", "services")} == {
        "tags": "****",
        "raw": "****",
        "handling": "****",
        "services": None,
    }
    assert world.get("parcels", parcel, guest)["values"] == seen["values"]
    assert seen["titles"] == {"assignee": "林客服"}


def test_several_bad_values_are_told_together(world: World) -> None:
    bad = {"handling": "90", "duty": "￥1", "wanted": "31/2/2026", "services": ["x"], "tags": ["a,b"], "raw": "{", "site": "x"}
    with pytest.raises(Problem) as caught:
        world.create("parcels", CLERK, **bad)
    assert {fault.path for fault in caught.value.errors} == set(bad)
    assert caught.value.status == 422


def test_the_life_line_keeps_lists_as_lists(world: World, parcel: str) -> None:
    world.runtime.write(Write("kinds", "parcels", parcel, {"tags": ["B2B"], "services": None, "assignee": "zhao"}), CLERK)
    newest = world.runtime.history("kinds", "parcels", parcel, CLERK)[-1]
    told = {change["field"]: (change["before"], change["after"]) for change in newest["changes"]}
    assert told["tags"] == (["VIP", "易碎"], ["B2B"])
    assert told["services"] == (["card", "wrap"], None)
    assert told["assignee"] == ("林客服", "赵强")
