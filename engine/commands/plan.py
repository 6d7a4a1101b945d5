"""What publishing would change beside the tables, in sentences: who newly sees or does what, which rules come and go."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.app import App, Permission, Show
from engine.model.text import Text


def changes(running: App | None, coming: App) -> list[Text]:
    """Sentences, what opens first. `running` None: everything in the definition is new and only counted."""
    if running is None:
        text = Text("新应用 {app}：{t} 张表，{r} 个角色，{n} 条规则", "A new app, {app}: {t} tables, {r} roles, {n} rules")
        return [text.fill(app=coming.name, t=len(coming.tables), r=len(coming.roles), n=len(coming.rules))]
    return [*_opened(running, coming), *_parts("rule", running, coming), *_parts("role", running, coming)]


def _opened(running: App, coming: App) -> Iterator[Text]:
    """Fields that a role can read or change and could not before."""
    for role, tables in coming.permissions.items():
        for table, permission in tables.items():
            before = running.permissions.get(role, {}).get(table)
            for field in sorted(_reads(permission) - _reads(before)):
                text = Text("{role} 可以看 {table}.{field} 了", "{role} can now read {table}.{field}")
                yield text.fill(role=coming.roles[role].title, table=table, field=field)
            for field in sorted(set(permission.edit) - set(before.edit if before else ())):
                text = Text("{role} 可以改 {table}.{field} 了", "{role} can now change {table}.{field}")
                yield text.fill(role=coming.roles[role].title, table=table, field=field)


def _reads(permission: Permission | None) -> set[str]:
    if permission is None:
        return set()
    return {name for name, read in permission.read.items() if read.show is not Show.NEVER}


def _parts(kind: str, running: App, coming: App) -> Iterator[Text]:
    if kind == "rule":
        before, after = ({rule.name: rule.title for rule in app.rules} for app in (running, coming))
        word = Text("规则", "rule")
    else:
        before, after = ({role.name: role.title for role in app.roles.values()} for app in (running, coming))
        word = Text("角色", "role")
    for name in after:
        if name not in before:
            yield Text("新增{word} {title}", "New {word}: {title}").fill(word=word, title=after[name])
    for name in before:
        if name not in after:
            yield Text("去掉{word} {title}", "Gone {word}: {title}").fill(word=word, title=before[name])
