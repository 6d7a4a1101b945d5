"""What publishing would change beside the tables, in sentences: who newly sees or does what, which rules come, change and go.
Compares what two definitions mean, so that moving a line or a comment is no change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from types import MappingProxyType
from typing import Any

from engine.model.app import App, Permission, Show
from engine.model.text import Text
from engine.model.tree import Expression

_OPENS = Text("{role} 可以{act} {table}.{field} 了", "{role} can now {act} {table}.{field}")
_CLOSES = Text("{role} 不能再{act} {table}.{field}", "{role} can no longer {act} {table}.{field}")
_CHANGES = Text("{role} {act} {table}.{field} 的条件变了", "When {role} can {act} {table}.{field} changes")
_READ = Text("看", "read")
_EDIT = Text("改", "change")
_CREATE = Text("在新建时填", "give on creation")
_IN_TABLE = Text("{table} · {field}", "{table} · {field}")
_WHOLE = Text("{role} 在 {table} 里{what}变了", "{role} in {table}: {what} changes")

# Where a part stands, and what it was called before; its name now is the key that it is compared by.
_ASIDE = ("span", "name", "was")

Named = Mapping[str, tuple[Text, Any]]


@dataclass(frozen=True, slots=True)
class Names:
    """What a running definition's tables and fields are called in the coming one: old table → new; (old table, old field) →
    new field. A renamed field is the same field, not one that goes and one that comes."""

    tables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    fields: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))

    @staticmethod
    def of(running: App, coming: App) -> Names:
        """By what the coming definition says with `was`, as long as nothing goes by the old name there."""
        tables = {
            t.was: t.name
            for t in coming.tables.values()
            if t.was is not None and t.was in running.tables and t.was not in coming.tables
        }
        back = {new: old for old, new in tables.items()}
        moved = {
            (back.get(t.name, t.name), f.was): f.name
            for t in coming.tables.values()
            for f in t.fields.values()
            if f.was is not None and f.was not in t.fields
        }
        return Names(tables, moved)

    def table_now(self, name: str) -> str:
        """Its name now."""
        return self.tables.get(name, name)

    def field_now(self, table: str, name: str) -> str:
        """The name now of a field of a table that is given by its old name."""
        return self.fields.get((table, name), name)


def changes(running: App | None, coming: App) -> list[Text]:
    """Sentences, what opens first. `running` None: everything in the definition is new and only counted."""
    if running is None:
        text = Text(
            "新应用 {app}：{t} 张表，{r} 个角色，{n} 条规则",
            "A new app, {app}: {t} {t|table|tables}, {r} {r|role|roles}, {n} {n|rule|rules}",
        )
        return [text.fill(app=coming.name, t=len(coming.tables), r=len(coming.roles), n=len(coming.rules))]
    names = Names.of(running, coming)
    before = _parts(running, names)
    found = [*_permissions(running, coming, names)]
    for word, after in _parts(coming, Names()).items():
        found += _differences(word, before[word], after)
    return found


def meaning(value: Any) -> Any:
    """A part of an app without the places where it stands in the text."""
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, Text):
        return (value.zh, value.en)
    if is_dataclass(value):
        return tuple(meaning(getattr(value, f.name)) for f in fields(value) if f.name not in _ASIDE)
    if isinstance(value, Mapping):
        return tuple((name, meaning(item)) for name, item in value.items())
    return tuple(meaning(item) for item in value) if isinstance(value, tuple | list) else value


def _permissions(running: App, coming: App, names: Names) -> Iterator[Text]:
    for role in {**coming.permissions, **running.permissions}:
        if role not in coming.roles:
            continue  # said as a role that goes
        old = {names.table_now(table): (table, held) for table, held in running.permissions.get(role, {}).items()}
        new = coming.permissions.get(role, {})
        for table in {**new, **old}:
            was, held = old.get(table, (table, None))
            grants = [{names.field_now(was, field): how for field, how in each.items()} for each in _grants(held)]
            yield from _permission(coming.roles[role].title, table, held, new.get(table), grants)


def _permission(
    role: Text, table: str, old: Permission | None, new: Permission | None, granted: Sequence[Mapping[str, Any]]
) -> Iterator[Text]:
    """`granted` of old, by the names that the fields have now."""
    for act, before, after in zip((_READ, _EDIT, _CREATE), granted, _grants(new), strict=True):
        for name in {**after, **before}:
            text = _OPENS if name not in before else _CLOSES if name not in after else _CHANGES
            if name not in before or name not in after or before[name] != after[name]:
                yield text.fill(role=role, act=act, table=table, field=name)
    for what, first, then in (
        (Text("能看到的范围", "the records in sight"), old and old.records, new and new.records),
        (Text("新建的条件", "when a record may be made"), _made(old), _made(new)),
        (Text("能否删除", "deleting"), old and old.delete, new and new.delete),
    ):
        if meaning(first) != meaning(then):
            yield _WHOLE.fill(role=role, table=table, what=what)


def _grants(permission: Permission | None) -> tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]:
    """Field → what decides, for reading, changing and giving on creation."""
    if permission is None:
        return {}, {}, {}
    reads = {name: meaning(read) for name, read in permission.read.items() if read.show is not Show.NEVER}
    edits = {name: meaning(edit) for name, edit in permission.edit.items()}
    return reads, edits, dict.fromkeys(permission.create.fields if permission.create else ())


def _made(permission: Permission | None) -> Any:
    return permission.create.condition if permission is not None and permission.create is not None else None


def _parts(app: App, names: Names) -> dict[Text, Named]:
    """Kind → name as it is now → title and meaning."""
    tables = app.tables.values()
    flows = [(table, table.flow) for table in tables if table.flow is not None]
    return {
        Text("角色", "role"): {r.name: (r.title, meaning(r)) for r in app.roles.values()},
        Text("字段", "field"): {
            f"{names.table_now(t.name)}.{names.field_now(t.name, f.name)}": (
                _IN_TABLE.fill(table=t.title, field=f.title),
                meaning(f),
            )
            for t in tables
            for f in t.fields.values()
        },
        Text("检查", "check"): {
            f"{names.table_now(t.name)}.{c.name}": (c.message, meaning(c)) for t in tables for c in t.checks.values()
        },
        Text("状态", "state"): {
            f"{names.table_now(t.name)}.{s.name}": (s.title, meaning(s)) for t, flow in flows for s in flow.states.values()
        },
        Text("流转", "transition"): {
            f"{names.table_now(t.name)}.{m.name}": (m.title, meaning(m)) for t, flow in flows for m in flow.transitions.values()
        },
        Text("规则", "rule"): {r.name: (r.title, meaning(r)) for r in app.rules},
        Text("分单", "routing"): {r.name: (r.title, meaning(r)) for r in app.routings},
        Text("提醒", "alert"): {a.name: (a.title, meaning(a)) for a in app.alerts},
        Text("连接", "connection"): {c.name: (c.title, meaning(c)) for c in app.connections.values()},
        Text("看板", "board"): {b.name: (b.title, meaning(b)) for b in app.boards.values()},
    }


def _differences(word: Text, before: Named, after: Named) -> Iterator[Text]:
    for name, (title, what) in after.items():
        if name not in before:
            yield Text("新增{word} {title}", "New {word}: {title}").fill(word=word, title=title)
        elif before[name][1] != what:
            yield Text("改了{word} {title}", "Changed {word}: {title}").fill(word=word, title=title)
    for name, (title, _) in before.items():
        if name not in after:
            yield Text("去掉{word} {title}", "Gone {word}: {title}").fill(word=word, title=title)
