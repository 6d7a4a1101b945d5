"""Which indexes a table gets, from what its definition says of how it is read: keys, links, boards, the records that a role may
see, alerts, and conditions that look records up. So a list is fast as installed, and nobody has to know what an index is.

An index serves a list when the fields that must equal something stand first and its sort follows, all one way; the id settles
ties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.language.walk import walk
from engine.model.app import App
from engine.model.app import Table as AppTable
from engine.model.edges import Board
from engine.model.text import Text
from engine.model.tree import Aggregate, Expression, Find
from engine.storage.indexable import Held, held

# Beside keys and links: each index costs every write a little, and what more boards ask for is served by reading more.
MOST = 10
_NOT_SORTABLE = ("long_text", "json", "attachment", "choices", "tags")
_SYSTEM = ("created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Chosen:
    """`fields` in order; `key`: no two records alike. `why` for people: what it is for."""

    fields: tuple[str, ...]
    key: bool
    why: Text


def chosen(app: App, table: AppTable) -> Sequence[Chosen]:
    """The indexes of one table: all keys and links, and of the others those that matter most."""
    keys = [(name,) for name, field in table.fields.items() if field.unique] + [tuple(key) for key in table.keys]
    found = {key: Chosen(key, True, Text("不能重复", "no two alike")) for key in keys}
    wanted = [each for each in _wanted(app, table) if each.fields not in found]
    links = [each for each in wanted if each.fields[0] in table.fields and table.fields[each.fields[0]].kind == "link"]
    others: dict[tuple[str, ...], Chosen] = {}
    for each in wanted:
        if len(others) < MOST and not _served(each.fields, [*found, *others]):
            others = {fields: one for fields, one in others.items() if not _served(fields, [each.fields])}
            others[each.fields] = each
    for each in links:
        if len(each.fields) == 1 and not _served(each.fields, [*found, *others]):
            others[each.fields] = each
    return [*found.values(), *others.values()]


def _served(fields: tuple[str, ...], by: Sequence[tuple[str, ...]]) -> bool:
    """Is there one that begins like it?"""
    return any(other[: len(fields)] == fields for other in by)


def _wanted(app: App, table: AppTable) -> Iterator[Chosen]:
    """What would be of use, what matters most first."""
    for field in table.fields.values():
        if field.kind == "link":
            yield Chosen((field.name,), False, Text("链接「{f}」", "the link {f}").fill(f=field.title))
    yield from _lists(app, table)
    if table.flow is not None:
        yield Chosen((table.flow.field, "id"), False, Text("按状态看", "records of one state"))
    for alert in app.alerts:
        if alert.table == table.name:
            why = Text("提醒「{a}」", "the alert {a}").fill(a=alert.title)
            yield from _for_condition(table, alert.condition, why)
    yield from _looked_up(app, table)


def _lists(app: App, table: AppTable) -> Iterator[Chosen]:
    """Boards within what each role sees; then what each role sees, newest first."""
    scopes = _scopes(app, table)
    boards = [board for board in app.boards.values() if board.table == table.name]
    for board in boards:
        for role, scope in scopes:
            for alternative in _held(table, board.where):
                equal = tuple(dict.fromkeys((*scope.equal, *alternative.equal)))
                yield from _board(table, board, equal, role)
    for role, scope in scopes:
        why = Text("「{r}」能看的记录", "the records that {r} sees").fill(r=role) if role else Text("", "")
        if scope.equal:
            yield Chosen((*scope.equal, "id"), False, why)
        if scope.within:
            yield Chosen((*scope.equal, scope.within[0]), False, why)


def _board(table: AppTable, board: Board, equal: tuple[str, ...], role: Text | None) -> Iterator[Chosen]:
    """A kanban is read state by state; a grid whole, and by state when somebody filters it."""
    why = Text("看板「{b}」", "the board {b}").fill(b=board.title)
    if role is not None:
        why = Text("{b}，「{r}」能看的", "{b} as far as {r} sees it").fill(b=why, r=role)
    sort = _one_way(table, board.sort)
    states = (board.by,) if board.by is not None and board.by in table.fields else ()
    if not states and table.flow is not None:
        yield from _list(equal, sort, why)
        states = (table.flow.field,)
    yield from _list(tuple(dict.fromkeys((*equal, *states))), sort, why)


def _list(equal: tuple[str, ...], sort: tuple[str, ...], why: Text) -> Iterator[Chosen]:
    rest = tuple(name for name in sort if name not in equal)
    if equal or rest:
        yield Chosen((*equal, *rest, "id"), False, why)


def _one_way(table: AppTable, sort: Sequence[str]) -> tuple[str, ...]:
    """The first fields of a sort that go the same way and have a column; an index read backwards goes the other way."""
    found: list[str] = []
    for each in sort:
        name = each.lstrip("-")
        if each.startswith("-") != sort[0].startswith("-") or not _has_column(table, name):
            break
        found.append(name)
    return tuple(name for name in found if name != "id")


def _has_column(table: AppTable, name: str) -> bool:
    if name in table.fields:
        return name not in table.types.computed and table.fields[name].kind not in _NOT_SORTABLE
    return name in _SYSTEM or name.removesuffix("_at") in (table.flow.states if table.flow else ())


def _scopes(app: App, table: AppTable) -> list[tuple[Text | None, Held]]:
    """(role's title, what its condition holds down), those that see all records together as one without a role; each once."""
    found: dict[Held, Text | None] = {}
    for role, grants in app.permissions.items():
        grant = grants.get(table.name)
        if grant is not None and role in app.roles:
            for alternative in _held(table, grant.records):
                found.setdefault(alternative, app.roles[role].title if grant.records is not None else None)
    ordered = sorted(found.items(), key=lambda item: bool(item[0].equal), reverse=True)
    return [(role, scope) for scope, role in ordered] or [(None, Held())]


def _held(table: AppTable, condition: Expression | None) -> list[Held]:
    """Alternatives with those fields only that can be indexed; at least one."""
    alternatives = held(condition.node) if condition is not None else []
    return [_columns(table, each) for each in alternatives] or [Held()]


def _columns(table: AppTable, given: Held) -> Held:
    order = [*table.fields, *_SYSTEM]
    equal = sorted(
        (name for name in given.equal if _has_column(table, name)), key=lambda n: order.index(n) if n in order else -1
    )
    return Held(tuple(equal), tuple(name for name in given.within if _has_column(table, name)))


def _for_condition(table: AppTable, condition: Expression, why: Text) -> Iterator[Chosen]:
    for each in _held(table, condition):
        fields = (*each.equal, *each.within[:1])
        if fields:
            yield Chosen(fields, False, why)


def _looked_up(app: App, table: AppTable) -> Iterator[Chosen]:
    """`find(table, …)` and `count(table, …)` anywhere, and the records that a rule's step changes."""
    why = Text("条件里按它查", "looked up by a condition")
    for expression in _expressions(app):
        for node in walk(expression.node):
            inner = node.condition if isinstance(node, Find) else node.body if isinstance(node, Aggregate) else None
            if isinstance(node, Find | Aggregate) and node.table == table.name and inner is not None:
                link = (node.link,) if isinstance(node, Aggregate) and node.link else ()
                for each in held(inner, node.row):
                    fields = _columns(table, Held((*link, *(n for n in each.equal if n not in link)), each.within))
                    if len(fields.equal) > len(link) or not link:
                        yield from _fields(fields, why)
    for rule in app.rules:
        for step in rule.steps:
            if step.where is not None and step.options.get("table") == table.name:
                for each in held(step.where.node, 1):
                    changed = Text("规则「{r}」要改的记录", "the records that the rule {r} changes").fill(r=rule.title)
                    yield from _fields(_columns(table, each), changed)


def _fields(fields: Held, why: Text) -> Iterator[Chosen]:
    together = (*fields.equal, *fields.within[:1])
    if together:
        yield Chosen(together, False, why)


def _expressions(app: App) -> Iterator[Expression]:
    """Every expression of the app that may look records up."""
    for table in app.tables.values():
        yield from (field.value for field in table.fields.values() if field.value is not None)
        yield from (check.must for check in table.checks.values())
        if table.flow is not None:
            yield from (move.guard for move in table.flow.transitions.values() if move.guard is not None)
    for rule in app.rules:
        yield from (rule.condition,) if rule.condition is not None else ()
        for step in rule.steps:
            yield from step.values.values()
            yield from (step.where,) if step.where is not None else ()
    yield from (row.condition for routing in app.routings for row in routing.rows)
    yield from (alert.condition for alert in app.alerts)
    for connection in app.connections.values():
        for pull in connection.pulls.values():
            yield from pull.map.values()
            yield from (value for child in pull.children.values() for value in child.map.values())
    yield from (grant.records for grants in app.permissions.values() for grant in grants.values() if grant.records is not None)
