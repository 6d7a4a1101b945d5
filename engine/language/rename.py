"""One expression or template with other names for the same things. Only the names change; whatever else was written stays,
to the character.

The new text is read again, and must say of every name what the old text said: a name that would come to mean something else
is refused. Whole definitions are renamed by engine.definition, in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.language.expression import read_expression
from engine.language.reading import Parts
from engine.language.references import Kind, Mention, Thing, names_in, option, options_in
from engine.language.template import read_template
from engine.model.diagnostic import DefinitionError, Span
from engine.model.problem import Fault, Problem
from engine.model.text import Text
from engine.model.types import Children, Scope, TableTypes, Type, TypeKind

Renames = Mapping[Thing, str]


def mentions(text: str, scope: Scope, *, template: bool = False) -> tuple[Mention, ...]:
    """Every name in an expression (or the expressions of a template) and what it stands for, in order. Raises
    DefinitionError when the text is wrong."""
    heard: list[Parts] = []
    if template:
        read_template(text, scope, span=Span(), path="", listen=heard.append)
    else:
        read_expression(text, scope, span=Span(), path="", listen=heard.append)
    found: set[Mention] = set()
    for parts in heard:
        read = names_in(parts)
        found.update(read.mentions)
        found.update(options_in(read, _closed(scope)))
    return tuple(sorted(found))


def rename(text: str, scope: Scope, renames: Renames, *, template: bool = False) -> str:
    """The text with the new names. Raises DefinitionError when it is wrong, Problem when a new name is taken."""
    before = mentions(text, scope, template=template)
    changed = replaced(text, before, renames)
    try:
        after = mentions(changed, renamed(scope, renames), template=template)
    except DefinitionError as error:
        raise _breaks(error) from error
    meant = _by_place(Mention(each.start, each.end, _renamed(each.thing, renames)) for each in before)
    if meant != _by_place(after):
        pairs = zip(before, meant, _by_place(after), strict=False)
        raise _captured(text, next((old for old, one, two in pairs if one != two), before[-1]))
    return changed


def _by_place(found: Iterable[Mention]) -> list[list[Thing]]:
    """What each place names, in order of the text."""
    places: dict[int, list[Thing]] = {}
    for mention in found:
        places.setdefault(mention.start, []).append(mention.thing)
    return [sorted(things) for _, things in sorted(places.items())]


def replaced(text: str, places: Iterable[Mention], renames: Renames) -> str:
    """New names at their places, from the last to the first so that offsets stay true."""
    edits: dict[tuple[int, int], str] = {}
    for mention in places:
        new = renames.get(mention.thing)
        if new is None:
            continue
        if mention.end < 0:
            raise _scattered(mention)
        # One text that names two things: both must change alike.
        if edits.setdefault((mention.start, mention.end), new) != new:
            raise _captured(text, mention)
    for (start, end), new in sorted(edits.items(), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def renamed(scope: Scope, renames: Renames) -> Scope:
    """What an expression may see once the new names hold."""
    tables = {_new(renames, Kind.TABLE, "", name): _table(types, renames) for name, types in scope.tables.items()}
    if len(tables) < len(scope.tables):
        raise _taken(renames)
    user = _types(scope.user, Kind.FACT, "", renames) if scope.user is not None else None
    return replace(
        scope,
        tables=tables,
        table=_new(renames, Kind.TABLE, "", scope.table) if scope.table else None,
        inner=_new(renames, Kind.TABLE, "", scope.inner) if scope.inner else None,
        user=user,
    )


def _table(types: TableTypes, renames: Renames) -> TableTypes:
    fields = _types(types.fields, Kind.FIELD, types.name, renames)
    children = {
        _new(renames, Kind.CHILDREN, types.name, name): Children(
            _new(renames, Kind.TABLE, "", each.table), _new(renames, Kind.FIELD, each.table, each.link)
        )
        for name, each in types.children.items()
    }
    flags = frozenset(_new(renames, Kind.CHECK, types.name, name) for name in types.flags)
    if len(children) < len(types.children) or len(flags) < len(types.flags) or set(children) & set(fields):
        raise _taken(renames)
    computed = frozenset(_new(renames, Kind.FIELD, types.name, name) for name in types.computed)
    return TableTypes(_new(renames, Kind.TABLE, "", types.name), fields, children, computed, flags)


def _types(types: Mapping[str, Type], kind: Kind, owner: str, renames: Renames) -> Mapping[str, Type]:
    found = {_new(renames, kind, owner, name): _type(each, Thing(kind, owner, name), renames) for name, each in types.items()}
    if len(found) < len(types):
        raise _taken(renames)
    return found


def _type(given: Type, of: Thing, renames: Renames) -> Type:
    if given.table is not None:
        return replace(given, table=_new(renames, Kind.TABLE, "", given.table))
    if given.options is None:
        return given
    options = tuple(renames.get(option(of, each), each) for each in given.options)
    if len(set(options)) < len(options):
        raise _taken(renames)
    return replace(given, options=options)


def _closed(scope: Scope) -> Iterable[Thing]:
    """Fields and facts whose values are names of options."""
    for types in scope.tables.values():
        yield from (Thing(Kind.FIELD, types.name, name) for name, each in types.fields.items() if each.options is not None)
    for name, each in (scope.user or {}).items():
        if each.options is not None or (name == "roles" and each.kind is TypeKind.LIST):
            yield Thing(Kind.FACT, "", name)


def _renamed(thing: Thing, renames: Renames) -> Thing:
    """The thing as it is called afterwards: by its own new name and its owner's."""
    name = renames.get(thing, thing.name)
    if thing.kind is Kind.OPTION:
        table, _, field = thing.owner.partition(".")
        if table == "user":
            return Thing(thing.kind, f"user.{_new(renames, Kind.FACT, '', field)}", name)
        owner = f"{_new(renames, Kind.TABLE, '', table)}.{_new(renames, Kind.FIELD, table, field)}"
        return Thing(thing.kind, owner, name)
    return Thing(thing.kind, _new(renames, Kind.TABLE, "", thing.owner) if thing.owner else "", name)


def _new(renames: Renames, kind: Kind, owner: str, name: str) -> str:
    return renames.get(Thing(kind, owner, name), name)


def _taken(renames: Renames) -> Problem:
    names = ", ".join(sorted(set(renames.values())))
    return _refuse("name_taken", Text("新名字已被占用：{name}", "The new name is taken: {name}").fill(name=names))


def _captured(text: str, mention: Mention) -> Problem:
    written = text[mention.start : mention.end] if mention.end > 0 else mention.thing.name
    detail = Text("改名后，这里的「{name}」会变成别的意思", "After the renaming “{name}” would mean something else here")
    return _refuse("captured", detail.fill(name=written))


def _scattered(mention: Mention) -> Problem:
    detail = Text("「{name}」是分几段写的，没法改名", "“{name}” is written in several pieces and cannot be renamed")
    return _refuse("not_exact", detail.fill(name=mention.thing.name))


def _breaks(error: DefinitionError) -> Problem:
    """An option that another field compared with it does not have, for one."""
    return _refuse("breaks_expression", error.diagnostics[0].message)


def _refuse(code: str, detail: Text) -> Problem:
    return Problem(422, "cannot_rename", Text("不能改名", "Cannot be renamed"), detail, (Fault("", code, detail),))
