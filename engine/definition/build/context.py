"""What builders share: the report that collects problems, and reading small parts of nodes. Knows no section."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from engine.definition.build.titles import titles_at
from engine.definition.build.uses import Uses
from engine.definition.messages import diagnose, instead
from engine.definition.nodes import ListNode, MapNode, Node, Scalar, plain
from engine.kinds.registry import Registry
from engine.language.expression import read_expression
from engine.language.references import Thing
from engine.language.template import read_template
from engine.language.titles import Titles, by_title
from engine.model.connector import Catalogue
from engine.model.diagnostic import DefinitionError, Diagnostic, Severity, Span
from engine.model.text import Text
from engine.model.tree import Expression, Template
from engine.model.types import BOOLEAN, TEXT, Scope, TableTypes, Type, TypeKind

_DURATION = re.compile(r"([1-9][0-9]{0,5})([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_LIST = Type(TypeKind.LIST, element=TEXT)
# What is known of every person, in every app.
STANDARD_FACTS: Mapping[str, Type] = {"name": TEXT, "roles": _LIST, "departments": _LIST, "lead": TEXT}
MOST_ERRORS = 200
EMPTY_MAP = MapNode({}, {}, Span())
# Where the names are declared that a problem says there are none of.
_NAMED = {
    "unknown-role": "roles",
    "unknown-table": "tables",
    "unknown-field": "tables.{table}.fields",
    "unknown-state": "tables.{table}.flow.states",
    "unknown-transition": "tables.{table}.flow.transitions",
}


class TooManyProblems(Exception):
    """There is no use in looking further."""


@dataclass(slots=True)
class Report:
    """Problems in the order in which they were found. `errors` counts those that break something. `uses`: where names
    stand."""

    found: list[Diagnostic] = field(default_factory=list)
    errors: int = 0
    uses: Uses = field(default_factory=Uses)
    root: MapNode = EMPTY_MAP

    def add(self, code: str, span: Span, path: str, *, hint: Text | None = None, **slots: object) -> None:
        """One problem of this package. Where a title stands in the place of a name, the remedy is that name."""
        self.extend([diagnose(code, span, path, hint=self._by_title(code, slots) or hint, **slots)])

    def _by_title(self, code: str, slots: Mapping[str, object]) -> Text | None:
        if code not in _NAMED or not isinstance(slots.get("name"), str):
            return None
        return by_title(str(slots["name"]), [titles_at(self.root, _NAMED[code].format(**slots))])

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Problems of others. Raises TooManyProblems when nobody would read on."""
        for diagnostic in diagnostics:
            if self.errors >= MOST_ERRORS:
                self.found.append(diagnose("too-many-problems", diagnostic.span, "", most=MOST_ERRORS))
                raise TooManyProblems
            self.found.append(diagnostic)
            self.errors += diagnostic.severity is Severity.ERROR


@dataclass(frozen=True, slots=True)
class Context:
    """`tables`: what expressions know of each table; `user`: of a person; `roles`: their names; `facts`: what people call
    what is in `user`."""

    report: Report
    registry: Registry
    catalogue: Catalogue
    tables: Mapping[str, TableTypes]
    user: Mapping[str, Type]
    roles: tuple[str, ...]
    facts: Titles

    @property
    def uses(self) -> Uses:
        """Where names stand is noted here."""
        return self.report.uses

    def mention(self, path: str, node: Node, *, start: int = 0, end: int | None = None) -> None:
        """A value, or some of its characters, names what stands at `path`."""
        self.uses.name(path, text_of(node), node.span, start=start, end=end)

    def scope(self, table: str | None, *, user: bool = False, old: bool = False, inner: str | None = None) -> Scope:
        """The names an expression about a record of `table` may use."""
        known = self.facts if user else {}
        return Scope(self.tables, table, inner, old, self.user if user else None, facts=known)

    def expression(
        self, node: Node | None, scope: Scope, path: str, *, expect: Type | None = BOOLEAN, into: Thing | None = None
    ) -> Expression | None:
        """A typed expression; None when there is none, or when it is wrong (then it is in the report). `into`: the field
        that gets its value."""
        if not isinstance(node, Scalar):
            return None
        listen = self.uses.listener(node, into)
        try:
            return read_expression(node.text, scope, span=node.inside, path=path, expect=expect, listen=listen)
        except DefinitionError as error:
            self.report.extend(error.diagnostics)
            return None

    def template(self, node: Node, scope: Scope, path: str) -> Template | None:
        """A text with expressions in braces; each language is read at its own place, so that problems point there."""
        if isinstance(node, Scalar):
            return self._template(node, scope, path)
        read = {locale: self._template(item, scope, path) for locale, item in children(node) if isinstance(item, Scalar)}
        zh, en = read.get("zh", read.get("en")), read.get("en", read.get("zh"))
        return Template(zh.zh, en.en, node.span) if zh is not None and en is not None else None

    def _template(self, node: Scalar, scope: Scope, path: str) -> Template | None:
        try:
            return read_template(node.text, scope, span=node.inside, path=path, listen=self.uses.listener(node))
        except DefinitionError as error:
            self.report.extend(error.diagnostics)
            return None

    def duration(self, node: Node, path: str) -> timedelta | None:
        """`15m`, `2h`, `3d`."""
        match = _DURATION.fullmatch(text_of(node))
        if match is None:
            self.report.add("bad-duration", node.span, path, given=text_of(node))
            return None
        return timedelta(seconds=int(match[1]) * _UNITS[match[2]])

    def role(self, node: Node, path: str, *, system: bool = False) -> str | None:
        """The name of a role that there is (or `system`)."""
        name = text_of(node)
        if name in self.roles:
            self.mention(f"roles.{name}", node)
        if name in self.roles or (system and name == "system"):
            return name
        self.report.add(
            "unknown-role", node.span, path, name=name, hint=instead(name, [*self.roles, *(["system"] if system else [])])
        )
        return None

    def table(self, node: Node, path: str) -> TableTypes | None:
        """The table that a name stands for."""
        name = text_of(node)
        self.mention(f"tables.{name}", node)
        if name not in self.tables:
            self.report.add("unknown-table", node.span, path, name=name, hint=instead(name, self.tables))
        return self.tables.get(name)

    def field(self, name: str, node: Node, types: TableTypes, path: str) -> Type | None:
        """The type of a field, declared or implicit; `name` is the end of what the node says."""
        self.mention(f"tables.{types.name}.fields.{name}", node, start=len(text_of(node)) - len(name))
        if name not in types.fields:
            self.report.add("unknown-field", node.span, path, name=name, table=types.name, hint=instead(name, types.fields))
        return types.fields.get(name)


def children(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The entries of a map, in order; nothing for what is no map."""
    return iter(node.items.items()) if isinstance(node, MapNode) else iter(())


def members(node: Node | None) -> tuple[Node, ...]:
    """The members of a list; a single value stands for a list of one."""
    if isinstance(node, ListNode):
        return node.items
    return () if node is None else (node,)


def text_of(node: Node | None) -> str:
    """A scalar as it was written; '' for anything else."""
    return node.text if isinstance(node, Scalar) else ""


def title_of(node: MapNode, name: str) -> Text:
    """The title, or the name where there is none."""
    given = node.items.get("title")
    return Text.of(name) if given is None else Text.of(plain(given))


def flag(node: MapNode, key: str) -> bool:
    """A switch that is off where it is left out."""
    given = node.items.get(key)
    return isinstance(given, Scalar) and given.value is True
