"""What a command line names: a wrong name is answered with the right ones, since whoever types here may see them all."""

from __future__ import annotations

from collections.abc import Iterable

from engine.commands.kit import House
from engine.model.problem import Problem
from engine.model.text import Text
from engine.people.users import User

_MOST = 20


def named_user(house: House, name: str) -> User:
    """The user of that name. Raises Problem 404 that lists those there are."""
    try:
        return house.people.user(name)
    except Problem as problem:
        if problem.status != 404:
            raise
        names = [user.name for user in house.people.users()]
        text = Text("没有用户 {name}；有：{all}", "There is no user {name}; there are: {all}")
        raise _unknown("unknown_user", text, name, names) from problem


def named_app(house: House, name: str) -> str:
    """The same name, of an installed app. Raises Problem 404 that lists those there are."""
    if name in house.runtime.apps():
        return name
    text = Text("没有应用 {name}；有：{all}", "There is no app {name}; there are: {all}")
    raise _unknown("unknown_app", text, name, house.runtime.apps())


def _unknown(code: str, text: Text, name: str, names: Iterable[str]) -> Problem:
    known = sorted(names)
    listed = ", ".join(known[:_MOST]) + (" …" if len(known) > _MOST else "")
    return Problem(404, code, Text("没有这一项", "Not found"), text.fill(name=name, all=listed or "–"))
