"""Where names stand: noted by the builders while they find out what the names mean, so that nobody has to find it out again.

Here because a second reading of a definition, made to look for names, would miss what the first one gains. Decides nothing:
what the notes come to is for engine.definition.references."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definition.nodes import MapNode, Node, Scalar
from engine.language.reading import Listener, Parts
from engine.language.references import Kind, Thing
from engine.model.diagnostic import Span
from engine.model.types import Children

_SECTIONS = ("roles", "people", "tables", "rules", "routing", "alerts", "connections", "boards")


@dataclass(frozen=True, slots=True)
class Use:
    """The characters `start` to `end` of a scalar (a value or a key) name what stands at `path`. `span`: where the scalar
    begins; `text`: what it says. `declares`: this is where the name comes from."""

    path: str
    span: Span
    text: str
    start: int
    end: int
    declares: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """An expression in a scalar. `into`: the field that gets its value."""

    parts: Parts
    span: Span
    text: str
    into: Thing | None


@dataclass(slots=True)
class Uses:
    """`flows`: table → the field that holds its state; `lists`: (table, name of a list of children) → its address.
    `complete`: all of the definition was understood, so nothing is missing here."""

    names: list[Use] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    flows: dict[str, str] = field(default_factory=dict)
    lists: dict[tuple[str, str], str] = field(default_factory=dict)
    formulas: set[Thing] = field(default_factory=set)
    complete: bool = False

    def name(self, path: str, text: str, span: Span, *, start: int = 0, end: int | None = None, declares: bool = False) -> None:
        """One name, in a scalar that says `text` and begins at `span`."""
        self.names.append(Use(path, span, text, start, len(text) if end is None else end, declares))

    def listener(self, node: Scalar, into: Thing | None = None) -> Listener:
        """Hears the expressions of one scalar."""
        return lambda parts: self.heard.append(Heard(parts, node.span, node.text, into))


def field_of(table: str, name: str) -> Thing:
    """A field, as expressions call it."""
    return Thing(Kind.FIELD, table, name)


def list_path(children: Children) -> str:
    """The address of a list of children: the link gives it its name."""
    return f"tables.{children.table}.fields.{children.link}.inverse"


def declare(root: MapNode, uses: Uses) -> None:
    """All names that a definition makes, but those of lists of children, which need their link."""
    for section in _SECTIONS:
        for name, node in _declared(root.items.get(section), section, uses).items():
            path = f"{section}.{name}"
            if section == "people":
                _declared(_at(node, "choices"), f"{path}.choices", uses)
            elif section == "tables":
                _declare_table(node, path, uses)


def _declare_table(node: Node, path: str, uses: Uses) -> None:
    for name, each in _declared(_at(node, "fields"), f"{path}.fields", uses).items():
        _declared(_at(each, "choices"), f"{path}.fields.{name}.choices", uses)
    _declared(_at(node, "checks"), f"{path}.checks", uses)
    for key in ("states", "transitions"):
        _declared(_at(_at(node, "flow"), key), f"{path}.flow.{key}", uses)


def _declared(node: Node | None, path: str, uses: Uses) -> Mapping[str, Node]:
    """The names that are keys of a map."""
    if not isinstance(node, MapNode):
        return {}
    for name in node.items:
        uses.name(f"{path}.{name}", name, node.keys[name], declares=True)
    return node.items


def _at(node: Node | None, key: str) -> Node | None:
    return node.items.get(key) if isinstance(node, MapNode) else None
