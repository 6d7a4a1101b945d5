"""One expression or template with other names for the same things. Only the names change; whatever else was written stays,
to the character.

The new text is read again, and must say of every name what the old text said: a name that would come to mean something else
is refused. Whole definitions are renamed by engine.definition, in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.language.expression import read_expression
from engine.language.reading import Parts
from engine.language.references import Kind, Mention, Thing, option, options_in, references
from engine.language.template import read_template
from engine.model.diagnostic import DefinitionError, Diagnostic, Severity, Span
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
        read = references(parts)
        found.update(read.mentions)
        found.update(options_in(read, _closed(scope)))
    return tuple(sorted(found))


def rename(text: str, scope: Scope, renames: Renames, *, template: bool = False) -> str:
    """The text with the new names. Raises DefinitionError when it is wrong, or when a new name is taken."""
    before = mentions(text, scope, template=template)
    changed = replaced(text, before, renames)
    wanted = [_renamed(mention.thing, renames) for mention in before]
    after = mentions(changed, renamed(scope, renames), template=template)
    for old, new, meant in zip(before, after, wanted, strict=False):
        if new.thing != meant:
            raise _captured(text, old)
    if len(after) != len(before):
        raise _captured(text, before[-1])
    return changed


def replaced(text: str, places: Iterable[Mention], renames: Renames) -> str:
    """New names at their places, from the last to the first so that offsets stay true."""
    for start, end, thing in sorted({(m.start, m.end, m.thing) for m in places if m.thing in renames}, reverse=True):
        if end < 0:
            raise _captured(text, Mention(start, start, thing))
        text = text[:start] + renames[thing] + text[end:]
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


def _taken(renames: Renames) -> DefinitionError:
    names = ", ".join(sorted(set(renames.values())))
    message = Text("新名字已被占用：{names}", "The new name is taken: {names}").fill(names=names)
    return DefinitionError([Diagnostic("name-taken", Severity.ERROR, "", Span(), message)])


def _captured(text: str, mention: Mention) -> DefinitionError:
    written = text[mention.start : max(mention.end, mention.start)] or mention.thing.name
    message = Text("改名后，这里的「{name}」会变成别的意思", "After the renaming “{name}” would mean something else here")
    place = Span("", 1, mention.start + 1)
    return DefinitionError([Diagnostic("captured", Severity.ERROR, "", place, message.fill(name=written))])
