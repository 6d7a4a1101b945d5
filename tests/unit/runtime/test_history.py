"""A life line shows of each change what its reader may read; the feed tells nothing of what lies out of sight."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.model.change import Actor, Write
from engine.model.problem import Problem
from engine.runtime import history
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import COUNTER, GUEST, KEEPER, SELLER, depot, files, order
from tests.world import OWNER, SYSTEM, World

pytestmark = ON_BOTH

SHIPPED = """
rules:
  done_is_noted:
    title: {zh: 记一笔, en: Note it}
    when: {enters: orders.done}
    then:
      - set: {note: "'done'"}
      - create: {table: items, set: {order: this, name: "'receipt'"}}
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return depot(tmp_path, zz_rules=SHIPPED)


def lines(world: World, id: str, who: Actor) -> list[dict[str, Any]]:
    return world.runtime.history(world.app, "orders", id, who)


def told(world: World, id: str, who: Actor) -> dict[str, tuple[Any, Any]]:
    return {c["field"]: (c["before"], c["after"]) for line in lines(world, id, who) for c in line["changes"]}


def test_masked_stays_masked_and_hidden_is_absent(world: World) -> None:
    id = order(world, store="s1", phone="13800001234", amount="10.00", cost="1234567.89", pieces=3)
    assert told(world, id, SELLER) == {
        "no": (None, "N0001"),
        "store": (None, "s1"),
        "phone": (None, "138****1234"),
        "cost": (None, "****"),
        "status": (None, "开"),
    }
    assert told(world, id, KEEPER)["cost"] == (None, "1234567.89")


def test_a_change_of_hidden_fields_only_is_no_line(world: World) -> None:
    id = order(world, store="s1")
    world.change("orders", id, pieces=4)
    assert [line["kind"] for line in lines(world, id, SELLER)] == ["created"]
    assert [line["kind"] for line in lines(world, id, COUNTER)] == ["created", "updated"]
    assert lines(world, id, COUNTER)[1]["title"] == "系统 修改了pieces"


def test_a_move_shows_to_those_who_read_the_state(world: World) -> None:
    id = order(world, store="s1")
    world.move("orders", id, "finish", KEEPER)
    assert "库管 做了「完成」" in [line["title"] for line in lines(world, id, SELLER)]
    assert "库管 did “Finish”" in [line["title"] for line in lines(world, id, replace(SELLER, locale="en"))]
    assert [line["kind"] for line in lines(world, id, COUNTER)] == ["created"]


def test_a_line_says_which_line_and_rule_led_to_it(world: World) -> None:
    id = order(world, store="s1")
    world.move("orders", id, "finish", KEEPER)
    created, moved, noted, item = lines(world, id, SELLER)
    assert (moved["rule"], moved["cause"], moved["depth"]) == (None, None, 0)
    for line, step in ((noted, "rules.done_is_noted.then[0]"), (item, "rules.done_is_noted.then[1]")):
        assert line["cause"] == moved["id"]
        assert line["rule"] == {"path": step, "title": "记一笔"}
        assert line["depth"] == 1
    assert noted["title"] == "规则「记一笔」 修改了备注"
    assert (item["table"], item["kind"]) == ("items", "created")
    assert created["id"] < moved["id"]
    assert [line["table"] for line in lines(world, id, COUNTER)] == ["orders"], "the counter sees no items"


def test_links_in_a_line_come_through_the_target_s_permissions(world: World) -> None:
    customer = world.create("customers", name="恒驰", phone="13700000001").id
    id = order(world, store="s1", customer=customer)
    assert told(world, id, KEEPER)["customer"] == (None, "恒驰")
    assert told(world, id, SELLER)["customer"] == (None, "137****0001")
    assert told(world, id, COUNTER)["customer"] == (None, "—")


def test_a_record_out_of_sight_has_no_life_line(world: World) -> None:
    id = order(world, store="s2")
    for who in (SELLER, GUEST):
        with pytest.raises(Problem) as missing:
            lines(world, id, who)
        assert missing.value.status == 404


def feed(world: World, who: Actor, since: str | None) -> dict[str, Any]:
    return world.runtime.changes(world.app, since, who)


def test_the_feed_tells_what_happened_since(world: World) -> None:
    first = order(world, store="s1")
    begin = feed(world, SELLER, None)
    assert begin["changes"] == []
    assert feed(world, SELLER, begin["cursor"]) == begin
    world.change("orders", first, note="x")
    second = order(world, store="s1")
    found = feed(world, SELLER, begin["cursor"])
    assert [(c["table"], c["id"], c["kind"], c["version"]) for c in found["changes"]] == [
        ("orders", first, "updated", 2),
        ("orders", second, "created", 1),
    ]
    assert feed(world, SELLER, found["cursor"])["changes"] == []


def test_the_cursor_tells_nothing_of_what_is_hidden(world: World) -> None:
    id = order(world, store="s1")
    cursor = feed(world, SELLER, None)["cursor"]
    order(world, "item", store="s2")
    world.change("orders", id, pieces=9)
    world.runtime.publish(files(), OWNER)
    assert feed(world, SELLER, cursor) == {"changes": [], "cursor": cursor}
    assert feed(world, SELLER, None)["cursor"] == cursor


def test_who_has_seen_nothing_begins_at_the_beginning(world: World) -> None:
    order(world, store="s2")
    begin = feed(world, SELLER, None)
    assert begin == {"changes": [], "cursor": ""}
    id = order(world, store="s1")
    assert [c["id"] for c in feed(world, SELLER, "")["changes"]] == [id]


@pytest.mark.parametrize("since", ["nonsense", "0", "id000000000000000000099999", "'; --"])
def test_an_unknown_cursor_is_said_so(world: World, since: str) -> None:
    order(world, store="s1")
    with pytest.raises(Problem) as unknown:
        feed(world, SELLER, since)
    assert (unknown.value.status, unknown.value.errors[0].code) == (400, "bad_cursor")


def test_any_number_of_hidden_lines_does_not_stop_the_feed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_FEED", 3)
    first = order(world, store="s1")
    cursor = feed(world, SELLER, None)["cursor"]
    for _ in range(7):
        order(world, store="s2")
    assert feed(world, SELLER, None)["cursor"] == cursor
    last = order(world, store="s1")
    assert [c["id"] for c in feed(world, SELLER, cursor)["changes"]] == [last]
    assert [c["id"] for c in feed(world, SELLER, "")["changes"]] == [first, last]


def test_a_deleted_record_leaves_the_feed_and_the_lines_of_others_stand(world: World) -> None:
    id = order(world, store="s1")
    kept = order(world, store="s1")
    cursor = feed(world, SELLER, None)["cursor"]
    world.runtime.write(Write(world.app, "orders", id, delete=True), SYSTEM)
    assert feed(world, SELLER, cursor)["changes"] == []
    assert len(lines(world, kept, SELLER)) == 1
