from __future__ import annotations

import io
import json

from engine.commands.console import Console
from engine.commands.demo import PEOPLE, set_up
from engine.commands.kit import Context, House, Kit
from engine.model.change import Read
from tests.unit.commands.conftest import Run


def test_the_market_lists_what_is_there_and_what_is_installed(run: Run) -> None:
    before = json.loads(run("market", "list", "--json").out)
    assert [(entry["name"], entry["installed"]) for entry in before] == [("order_tracking", False)]
    run("user", "add", "anna", "--owner")
    ran = run("install", "order_tracking")
    assert ran.code == 0
    assert "user roles anna --add order_tracking." in ran.err
    assert json.loads(run("market", "--json").out)[0]["installed"] is True
    assert "order_tracking" in run("market").out


def test_installing_needs_somebody_and_something(run: Run) -> None:
    assert "no_owner" in run("install", "order_tracking").err
    run("user", "add", "anna", "--owner")
    unknown = run("install", "order_traking")
    assert unknown.code == 1
    assert "order_tracking" in unknown.err
    run("install", "order_tracking")
    assert "apply" in run("install", "order_tracking").err


def test_an_unknown_role_installs_nothing(run: Run, house: House) -> None:
    run("user", "add", "anna", "--owner")
    assert run("install", "order_tracking", "--role", "king").code == 1
    assert house.runtime.apps() == ()


def test_a_pull_without_its_secret_says_how_to_set_it(run: Run) -> None:
    run("user", "add", "anna", "--owner")
    run("install", "order_tracking")
    ran = run("pull", "order_tracking", "shop")
    assert ran.code == 1
    assert "dajian secret set shop_domain" in ran.err
    assert run("pull", "order_tracking", "nowhere").code == 1
    assert "shop_domain" in run("doctor").out


def test_the_demo_adds_what_is_missing_and_only_once(kit: Kit, house: House) -> None:
    console = Console(io.StringIO(), io.StringIO(), io.StringIO(), "en")
    context = Context(kit, house.settings, console)
    set_up(context, house)
    word = house.people.reveal("demo_password")
    assert word is not None
    assert len(word) >= 10
    for person in PEOPLE:
        user = house.people.sign_in(person.name, word, ip="127.0.0.1", device="test").user
        assert house.people.roles(user) == {"order_tracking": (person.role,)}
    app = house.runtime.program("order_tracking").app
    assert {person.role for person in PEOPLE} == set(app.roles)
    assert [pull.every.total_seconds() for pull in app.connections["shop"].pulls.values()] == [3]
    director = house.people.actor(house.people.user("陈总"), app, channel="test")
    count = house.runtime.records(Read("order_tracking", "orders", count=True), director).count
    assert count == 40
    set_up(context, house)
    assert house.runtime.records(Read("order_tracking", "orders", count=True), director).count == count
    assert house.people.reveal("demo_password") == word
    assert house.runtime.incidents("order_tracking") == []


def test_the_life_line_on_the_command_line(run: Run, kit: Kit, house: House) -> None:
    set_up(Context(kit, house.settings, Console(io.StringIO(), io.StringIO(), io.StringIO(), "en")), house)
    app = house.runtime.program("order_tracking").app
    director = house.people.actor(house.people.user("陈总"), app, channel="test")
    read = Read("order_tracking", "orders", where="status == 'signed'", limit=1)
    record = house.runtime.records(read, director).records[0]["id"]
    lines = json.loads(run("journal", "show", "order_tracking", "orders", record, "--json").out)
    assert lines[0]["kind"] == "created"
    chain = json.loads(run("journal", "explain", "order_tracking", "orders", record, "warehouse", "--json").out)
    assert chain[0]["rule"]["path"].startswith("routing.pick_warehouse")
    assert run("journal", "show", "order_tracking", "orders", "nothing").code == 1
    assert record not in run("journal", "show", "order_tracking", "orders", record).err
