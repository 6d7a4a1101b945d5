"""The view in SQL and the decision in Python say the same of every record and every field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from engine.access.mask import mask
from engine.model.app import Show
from engine.model.change import Actor
from tests.databases import ON_BOTH
from tests.unit.access.depot import FIELDS, REGISTRY, SOME, Depot, depot, opened, somebody

pytestmark = ON_BOTH

SCOPES = (
    None,
    "store == user.store",
    "status == 'open'",
    "amount > 50 or paid",
    "customer.level >= 2 and store == user.store",
    "pieces < 3",
    "user.name in note",
)
READS = ("true", "none", "masked", '"amount > 0"', '"store == user.store"', '"not paid"', "{show: masked, find: exact}")

scopes = st.sampled_from(SCOPES)
reads = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(READS))


@st.composite
def policies(draw: st.DrawFn) -> str:
    """One to three roles at one table, as YAML."""
    lines = ["one:", "  customers: {read: {all: true}}"] if draw(st.booleans()) else ["one:"]
    for number, role in enumerate(("one", "two", "three")[: draw(st.integers(1, 3))]):
        lines += [f"{role}:"] if number else []
        scope, fields = draw(scopes), draw(reads)
        listed = ", ".join([*(["all: true"] if draw(st.booleans()) else []), *(f"{n}: {r}" for n, r in fields.items())])
        records = f'records: "{scope}", ' if scope else ""
        lines.append(f"  orders: {{{records}read: {{{listed}}}}}")
    return "\n".join(lines)


actors = st.builds(
    lambda roles, store, name: somebody(*roles, store=store, name=name),
    st.sets(st.sampled_from(("one", "two", "three", "outside")), min_size=1),
    st.sampled_from(("s1", "s2", None, "")),
    st.sampled_from(("急", "")),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(policies(), actors)
def test_the_view_shows_what_the_decision_shows(connection: Connection, policy: str, who: Actor) -> None:
    house = opened(connection, depot(policy), who)
    rows = house.rows(who)
    for record in (house.facts.link("orders", kept["id"]) for kept in SOME):
        assert record is not None
        assert (record["id"] in rows) == house.access.sees(who, "orders", record, house.facts), record
        if record["id"] in rows:
            assert as_json(house, rows[record["id"]]) == expected(house, who, record)


def expected(house: Depot, who: Actor, record: Any) -> dict[str, Any]:
    """What Python decides: raw value, mask or nothing."""
    shown = house.access.shown(who, "orders", record, house.facts)
    found = {}
    for name, field in house.app.tables["orders"].fields.items():
        value = record[name] if name in record else house.facts.computed("orders", name, record)
        if name not in shown or value is None:
            found[name] = None
        else:
            found[name] = mask(value) if shown[name] is Show.MASKED else REGISTRY.fields[field.kind].to_json(value, field)
    return found


def as_json(house: Depot, row: dict[str, Any]) -> dict[str, Any]:
    """The view's row; a mask is text already."""
    found = {}
    for name, field in house.app.tables["orders"].fields.items():
        value = row.get(name)
        masked = isinstance(value, str) and "****" in value
        found[name] = value if value is None or masked else REGISTRY.fields[field.kind].to_json(value, field)
    return found


def plan(connection: Connection, house: Depot, who: Actor, where: str) -> str:
    view = house.views(who).table("orders", ("id", where))
    query = view.select().where(view.c[where] == "s1")
    text = str(query.compile(connection.engine, compile_kwargs={"literal_binds": True}))
    if connection.dialect.name == "sqlite":
        return " ".join(str(row[3]) for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + text))
    # Few records are read from end to end faster than by any index: whether one can serve is asked.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return " ".join(str(row[0]) for row in connection.exec_driver_sql("EXPLAIN " + text.replace("%", "%%")))


@pytest.mark.parametrize(
    ("policy", "indexed"),
    [
        ("one:\n  orders: {read: {all: true}}", True),
        ('one:\n  orders: {records: "amount > 0", read: {all: true}}', True),
        ('one:\n  orders: {read: {all: true}}\ntwo:\n  orders: {records: "paid", read: {all: true}}', True),
        ("one:\n  orders: {read: {all: true, customer: masked}}", False),
        ('one:\n  orders: {read: {all: true, customer: "paid"}}', False),
    ],
)
def test_a_column_without_conditions_stays_bare_for_its_index(connection: Connection, policy: str, indexed: bool) -> None:
    who = somebody("one", "two")
    house = opened(connection, depot(policy), who)
    assert ("depot__orders__by_customer" in plan(connection, house, who, "customer")) == indexed


def test_a_table_out_of_sight_is_empty_and_has_an_id_only(connection: Connection) -> None:
    who = somebody("one")
    house = opened(connection, depot("one:\n  orders: {read: {no: true}}"), who)
    view = house.views(who).table("customers")
    assert view.c.keys() == ["id"]
    assert connection.execute(view.select()).all() == []


def test_a_role_that_reads_no_field_sees_no_record(connection: Connection) -> None:
    """Implicit fields go with any field of the record: without one there is nothing."""
    who = somebody("one")
    house = opened(connection, depot("one:\n  orders: {read: {all: none}}"), who)
    assert house.views(who).tables() == ()
    assert not any(house.access.sees(who, "orders", record, house.facts) for record in SOME)


def test_what_a_condition_may_name_is_what_shows(connection: Connection) -> None:
    policy = "one:\n  orders: {read: {no: true, amount: none, phone: masked, due: masked}}\n  customers: {read: {name: true}}"
    who = somebody("one")
    scope = opened(connection, depot(policy), who).views(who).scope("orders")
    assert {"no", "phone"} <= set(scope.tables["orders"].fields)
    assert not {"amount", "store"} & set(scope.tables["orders"].fields)
    assert "level" not in scope.tables["customers"].fields
