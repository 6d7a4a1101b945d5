"""A line is rendered when it is read, with what its reader may see by then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.model.problem import Problem
from engine.people.users import User
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import depot, order
from tests.world import World

pytestmark = ON_BOTH

RULES = """
rules:
  tell:
    when: {enters: orders.done}
    then:
      - notify:
          to: [role.seller, role.keeper]
          by: [inbox]
          text:
            zh: "{no} {{完}} {amount} {phone} {customer} {count(items)} {paid}"
            en: "{no} {{done}} {amount}"
      - notify: {to: [role.seller], by: [inbox], text: {zh: "成本 {pieces}！", en: "cost {pieces}!"}}
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return depot(tmp_path, zz_rules=RULES)


def person(world: World, role: str, store: str = "s1") -> User:
    app = world.runtime.program(world.app).app
    user = world.people.add_user(role)
    world.people.grant(user, app, role)
    world.people.set_fact(user, app, "store", store)
    return user


def texts(world: World, user: User, locale: str = "zh") -> list[dict[str, Any]]:
    who = replace(world.people.actor(user, world.runtime.program(world.app).app, channel="web"), locale=locale)
    return [world.runtime.inbox_line(line, who) for line in world.runtime.inbox(user.id)]


def done(world: World, **values: Any) -> str:
    customer = world.create("customers", name="恒驰", phone="13700000001").id
    given = {"store": "s1", "amount": "310.00", "phone": "13800001234", "paid": True, **values}
    id = order(world, customer=customer, **given)
    world.move("orders", id, "finish")
    return id


def test_each_reads_with_their_own_eyes(world: World) -> None:
    seller, keeper = person(world, "seller"), person(world, "keeper")
    done(world)
    (mine,) = [line["text"] for line in texts(world, keeper)]
    assert mine == "N0001 {完} 310.00 13800001234 恒驰 0 是"
    assert texts(world, keeper, "en")[0]["text"] == "N0001 {done} 310.00"
    blanked, own = (line["text"] for line in texts(world, seller))
    assert "310.00" not in own, "`paid` is hidden from the seller, so the text comes without its values"
    assert "310" not in blanked
    assert blanked == "成本 …！"


def test_a_record_that_left_one_s_sight_takes_its_text_along(world: World) -> None:
    seller = person(world, "seller")
    id = done(world)
    assert [line["gone"] for line in texts(world, seller)] == [False, False]
    world.change("orders", id, store="s2")
    for line in texts(world, seller):
        assert line["gone"]
        assert "N0001" not in line["text"]


def test_a_role_taken_away_takes_old_texts_along(world: World) -> None:
    keeper = person(world, "keeper")
    done(world)
    world.people.revoke(keeper, world.app, "keeper")
    (line,) = texts(world, keeper)
    assert line["gone"]
    assert "310" not in line["text"]


def test_who_holds_several_roles_hears_once_and_reads_it_once(world: World) -> None:
    user = person(world, "keeper")
    world.people.grant(user, world.runtime.program(world.app).app, "seller")
    done(world)
    lines = world.runtime.inbox(user.id)
    assert len({line.rule for line in lines}) == len(lines) == 2
    assert world.runtime.inbox_unread(user.id) == 2
    world.runtime.inbox_read(lines[0].id, user.id)
    world.runtime.inbox_read(lines[0].id, user.id)
    assert world.runtime.inbox_unread(user.id) == 1
    with pytest.raises(Problem) as missing:
        world.runtime.inbox_read(lines[1].id, "somebody else")
    assert missing.value.status == 404
    assert world.runtime.inbox_unread(user.id) == 1


def test_a_line_of_an_app_that_is_gone(world: World) -> None:
    keeper = person(world, "keeper")
    done(world)
    (line,) = world.runtime.inbox(keeper.id)
    who = world.people.actor(keeper, world.runtime.program(world.app).app, channel="web")
    assert world.runtime.inbox_line(replace(line, app="no_such_app"), who)["gone"]
    assert world.runtime.inbox_line(replace(line, table="no_such_table"), who)["gone"]
