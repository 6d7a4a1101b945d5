"""Roles unite as (record condition, fields) pairs: nothing is given that no single pair gives."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from engine.model.app import Show
from tests.databases import ON_BOTH
from tests.unit.access.depot import SOME, depot, opened, somebody
from tests.world import SYSTEM

pytestmark = ON_BOTH

O1, O2, O3, O4, O5 = SOME
TWO_ROLES = """\
one:
  orders: {records: "store == 's1'", read: {no: true, amount: true, phone: masked}, edit: {note: true, amount: "paid"}}
two:
  orders: {records: "store == 's2'", read: {no: true, phone: true}, edit: {no: true}, delete: "not paid"}
"""


def test_the_fields_of_one_role_do_not_reach_the_records_of_another(connection: Connection) -> None:
    who = somebody("one", "two")
    house = opened(connection, depot(TWO_ROLES), who)
    shown = [house.access.shown(who, "orders", record, house.facts) for record in (O1, O2, O3)]
    assert shown[0] == {"no": Show.ALWAYS, "amount": Show.ALWAYS, "phone": Show.MASKED}
    assert shown[1] == {"no": Show.ALWAYS, "phone": Show.ALWAYS}
    assert shown[2] == {}
    assert not house.access.sees(who, "orders", O3, house.facts)
    editable = {(r["id"], f) for r in SOME for f in ("note", "no", "amount") if may_edit(house, who, f, r)}
    assert editable == {("o1", "note"), ("o1", "amount"), ("o5", "note"), ("o2", "no")}


def may_edit(house, who, field, record) -> bool:
    return house.access.may_edit(who, "orders", field, record, house.facts).allowed


def test_both_roles_on_one_record_add_up_and_full_sight_wins_over_a_mask(connection: Connection) -> None:
    who = somebody("one", "two")
    policy = 'one:\n  orders: {read: {phone: masked}}\ntwo:\n  orders: {records: "paid", read: {phone: true, note: none}}'
    house = opened(connection, depot(policy), who)
    assert house.access.shown(who, "orders", O1, house.facts) == {"phone": Show.ALWAYS}
    assert house.access.shown(who, "orders", O2, house.facts) == {"phone": Show.MASKED}


@pytest.mark.parametrize(
    "condition", ["store == user.store", "user.store in note", "store in user.departments", "empty(user.store)"]
)
@pytest.mark.parametrize("nothing", [None, "", ()])
def test_an_empty_fact_of_the_user_matches_nothing(connection: Connection, condition: str, nothing: object) -> None:
    who = somebody("one", store=nothing, departments=nothing)
    house = opened(connection, depot(f'one:\n  orders: {{records: "{condition}", read: {{no: true}}, delete: true}}'), who)
    assert [r["id"] for r in SOME if house.access.in_scope(who, "orders", r, house.facts)] == []
    assert house.rows(who) == {}
    assert not house.access.may_delete(who, "orders", O4, house.facts).allowed


def test_a_portal_role_opens_nothing_in_the_app(connection: Connection) -> None:
    who = somebody("outside")
    house = opened(connection, depot("outside:\n  orders: {read: {all: true}, create: [no], delete: true}"), who)
    assert house.access.grants(who, "orders") == ()
    assert house.access.may_create(who, "orders", ["no"], O1, house.facts)


def test_a_refused_edit_says_when_it_would_be_possible_and_names_the_line(connection: Connection) -> None:
    who = somebody("one")
    house = opened(connection, depot(TWO_ROLES), who)
    refused = house.access.may_edit(who, "orders", "amount", O5, house.facts)
    assert not refused.allowed
    assert refused.span is not None
    assert (refused.span.file, refused.span.line) == ("permissions.yaml", 3)
    nowhere = house.access.may_edit(who, "orders", "due", O1, house.facts)
    assert nowhere.span is not None
    assert (nowhere.allowed, nowhere.span.line) == (False, 3), "where it would have to stand"


CREATE = """\
one:
  orders: {records: "store == 's1'", create: {fields: [no, store, amount], if: "amount < 100"}}
two:
  orders: {records: "store == 's2'", create: [no, store, note]}
"""


def test_creating_is_decided_by_pairs_too(connection: Connection) -> None:
    who = somebody("one", "two")
    house = opened(connection, depot(CREATE), who)

    def refused(given, record):
        return [name for name, _ in house.access.may_create(who, "orders", given, record, house.facts)]

    assert refused(["no", "amount"], O5) == []
    assert refused(["no", "note"], O2) == []
    assert refused(["no", "amount"], O2) == ["amount"], "role one opens amount, but not in this store"
    assert refused(["no"], O1) == [""], "too much money for role one, and not role two's store"
    assert refused(["no"], O3) == [""]
    assert refused([], O1) == [""]


def test_deleting(connection: Connection) -> None:
    who = somebody("one", "two")
    house = opened(connection, depot(TWO_ROLES), who)
    assert [r["id"] for r in SOME if house.access.may_delete(who, "orders", r, house.facts).allowed] == ["o2"]


def test_the_system_is_bound_by_none_of_it(connection: Connection) -> None:
    house = opened(connection, depot("{}"), SYSTEM)
    assert house.access.sees(SYSTEM, "orders", O1, house.facts)
    assert may_edit(house, SYSTEM, "no", O1)
    assert house.access.may_create(SYSTEM, "orders", ["no"], O1, house.facts) == []
    assert house.access.may_delete(SYSTEM, "orders", O1, house.facts).allowed


@pytest.mark.parametrize(
    ("read", "shown"),
    [
        ("{paid: true, amount: true}", True),
        ("{paid: true}", False),
        ("{paid: true, amount: masked}", False),
        ('{paid: true, amount: "paid"}', False),
    ],
)
def test_a_flag_shows_to_those_who_read_all_its_fields(connection: Connection, read: str, shown: bool) -> None:
    who = somebody("one")
    house = opened(connection, depot(f"one:\n  orders: {{read: {read}}}"), who)
    assert (house.access.flags(who, "orders") == {"paid_something"}) == shown
