"""Person fields: who may be named in one, and how people call them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.access.decide import SYSTEM
from engine.kinds.protocols import ValueProblem
from engine.model.app import Table
from engine.model.change import Actor
from engine.model.text import Text
from engine.people.roles import members
from engine.people.users import find_user, titles_of
from engine.runtime.work import Work

KIND = "person"


def named(work: Work, given: str, actor: Actor) -> str:
    """The name, as it is written in the house, of who is meant by a name (width and case do not matter) or by a title that one
    person bears. People name those who hold a role in the app and are not frozen; the system anybody of the house.
    ValueProblem says whom there is to choose from."""
    if actor.kind == SYSTEM:
        user = find_user(work.connection, given)
        if user is not None:
            return user.name
    here = members(work.connection, work.program.app.name)
    wanted = given.casefold()
    by_name = [user for user in here if user.name.casefold() == wanted]
    found = by_name or [user for user in here if user.title.casefold() == wanted]
    if len(found) == 1:
        return found[0].name
    if found:
        message = Text(
            "有几位都叫「{given}」：{names}；请写登录名", "Several people are called “{given}”: {names}; give the user name"
        )
        raise ValueProblem("ambiguous", message.fill(given=given, names=", ".join(user.name for user in found)))
    message = Text("没有「{given}」这位用户；请从名单里选一位", "There is no user “{given}” here; choose one from the list")
    raise ValueProblem("unknown_person", message.fill(given=given))


def fields(table: Table, shown: Iterable[str]) -> list[str]:
    """The person fields of a table among those shown."""
    return [name for name in shown if table.fields[name].kind == KIND]


def titles(work: Work, table: Table, rows: Sequence[Mapping[str, Any]], shown: Iterable[str]) -> Mapping[str, str]:
    """User name → how that person is called, for all whom the rows name."""
    names = {row[name] for name in fields(table, shown) for row in rows if row[name] is not None}
    return titles_of(work.connection, names) if names else {}
