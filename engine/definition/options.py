"""Which fields share the names of their choices and states, and which quoted texts are such names.

`status == 'pending'` names a state; `warehouse == user.warehouse` says that the choices of both are called alike; a formula
hands on what it is made of. Texts that are compared, copied or stand for one another form a group, over the whole
definition, and a constant means an option of whatever is in its group. Texts that anything may be written into join nothing:
that a group meets one is only noted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.definition.build.uses import Heard, Uses, field_of
from engine.language.references import Kind, Meeting, Names, Origin, Thing
from engine.model.diagnostic import Span


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of what a scalar says; the scalar begins at `span`. `end` -1: scattered."""

    span: Span
    text: str
    start: int
    end: int


Member = str | Thing | Place
"""Of a group: the address below which options are declared, a formula, a constant."""


def holders(declared: Iterable[str], uses: Uses) -> Mapping[Thing, str]:
    """Fields and facts with a closed list of values → the address below which the values are declared."""
    found = {}
    for path in declared:
        match path.split("."):
            case ["tables", table, "fields", name, "choices", _]:
                found[field_of(table, name)] = path.rpartition(".")[0]
            case ["tables", table, "flow", "states", _] if table in uses.flows:
                found[field_of(table, uses.flows[table])] = path.rpartition(".")[0]
            case ["people", name, "choices", _]:
                found[Thing(Kind.FACT, "", name)] = path.rpartition(".")[0]
            case ["roles", _]:
                found[Thing(Kind.FACT, "", "roles")] = "roles"
    return found


class Options:
    """Groups, joined as expressions are heard."""

    def __init__(self, holders: Mapping[Thing, str], formulas: Collection[Thing]) -> None:
        self._holders, self._formulas = holders, formulas
        self._above: dict[Member, Member] = {}
        self._constants: dict[Place, str] = {}
        self._loose: list[tuple[Member, Place]] = []

    def hear(self, read: Names, heard: Heard) -> None:
        """What one expression says of groups."""
        for meeting in read.meetings:
            self._meet(meeting, heard, None)
        if heard.into is not None:
            self._meet(Meeting(read.result), heard, heard.into)

    def _meet(self, meeting: Meeting, heard: Heard, into: Thing | None) -> None:
        members: list[Member] = []
        loose: list[Place] = []
        origins = [(self._member(each, heard), Place(heard.span, heard.text, each.start, each.end)) for each in meeting.origins]
        if into is not None and origins:
            origins.append((self._of(into), origins[0][1]))
        for member, place in origins:
            if member is not None:
                members.append(member)
            if member is None or meeting.spelled:
                loose.append(place)
        for member in members[1:]:
            self._above[self._top(member)] = self._top(members[0])
        self._loose += [(members[0], place) for place in loose if members]

    def _member(self, origin: Origin, heard: Heard) -> Member | None:
        if origin.text is not None:
            place = Place(heard.span, heard.text, origin.start, origin.end)
            self._constants[place] = origin.text
            return place
        return self._of(origin.thing) if origin.thing is not None else None

    def _of(self, thing: Thing) -> Member | None:
        return self._holders.get(thing) or (thing if thing in self._formulas else None)

    def _top(self, member: Member) -> Member:
        while self._above.get(member, member) != member:
            member = self._above[member]
        return member

    def _groups(self) -> Mapping[Member, list[str]]:
        """Group → the addresses in it."""
        found: dict[Member, list[str]] = {}
        for holder in sorted(set(self._holders.values())):
            found.setdefault(self._top(holder), []).append(holder)
        return found

    def constants(self, declared: Collection[str]) -> Iterator[tuple[str, Place]]:
        """The quoted texts that name an option, each with what it names."""
        groups = self._groups()
        for place, text in self._constants.items():
            paths = (f"{holder}.{text}" for holder in groups.get(self._top(place), ()))
            yield from ((path, place) for path in paths if path in declared)

    def families(self, declared: Iterable[str]) -> Iterator[tuple[str, frozenset[str]]]:
        """Options that must be called alike; those that stand alone are left out."""
        known = set(declared)
        tops = {holder: group for group in self._groups().values() for holder in group}
        for path in known:
            holder, _, name = path.rpartition(".")
            family = frozenset(each for other in tops.get(holder, ()) if (each := f"{other}.{name}") in known)
            if len(family) > 1:
                yield path, family

    def loose(self, declared: Iterable[str]) -> Iterator[tuple[str, tuple[Place, ...]]]:
        """Options whose group meets texts in nobody's hands, or is looked at letter by letter; with the places."""
        found: dict[Member, dict[Place, None]] = {}
        for member, place in self._loose:
            found.setdefault(self._top(member), {})[place] = None
        of = {holder: top for top, group in self._groups().items() for holder in group}
        for path in declared:
            holder = path.rpartition(".")[0]
            if of.get(holder, "") in found:
                yield path, tuple(found[of[holder]])
