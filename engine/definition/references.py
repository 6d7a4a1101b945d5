"""Who names what in a definition: every table, field, list of children, choice, state, transition, role, check, rule, routing,
alert, connection, board and fact of a person, with each place that names it, to the character.

Made of what the builders noted while they read, so it can miss nothing that they understand. Changes nothing: see rename."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.definition.build.uses import Heard, Uses
from engine.definition.collector import collector_paused
from engine.definition.load import load
from engine.definition.options import Options, holders
from engine.definition.outline import IMPLICIT
from engine.definition.spelling import SourceText
from engine.kinds.registry import Registry
from engine.language.references import Kind, Mention, Thing, names_in
from engine.model.connector import Catalogue
from engine.model.diagnostic import Diagnostic, Span

_ENTERED = "_at"


@dataclass(frozen=True, slots=True)
class Usage:
    """One place that names what stands at `path`. `span`: where the name is; `start`, `end`: its characters in the file's
    text. `end` -1: they cannot be told, and `span` is where the text begins that has the name in it. `declares`: the name
    comes from here."""

    path: str
    span: Span
    start: int
    end: int
    declares: bool


@dataclass(frozen=True, slots=True)
class References:
    """`all`: every usage, in the order of files and characters. `families`: choices and states that are compared or copied,
    so that one name means the same in all of them. `loose`: address of a choice or state → places where its
    name meets a text that is in nobody's hands, or where its letters count. `complete`: all was understood."""

    names: frozenset[str]
    all: tuple[Usage, ...]
    families: Mapping[str, frozenset[str]]
    loose: Mapping[str, tuple[Span, ...]]
    complete: bool
    diagnostics: tuple[Diagnostic, ...]

    def usages(self, path: str) -> tuple[Usage, ...]:
        """Who names it: the place where it gets its name, and all that use it."""
        return tuple(usage for usage in self.all if usage.path == path)


def references(files: Mapping[str, bytes], catalogue: Catalogue, registry: Registry) -> References:
    """All names of a definition. What is wrong in it is among `diagnostics`; its names are then found as far as it was
    understood."""
    uses = Uses()
    with collector_paused():
        loaded = load(files, catalogue, registry, uses=uses)
        return _Indexer(files, uses).references(loaded.diagnostics)


class _Indexer:
    def __init__(self, files: Mapping[str, bytes], uses: Uses) -> None:
        self.files, self.uses = files, uses
        self.declared = frozenset(use.path for use in uses.names if use.declares)
        self.sources: dict[str, SourceText] = {}
        self.known: dict[tuple[Span, str], tuple[tuple[int, int], ...] | None] = {}

    def references(self, diagnostics: tuple[Diagnostic, ...]) -> References:
        """Names of scalars first, then those in expressions, then the constants that stand for choices and states."""
        found = {
            self._usage(path, use.span, use.text, use.start, end, declares=use.declares)
            for use in self.uses.names
            for path, end in self._meant(use.path, use.end)
        }
        options = Options(holders(self.declared, self.uses), self.uses.formulas)
        for heard in self.uses.heard:
            read = names_in(heard.parts)
            found.update(usage for mention in read.mentions for usage in self._mentioned(mention, heard))
            options.hear(read, heard)
        for path, place in options.constants(self.declared):
            found.add(self._usage(path, place.span, place.text, place.start, place.end))
        loose = {
            path: tuple(self._usage(path, each.span, each.text, each.start, each.end).span for each in places)
            for path, places in options.loose(self.declared)
        }
        return References(
            self.declared,
            tuple(sorted(found, key=lambda usage: (usage.span.file, usage.start, usage.end, usage.path))),
            MappingProxyType(dict(options.families(self.declared))),
            MappingProxyType(loose),
            self.uses.complete,
            diagnostics,
        )

    def _mentioned(self, mention: Mention, heard: Heard) -> Iterator[Usage]:
        for path, end in self._meant(self._path(mention.thing), mention.end):
            yield self._usage(path, heard.span, heard.text, mention.start, end)

    def _path(self, thing: Thing) -> str:
        match thing.kind:
            case Kind.TABLE:
                return f"tables.{thing.name}"
            case Kind.CHILDREN:
                return self.uses.lists[(thing.owner, thing.name)]
            case Kind.CHECK:
                return f"tables.{thing.owner}.checks.{thing.name}"
            case Kind.FACT:
                return f"people.{thing.name}"
            case _:
                return f"tables.{thing.owner}.fields.{thing.name}"

    def _meant(self, path: str, end: int) -> Iterable[tuple[str, int]]:
        """What an address stands for, and where its name ends: `shipped_at` names the state `shipped`. Nothing for what
        every record and every person has."""
        if path in self.declared:
            return [(path, end)]
        owner, _, name = path.rpartition(".fields.")
        state = f"{owner}.flow.states.{name.removesuffix(_ENTERED)}"
        if owner and name.endswith(_ENTERED) and name not in IMPLICIT and state in self.declared:
            return [(state, end - len(_ENTERED))]
        return []

    def _usage(self, path: str, span: Span, text: str, start: int, end: int, *, declares: bool = False) -> Usage:
        """The place of some characters of what a scalar says."""
        source = self._source(span.file)
        if (span, text) not in self.known:
            self.known[(span, text)] = source.places(span, text)
        places = self.known[(span, text)]
        if places is None or end <= start or places[start][0] < 0 or places[end - 1][0] < 0:
            return Usage(path, span, source.offset(span), -1, declares)
        first, last = places[start][0], places[end - 1][1]
        return Usage(path, source.span(span.file, first), first, last, declares)

    def _source(self, file: str) -> SourceText:
        if file not in self.sources:
            self.sources[file] = SourceText.of(self.files[file])
        return self.sources[file]
