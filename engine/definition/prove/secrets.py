"""Values withheld from a role that it could read all the same: through a formula that shows them, or in a field into which a
rule writes them. Texts, titles of links, lists and boards go through the reader's own view and need no proof; a yes or no
about a value (a condition, a count, a decision of routing) is no message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from engine.definition.messages import diagnose
from engine.definition.prove.carried import Carried, carried
from engine.definition.prove.rewriting import given_to_new, seen_from, seen_from_parent
from engine.definition.prove.sight import Sight
from engine.definition.solver.solve import Answer, Impossible, Undecided, Witness, solve
from engine.definition.solver.space import Space
from engine.kinds.protocols import Writing
from engine.kinds.registry import Registry
from engine.language.logic import YES, conjunction, opposite, there
from engine.language.walk import walk
from engine.model.app import App, FieldRead, Permission, Rule, Show
from engine.model.diagnostic import Diagnostic
from engine.model.text import Text
from engine.model.tree import Expression, FieldOf, Node
from engine.model.types import Type, TypeKind

_OTHER_RECORDS = Text("别的记录的权限", "permissions on other records")
_SOME = Witness(())


def prove_secrets(app: App, registry: Registry) -> Iterator[Diagnostic]:
    """Every formula and every value written by a rule, seen with the eyes of each role."""
    for role, permissions in app.permissions.items():
        sight = Sight(app, role)
        for permission in permissions.values():
            yield from _formulas(sight, permission)
        for rule in app.rules:
            yield from _rule(sight, rule, registry)


def _formulas(sight: Sight, permission: Permission) -> Iterator[Diagnostic]:
    fields = sight.app.tables[permission.table].fields
    for name, read in permission.read.items():
        value = fields[name].value if name in fields else None
        if value is None or read.show is Show.NEVER:
            continue
        place, role = f"permissions.{permission.role}.{permission.table}.read.{name}", sight.role
        answers = ((_name(way), _given_away(sight, permission, read, way, permission.table)) for way in carried(value.node))
        for hidden, answer in _first(answers):
            if isinstance(answer, Undecided):
                what = answer.construct
                yield diagnose("formula-may-reveal", read.span, place, role=role, name=name, hidden=hidden, what=what)
            else:
                said = diagnose("formula-reveals", read.span, place, role=role, name=name, hidden=hidden)
                yield replace(said, witness=answer.values)


def _first(answers: Iterable[tuple[str, Answer]]) -> Iterator[tuple[str, Witness | Undecided]]:
    """For each value one answer: rather that it is given away than that it may be."""
    found: dict[str, Witness | Undecided] = {}
    for hidden, answer in answers:
        if not isinstance(answer, Impossible) and not isinstance(found.get(hidden), Witness):
            found[hidden] = answer if isinstance(answer, Witness) else found.get(hidden, answer)
    yield from found.items()


def _name(way: Carried) -> str:
    return f"{way.source.table}.{way.source.name}"


def _given_away(sight: Sight, permission: Permission, read: FieldRead, way: Carried, table: str) -> Answer:
    """Is there a record of `table` on which the role reads the value by this way, although it may not see the value itself?
    `read`: how the value's new place is shown."""
    source = way.source
    if read.show is Show.MASKED and not _tells(sight, way):
        return Impossible()
    shown = read.condition.node if read.condition is not None else None
    branches = [each for each in way.when if all(part.row <= 0 for part in walk(each) if isinstance(part, FieldOf))]
    base = conjunction([sight.records(permission), shown, *branches])
    own = source.row <= 0
    if own and not source.hops:
        return _open(sight, table, base, sight.shown(source.table, source.name))
    if way.summed and not own and sight.permission(source.table) is None:
        # The sum of records of which it sees none: it cannot even tell how many there are.
        return Impossible()
    allowed = _allowed(sight, source)
    if allowed in (None, YES):
        return _open(sight, table, base, allowed)
    if own:
        table_of, link, target = source.hops[-1]
        end = FieldOf(source.row, table_of, source.hops[:-1], link, Type(TypeKind.RECORD, table=target))
        return _open(sight, table, conjunction([base, there(end)]), seen_from(allowed, source.hops), unsure=True)
    outer = way.through[0]
    if source.hops or len(way.through) > 1 or outer.link is None:
        return Undecided(_OTHER_RECORDS, sight.app.span)
    return _open(sight, table, base, seen_from_parent(allowed, outer.table, outer.link, table), unsure=True)


def _tells(sight: Sight, way: Carried) -> bool:
    """Does the mask of the result show a part of a value? That of a text does, unless it is the mask that is seen anyway."""
    source = way.source
    text = source.type.kind is TypeKind.TEXT
    return text and not (way.as_it_is and sight.masked(source.table, source.name))


def _allowed(sight: Sight, source: FieldOf) -> Node | None:
    """When the role sees this field of another record, as a condition about that record; None: never."""
    scope, shown = sight.scope(source.table), sight.shown(source.table, source.name)
    return None if scope is None or shown is None else conjunction([scope, shown])


def _open(sight: Sight, table: str, base: Node, allowed: Node | None, *, unsure: bool = False) -> Answer:
    """A record for which `base` holds and `allowed` does not. None: never allowed, or (`unsure`) not to be said here."""
    if allowed == YES:
        return Impossible()
    if allowed is None:
        if unsure:
            return Undecided(_OTHER_RECORDS, sight.app.span)
        answer = solve(base, Space.of(sight.app, table, old=True))
        return _SOME if isinstance(answer, Undecided) else answer
    return solve(conjunction([base, opposite(allowed)]), Space.of(sight.app, table, old=True))


def _rule(sight: Sight, rule: Rule, registry: Registry) -> Iterator[Diagnostic]:
    for step in rule.steps:
        for writing in registry.steps[step.kind].writes(step, rule.trigger.table):
            grant = sight.permission(writing.table)
            for name, value in writing.values.items():
                read = grant.read.get(name) if grant is not None else None
                if grant is not None and read is not None and read.show is not Show.NEVER:
                    target = Written(sight, grant, read, writing, name, rule.trigger.table)
                    yield from _written(target, value, f"{step.path}.{step.kind}")


@dataclass(frozen=True, slots=True)
class Written:
    """A field into which a rule writes, as a role sees it: `read` by its grant. `triggering`: the rule's table."""

    sight: Sight
    grant: Permission
    read: FieldRead
    writing: Writing
    name: str
    triggering: str


def _written(at: Written, value: Expression, path: str) -> Iterator[Diagnostic]:
    """One value that a rule writes where the role may read it. What it was when the rule ran may be read at any later time,
    in whatever branch the record is then."""
    ways = (replace(way, when=()) for way in carried(value.node))
    role, target = at.sight.role, f"{at.writing.table}.{at.name}"
    for hidden, answer in _first((_name(way), _carried_over(at, way)) for way in ways):
        if isinstance(answer, Undecided):
            what = answer.construct
            yield diagnose("rule-may-reveal", value.span, path, role=role, target=target, hidden=hidden, what=what)
        else:
            said = diagnose("rule-reveals", value.span, path, role=role, target=target, hidden=hidden)
            yield replace(said, witness=answer.values)


def _carried_over(at: Written, way: Carried) -> Answer:
    sight, writing = at.sight, at.writing
    if writing.own:
        return _given_away(sight, at.grant, at.read, way, writing.table)
    if writing.where is not None and way.source.row == 1 and not way.through:
        # The target's own value, into another field of the target.
        source = replace(way.source, row=0)
        return _given_away(sight, at.grant, at.read, replace(way, source=source), writing.table)
    if at.read.show is Show.MASKED and not _tells(sight, way):
        return Impossible()
    if way.summed and sight.permission(way.source.table) is None:
        return Impossible()
    allowed = _allowed(sight, way.source)
    if allowed in (None, YES):
        return _open(sight, at.triggering, YES, allowed)
    if writing.kind == "created" and not way.through and way.source.row <= 0:
        return _at_birth(at, way, allowed)
    if sight.records(at.grant) == YES and at.read.show is Show.ALWAYS and not way.through:
        return solve(opposite(allowed), Space.of(sight.app, way.source.table))
    return Undecided(_OTHER_RECORDS, sight.app.span)


def _at_birth(at: Written, way: Carried, allowed: Node) -> Answer:
    """A new record that the role sees, made of a record that it does not see: judged as the new one is when it is made."""
    shown = at.read.condition.node if at.read.condition is not None else None
    seen = conjunction([at.sight.records(at.grant), shown])
    base = given_to_new(at.sight.app, at.writing.values, at.writing.table, seen)
    hops = way.source.hops
    there_too = seen_from(allowed, hops) if hops else allowed
    if base is None or there_too is None:
        return Undecided(_OTHER_RECORDS, at.sight.app.span)
    about = conjunction([base, opposite(there_too)])
    return solve(about, Space.of(at.sight.app, at.triggering, old=True))
