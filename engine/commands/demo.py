"""`demo`: the order tracking board as a running business: sample data, a shop next door that keeps selling, a person for each
role.

For looking around on one's own machine. It adds to the data folder what is missing and changes nothing that is there; the
people's password is random per data folder and shown on the console only.
"""

from __future__ import annotations

import argparse
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from engine.commands.kit import Commands, Context, House
from engine.commands.serve import port as port_number
from engine.commands.serve import run_house, welcome
from engine.market.sample import add_sample
from engine.model.app import App
from engine.model.problem import Problem
from engine.model.text import Text
from engine.people.actors import publisher
from engine.people.users import User

TEMPLATE = "order_tracking"
SHARED = "demo_password"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here, in one role, with what the app knows of them."""

    name: str
    role: str
    facts: Sequence[tuple[str, str]] = ()


PEOPLE = (
    Person("小林", "clerk", (("store", "online"),)),
    Person("老周", "buyer"),
    Person("阿强", "picker", (("warehouse", "hz"),)),
    Person("小王", "finance"),
    Person("小赵", "finance"),
    Person("陈总", "director"),
    Person("佛山外包仓", "partner", (("warehouse", "fs"),)),
)


def demo(context: Context, arguments: argparse.Namespace) -> int:
    """Set up what is missing, then serve until stopped."""
    token = secrets.token_urlsafe(24)
    port = arguments.port or context.settings.port
    with shop(context, token, port + 1) as address:
        host = address.removeprefix("http://")
        allowed = (*context.settings.allow_private_hosts, host)
        context = replace(context, settings=replace(context.settings, allow_private_hosts=allowed, port=port))
        with context.kit.open(context.settings) as house:
            house.people.set_secret("shop_domain", address)
            house.people.set_secret("shop_token", token)
            set_up(context, house)
            return run_house(context, house, lambda: _say(context, house))


def set_up(context: Context, house: House) -> None:
    """Owner, app, sample and people, as far as they are not there."""
    owner = house.people.owner() or house.people.add_user("owner", owner=True)
    if TEMPLATE not in house.runtime.apps():
        context.console.talk(Text("安装订单追踪看板和示例数据……", "Installing the order tracking board and its sample data …"))
        who = publisher(owner, channel="command")
        house.market.install(TEMPLATE, who, roles=("buyer", "director"), demo=True)
        add_sample(house.runtime.core, TEMPLATE, house.market.folder(TEMPLATE))
    if house.people.reveal(SHARED) is None:
        house.people.set_secret(SHARED, secrets.token_urlsafe(9))
    app = house.runtime.program(TEMPLATE).app
    known = {user.name for user in house.people.users()}
    for person in PEOPLE:
        if person.name not in known:
            _hire(house, app, person)


def _hire(house: House, app: App, person: Person) -> User:
    title = f"{person.name}（{app.roles[person.role].title.zh}）"
    user = house.people.add_user(person.name, title=title)
    house.people.set_password(user, house.people.reveal(SHARED) or "")
    house.people.grant(user, app, person.role)
    for name, value in person.facts:
        house.people.set_fact(user, app, name, value)
    return user


def _say(context: Context, house: House) -> None:
    welcome(context, house)
    console, app = context.console, house.runtime.program(TEMPLATE).app
    console.talk(
        Text("用下面的名字登录，密码都是 {word}", "Sign in by these names; the password is {word}").fill(
            word=house.people.reveal(SHARED)
        )
    )
    for person in PEOPLE:
        console.talk(f"    {person.name}  {app.roles[person.role].title.to(console.locale)}")
    console.talk(
        Text("小店在不断来单，看板每几秒更新一次。按 Ctrl+C 停止。", "The shop keeps selling; the board follows. Ctrl+C stops.")
    )


@contextmanager
def shop(context: Context, token: str, port: int) -> Iterator[str]:
    """The shop next door as a child process, on `port` if it is free, so that it is the same shop the next time; gives its
    address, and ends it in the end. Raises Problem 503 when it does not start."""
    child, address = _start_shop(context, token, port)
    if not address:
        child, address = _start_shop(context, token, 0)
    try:
        if not address:
            detail = Text("请在源代码目录里执行 make demo", "Run make demo in the source folder")
            raise Problem(503, "no_shop", Text("小店没有启动", "The shop did not start"), detail)
        yield address
    finally:
        child.terminate()
        child.wait(timeout=10)


def _start_shop(context: Context, token: str, port: int) -> tuple[subprocess.Popen[str], str]:
    """The process and its address, which is empty when it ended at once."""
    state = (context.settings.data_dir / "shop.json").absolute()
    state.parent.mkdir(parents=True, exist_ok=True)
    options = ["--port", str(port), "--orders", "12", "--every", "6", "--state", str(state), "--token", token, "--leash"]
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "tests.servers.shop", *options],
        cwd=context.kit.root,
        stdin=subprocess.PIPE,  # the leash: it ends with this process, however that ends, and gives port and state back
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return child, child.stdout.readline().strip() if child.stdout else ""


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    showing = commands.add_parser("demo", help="a running example: order tracking, sample data, a selling shop, people")
    showing.add_argument("--port", type=port_number, help="port to listen on (default: DAJIAN_PORT)")
    showing.set_defaults(run=demo)
