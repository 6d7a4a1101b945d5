"""What people call the things of an app: fields (the implicit ones too), tables, choices, states, roles, facts of a person.

A title is data and may hold anything. Two things of one sort never get the same words: where titles collide the name
stands beside them, and a title that could be read as part of the sentence stands in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from engine.model.app import App, Choice, Table
from engine.model.text import Text
from engine.model.types import Children

_IMPLICIT: Mapping[str, Text] = MappingProxyType(
    {
        "id": Text("记录编号", "Record id"),
        "version": Text("版本号", "Version"),
        "created_at": Text("创建时间", "Time created"),
        "created_by": Text("创建人", "Creator"),
        "updated_at": Text("最后修改时间", "Time last changed"),
        "updated_by": Text("最后修改人", "Last editor"),
        "waiting": Text("当前状态停留时长", "Time in the present state"),
    }
)
_ENTERED = Text("进入{state}的时间", "Time of entering {state}")
_FACTS: Mapping[str, Text] = MappingProxyType(
    {
        "name": Text("姓名", "name"),
        "roles": Text("角色", "roles"),
        "departments": Text("部门", "departments"),
        "lead": Text("上级", "lead"),
    }
)
_EXTRAS: Mapping[str, Text] = MappingProxyType({"elapsed": Text("已过时长", "time passed")})
_TWICE = Text("{title}（{name}）", "{title} ({name})")
# Signs that sentences are made of, and the words that join a path: a title with one of them goes into quotation marks.
_RISKY_ZH = re.compile(r"[「」“”（）()，,、；;：:。]|的")
_RISKY_EN = re.compile(r"[「」“”（）(),;:]|'s |^(your|this|the|its|all) ")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PICTURES = 0x2400


def visible(text: str) -> str:
    """Line breaks and other control characters as the signs that stand for them."""
    return _CONTROL.sub(lambda found: chr(_PICTURES + ord(found[0])) if found[0] != "\x7f" else "\u2421", text)


def quoted(text: Text) -> Text:
    """In quotation marks; those inside are doubled, so that the end can be told."""
    zh, en = visible(text.zh).replace("」", "」」"), visible(text.en).replace("”", "””")
    return Text(f"「{zh}」", f"“{en}”")


def plain(title: Text) -> Text:
    """A title within a sentence: in quotation marks only where it could be read as part of the sentence."""
    marked = quoted(title)
    zh = marked.zh if _RISKY_ZH.search(title.zh) or _odd(title.zh) else title.zh
    return Text(zh, marked.en if _RISKY_EN.search(title.en) or _odd(title.en) else title.en)


def _odd(title: str) -> bool:
    return title != title.strip() or not title or _CONTROL.search(title) is not None


def apart(name: str, title: Text, titles: Iterable[Text]) -> Text:
    """The title, with the name beside it where another (`titles` has them all, this one too) is called the same."""
    listed = list(titles)
    both = _TWICE.fill(title=title, name=name)
    zh = both.zh if sum(each.zh == title.zh for each in listed) > 1 else title.zh
    return Text(zh, both.en if sum(each.en == title.en for each in listed) > 1 else title.en)


def field_title(app: App, table: str, name: str) -> Text:
    """A field's own title, or the words for an implicit one."""
    return _field_titles(app.tables[table]).get(name) or Text.of(name)


def field_words(app: App, table: str, name: str) -> Text:
    """A field within a sentence."""
    titles = _field_titles(app.tables[table])
    title = titles.get(name) or Text.of(name)
    return plain(apart(name, title, titles.values()))


def _field_titles(table: Table) -> Mapping[str, Text]:
    states = table.flow.states.values() if table.flow else ()
    entered = {f"{state.name}_at": _ENTERED.fill(state=quoted(state.title)) for state in states}
    return {**_IMPLICIT, **entered, **{field.name: field.title for field in table.fields.values()}}


def table_words(app: App, name: str) -> Text:
    """A table within a sentence, in quotation marks in Chinese as on the pages."""
    titles = [table.title for table in app.tables.values()]
    title = apart(name, app.tables[name].title, titles)
    return Text(quoted(title).zh, plain(title).en)


def choice_words(choices: Mapping[str, Choice], value: str) -> Text:
    """A choice or state by its title, a text as it is; in quotation marks."""
    if value not in choices:
        return quoted(Text.of(value))
    return quoted(apart(value, choices[value].title, (choice.title for choice in choices.values())))


def role_words(app: App, name: str) -> Text:
    """A role by its title; `system` is the machine itself."""
    if name not in app.roles:
        return Text("系统", "the system") if name == "system" else quoted(Text.of(name))
    return plain(apart(name, app.roles[name].title, (role.title for role in app.roles.values())))


def fact_words(app: App, name: str) -> Text:
    """What is known of a person."""
    known = app.people.get(name)
    titles = {**_FACTS, **{field.name: field.title for field in app.people.values()}}
    return plain(apart(name, known.title if known else titles.get(name, Text.of(name)), titles.values()))


def extra_words(name: str) -> Text:
    """A name that the scope adds."""
    return _EXTRAS.get(name) or Text.of(name)


def flag_words(app: App, table: str, name: str) -> Text:
    """A check by the message that its flag shows."""
    checks = app.tables[table].checks if table in app.tables else {}
    messages = [check.message for check in checks.values()]
    return quoted(apart(name, checks[name].message, messages) if name in checks else Text.of(name))


def same_lists(app: App, child: Children) -> int:
    """How many lists of the same table the owner has: two links from it need telling apart."""
    field = app.tables[child.table].fields.get(child.link)
    owner = field.type.table if field else None
    lists = app.tables[owner].children.values() if owner else ()
    return sum(each.table == child.table for each in lists)
