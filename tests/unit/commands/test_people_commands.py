from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.commands.kit import House
from tests.unit.commands.conftest import Run

WORD = "correct horse battery"


@pytest.fixture
def installed(run: Run) -> None:
    run("user", "add", "anna", "--owner", "--password-stdin", stdin=WORD)
    assert run("install", "order_tracking", "--role", "buyer").code == 0


def test_a_new_user_gets_a_link_alone_on_standard_output(run: Run, house: House) -> None:
    ran = run("user", "add", "小林", "--title", "林")
    assert ran.code == 0
    address, code = ran.out.strip().rsplit("/", 1)
    assert address == "http://127.0.0.1:8000/first"
    user = house.people.first_code_user(code)
    assert user is not None
    assert (user.name, user.title) == ("小林", "林")


def test_the_link_uses_the_public_address_when_there_is_one(run: Run) -> None:
    ran = run("user", "add", "lin", DAJIAN_BASE_URL="https://o.example.com")
    assert ran.out.startswith("https://o.example.com/first/")


def test_a_password_from_standard_input_works(run: Run, house: House) -> None:
    assert run("user", "add", "lin", "--password-stdin", stdin=WORD + "\n").out == ""
    assert house.people.sign_in("lin", WORD, ip="", device="").user.name == "lin"
    assert run("user", "add", "bo", "--password-stdin", stdin="short").code == 1


@pytest.mark.usefixtures("installed")
def test_roles_and_facts_are_given_and_taken(run: Run, house: House) -> None:
    ran = run("user", "add", "lin", "--role", "order_tracking.clerk", "--set", "order_tracking.store=online")
    assert ran.code == 0
    app = house.runtime.program("order_tracking").app
    actor = house.people.actor(house.people.user("lin"), app, channel="test")
    assert actor.roles == {"clerk"}
    assert actor.facts["store"] == "online"
    ran = run("user", "roles", "lin", "--add", "order_tracking.buyer", "--remove", "order_tracking.clerk", "--json")
    assert json.loads(ran.out) == ["order_tracking.buyer"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "option",
    [("--role", "order_tracking.king"), ("--role", "clerk"), ("--role", "nowhere.clerk"), ("--set", "order_tracking.shoe=44")],
)
def test_an_unknown_role_adds_nobody(run: Run, house: House, option: tuple[str, str]) -> None:
    ran = run("user", "add", "lin", *option)
    assert ran.code == 1
    assert ran.err != ""
    assert [user.name for user in house.people.users()] == ["anna"]


def test_the_list_shows_who_is_frozen(run: Run) -> None:
    run("user", "add", "lin")
    assert run("user", "freeze", "lin").code == 0
    assert json.loads(run("user", "list", "--json").out)[0]["frozen"] is True
    assert "frozen" in run("user", "list").out
    run("user", "unfreeze", "lin")
    assert json.loads(run("user", "list", "--json").out)[0]["frozen"] is False
    assert run("user", "freeze", "nobody").code == 1


def test_first_login_makes_the_owner_once(run: Run, house: House) -> None:
    first, second = run("first-login"), run("first-login")
    assert first.out != second.out
    assert [(user.name, user.owner) for user in house.people.users()] == [("owner", True)]
    assert house.people.first_code_user(first.out.strip().rsplit("/", 1)[1]) is None


def test_a_token_is_alone_on_standard_output(run: Run, house: House) -> None:
    run("user", "add", "lin")
    token = run("token", "add", "lin", "--name", "scales").out.strip()
    user = house.people.token_user(token)
    assert user is not None
    listed = json.loads(run("token", "list", "--json").out)
    assert [(entry["user"], entry["name"]) for entry in listed] == [("lin", "scales")]
    assert token not in run("token", "list").out
    assert run("token", "revoke", listed[0]["id"]).code == 0
    assert house.people.token_user(token) is None
    assert run("token", "revoke", listed[0]["id"]).code == 1


def test_a_secret_goes_in_and_never_comes_out(run: Run, house: House) -> None:
    ran = run("secret", "set", "shop_token", stdin="s3cret\n")
    assert ran.code == 0
    assert "s3cret" not in ran.out + ran.err
    assert house.people.reveal("shop_token") == "s3cret"
    assert run("secret", "list").out == "shop_token\n"
    assert run("secret", "set", "Bad Name", stdin="x").code == 1
    assert run("secret", "forget", "shop_token").code == 0
    assert run("secret", "list", "--json").out.strip() == "[]"


def test_a_key_file_open_to_others_stops_every_command(run: Run, house: House, tmp_path: Path) -> None:
    (tmp_path / "data" / "dajian.key").chmod(0o644)
    ran = run("user", "list")
    assert ran.code == 1
    assert "chmod 600" in ran.err
    looked = run("doctor")
    assert looked.code == 1
    assert "chmod 600" in looked.out


@pytest.mark.usefixtures("installed")
def test_a_wrong_name_is_answered_with_the_right_ones(run: Run) -> None:
    for command in (("user", "freeze", "lni"), ("token", "add", "lni"), ("user", "roles", "lni")):
        assert run(*command, DAJIAN_LOCALE="en").err.strip() == "unknown_user There is no user lni; there are: anna"
    for command in (("purge", "orders"), ("rollback", "orders"), ("user", "roles", "anna", "--add", "orders.clerk")):
        assert run(*command, DAJIAN_LOCALE="en").err.strip() == "unknown_app There is no app orders; there are: order_tracking"
