"""What one role may do with one table, as sentences: which records, what it sees, makes, changes and deletes.

Fields under the same condition share a sentence. Whatever no sentence names, the role does not see and cannot do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from engine.kinds.speech import Speech
from engine.language.sentence.naming import role_words
from engine.language.sentence.phrase import enumerated
from engine.model.app import App, FieldRead, Permission, Show
from engine.model.text import Text
from engine.model.tree import Expression

_EVERY = Text("{role}的范围是全部{table}", "{role} deals with every record of {table}")
_SCOPE = Text("{role}的范围是满足（{condition}）的{table}", "{role} deals with the records of {table} where ({condition})")
_NOTHING = Text("看不到任何字段", "It sees no field")
_ALL = Text("看得到全部字段", "It sees every field")
_ALL_BUT = Text("除了{fields}，看得到全部字段", "It sees every field except {fields}")
_SEES = Text("看得到{fields}", "It sees {fields}")
_SEES_WHEN = Text("在（{condition}）时看得到{fields}", "It sees {fields} while ({condition})")
_MASKED = Text("{fields}只显示打码后的值", "It sees {fields} masked")
_FOUND = Text("{fields}只显示打码后的值，但可以用完整的值查找", "It sees {fields} masked, and finds records by the full value")
_CREATES = Text("可以新建，填{fields}", "It creates records and fills in {fields}")
_CREATES_WHEN = Text(
    "可以新建满足（{condition}）的记录，填{fields}", "It creates records where ({condition}), filling in {fields}"
)
_EDITS = Text("可以改{fields}", "It changes {fields}")
_EDITS_WHEN = Text("在（{condition}）时可以改{fields}", "It changes {fields} while ({condition})")
_DELETES = Text("可以删除", "It deletes records")
_DELETES_WHEN = Text("在（{condition}）时可以删除", "It deletes records while ({condition})")
_FIRST: Mapping[Show, int] = MappingProxyType({Show.ALWAYS: 0, Show.WHEN: 1, Show.MASKED: 2, Show.NEVER: 3})


def permission_sentences(app: App, permission: Permission) -> list[Text]:
    """The scope first, then seeing, making, changing, deleting."""
    speech = Speech(app, permission.table)
    role, table = role_words(app, permission.role), speech.table_words()
    lines = [_EVERY.say(role=role, table=table)]
    if permission.records is not None:
        lines = [_SCOPE.say(role=role, table=table, condition=speech.condition(permission.records))]
    lines += _reads(app, permission, speech)
    if permission.create is not None:
        fields, condition = permission.create.fields, permission.create.condition
        lines += _grouped([(fields, _CREATES, _CREATES_WHEN, condition)], app, speech)
    edits = [((name,), _EDITS, _EDITS_WHEN, edit.condition) for name, edit in permission.edit.items()]
    lines += _grouped(edits, app, speech)
    if permission.delete is not None:
        lines += _grouped([((), _DELETES, _DELETES_WHEN, permission.delete.condition)], app, speech)
    return lines


def _reads(app: App, permission: Permission, speech: Speech) -> list[Text]:
    table = app.tables[permission.table]
    everything = {*table.fields, *table.children}
    open_to_all = {name for name, read in permission.read.items() if read.show is Show.ALWAYS}
    hidden = [name for name in (*table.fields, *table.children) if name not in permission.read or _never(permission.read[name])]
    if open_to_all == everything:
        return [_ALL]
    if open_to_all and len(open_to_all) + len(hidden) == len(everything) and len(hidden) < len(open_to_all):
        return [_ALL_BUT.say(fields=_names(hidden, app, speech))]
    by_show = sorted(permission.read.items(), key=lambda item: _FIRST[item[1].show])
    said = [((name,), *_messages(read), read.condition) for name, read in by_show if not _never(read)]
    return _grouped(said, app, speech) or [_NOTHING]


def _never(read: FieldRead) -> bool:
    return read.show is Show.NEVER


def _messages(read: FieldRead) -> tuple[Text, Text]:
    """Without and with a condition."""
    if read.show is Show.MASKED:
        return (_FOUND, _FOUND) if read.find_exact else (_MASKED, _MASKED)
    return _SEES, _SEES_WHEN


_Grant = tuple[tuple[str, ...], Text, Text, Expression | None]


def _grouped(grants: Iterable[_Grant], app: App, speech: Speech) -> list[Text]:
    """One sentence for all fields that are granted alike, filled in one go: a title may hold braces."""
    groups: dict[tuple[Text, Text | None], list[str]] = {}
    for names, always, when, condition in grants:
        said = None if condition is None else speech.condition(condition)
        groups.setdefault((always if said is None else when, said), []).extend(names)
    return [message.say(fields=_names(names, app, speech), condition=said or "") for (message, said), names in groups.items()]


def _names(names: Iterable[str], app: App, speech: Speech) -> Text:
    children = app.tables[speech.table].children
    return enumerated(
        speech.table_words(children[name].table) if name in children else speech.field_words(name) for name in names
    )
