"""What sets rules off, in the real write path: changes of fields, leaving a state, deletion and what goes with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.change import Write
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.unit.runtime.depot import KEEPER, depot, order
from tests.world import World

pytestmark = ON_BOTH

LOG = """
tables:
  log:
    title: {zh: 流水, en: Log}
    fields:
      what: {type: text}
      amount: {type: money}
      was: {type: money}
      pieces: {type: integer}
"""


def world_with(path: Path, rules: str) -> World:
    return depot(path, log=LOG + "rules:\n" + rules)


def said(world: World) -> list[str]:
    return [line["what"] for line in world.all("log")]


ANY = """
  any: {when: {updated: orders}, then: [{create: {table: log, set: {what: "'any'"}}}]}
  some:
    when: {updated: {of: orders, fields: [amount, note]}}
    then: [{create: {table: log, set: {what: "'some'", amount: amount, was: old.amount}}}]
  formula: {when: {updated: {of: orders, fields: [twice]}}, then: [{create: {table: log, set: {what: "'formula'"}}}]}
"""


def test_updated_tells_which_field_changed_and_what_it_was(tmp_path: Path) -> None:
    world = world_with(tmp_path, ANY)
    id = order(world, amount="5.00")
    assert said(world) == [], "a new record is not a changed one"
    world.change("orders", id, pieces=2)
    assert said(world) == ["any"]
    world.change("orders", id, pieces=2)
    assert said(world) == ["any"], "the same value again is no change"
    world.change("orders", id, amount="7.00")
    assert said(world) == ["any", "any", "some", "formula"], "a stored formula changes with what it is made of"
    line = world.all("log")[2]
    assert (str(line["was"]), str(line["amount"])) == ("5.00", "7.00")


def test_new_lines_in_a_list_do_not_change_the_record_but_a_transition_does(tmp_path: Path) -> None:
    world = world_with(tmp_path, ANY)
    id = order(world, amount="5.00")
    world.runtime.write(Write(world.app, "orders", id, {}, {"items": [{"name": "a", "count": 1}]}), KEEPER)
    assert said(world) == []
    world.move("orders", id, "finish")
    assert said(world) == ["any"]


def test_leaves(tmp_path: Path) -> None:
    rules = """
  left: {when: {leaves: orders.open}, if: "old.status == 'open'", then: [{create: {table: log, set: {what: status}}}]}
"""
    world = world_with(tmp_path, rules)
    id = order(world)
    world.change("orders", id, pieces=2)
    assert said(world) == []
    world.move("orders", id, "finish")
    assert said(world) == ["done"]
    gone = order(world)
    world.runtime.write(Write(world.app, "orders", gone, delete=True), KEEPER)
    assert said(world) == ["done"], "what is deleted has not gone into another state"


DELETED = """
  order_gone:
    when: {deleted: orders}
    if: "old.amount == amount and customer.name != 'secret' and count(items) == 0"
    then:
      - create: {table: log, set: {what: no, amount: amount, pieces: pieces}}
      - update: {table: orders, where: "store == this.store", set: {note: "concat(this.no, ' is gone')"}}
  item_gone: {when: {deleted: items}, then: [{create: {table: log, set: {what: name}}}]}
  customer_lost:
    when: {updated: {of: orders, fields: [customer]}}
    if: "empty(customer)"
    then: [{create: {table: log, set: {what: "'no customer'"}}}]
"""


def test_deleted_sees_the_last_values_and_what_goes_with_it_is_deleted_too(tmp_path: Path) -> None:
    world = world_with(tmp_path, DELETED)
    customer = world.create("customers", name="x").id
    id, other = order(world, "a", "b", store="s1", amount="5.00", pieces=3, customer=customer), order(world, store="s1")
    world.runtime.write(Write(world.app, "orders", id, delete=True), KEEPER)
    assert said(world) == ["N0001", "a", "b"]
    assert (str(world.all("log")[0]["amount"]), world.all("log")[0]["pieces"]) == ("5.00", 3)
    assert world.raw("orders", other)["note"] == "N0001 is gone"
    assert world.runtime.incidents(world.app) == []


def test_a_link_that_is_cleared_by_a_deletion_is_a_change(tmp_path: Path) -> None:
    world = world_with(tmp_path, DELETED)
    customer = world.create("customers", name="x").id
    order(world, customer=customer)
    world.runtime.write(Write(world.app, "customers", customer, delete=True), KEEPER)
    assert said(world) == ["no customer"]


REQUIRED = """
  keep: {when: {deleted: orders}, required: true, then: [{create: {table: labels, set: {item: "'nothing'"}}}]}
"""


def test_a_required_rule_that_fails_keeps_the_record(tmp_path: Path) -> None:
    world = world_with(tmp_path, REQUIRED.replace("\"'nothing'\"", '"find(items, name == this.no)"'))
    id = order(world, "a")
    with pytest.raises(Problem) as failed:
        world.runtime.write(Write(world.app, "orders", id, delete=True), KEEPER)
    assert failed.value.code == "required_rule_failed"
    assert (len(world.all("orders")), len(world.all("items"))) == (1, 1)


TOLD = """
  told: {when: {deleted: orders}, then: [{notify: {to: [role.keeper], by: [inbox], text: "An order {{was}} deleted"}}]}
  told_of_life: {when: {created: orders}, then: [{notify: {to: [role.keeper], by: [inbox], text: "New"}}]}
"""


def test_people_are_told_of_a_deletion_although_there_is_nothing_left_to_see(tmp_path: Path) -> None:
    world = world_with(tmp_path, TOLD)
    user = world.people.add_user("keeper1", title="库管一")
    world.people.grant(user, world.runtime.program(world.app).app, "keeper")
    id = order(world)
    world.runtime.write(Write(world.app, "orders", id, delete=True), KEEPER)
    reader = world.people.actor(user, world.runtime.program(world.app).app, channel="web")
    told = {line.rule: world.runtime.inbox_line(line, reader) for line in world.runtime.inbox(user.id)}
    assert told["rules.told.then[0]"]["text"] == "An order {was} deleted"
    assert told["rules.told_of_life.then[0]"]["gone"], "of a living record that went away nothing is told"
