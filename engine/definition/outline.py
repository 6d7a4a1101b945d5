"""The first look at a whole definition: every part by the schema of its section and kind, every name by the rules for names.

What passes here may be taken apart without further questions about its shape; what names mean is for the builders.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from keyword import iskeyword

from engine.definition.kin import kin
from engine.definition.messages import diagnose, instead
from engine.definition.nodes import ListNode, MapNode, Node, Scalar
from engine.definition.paths import entry_path
from engine.definition.schema import Shapes
from engine.definition.sections import (
    CHECK,
    ENTRIES,
    FIELD,
    FLOW,
    NAME_PATTERN,
    PERMISSION,
    PULL,
    ROOT,
    STATE,
    TRANSITION,
    field_schema,
    person_kinds,
    person_schema,
)
from engine.kinds.registry import Registry
from engine.model.diagnostic import Diagnostic, Span
from engine.model.text import Text

IMPLICIT = ("id", "version", "created_at", "created_by", "updated_at", "updated_by", "waiting", "flags", "elapsed")
# What is known of every person without being declared.
STANDARD = ("name", "roles", "departments", "lead")
_WORDS = frozenset({"this", "old", "user", "source", "role", "system", "all"})
_NAME = re.compile(NAME_PATTERN)
# Sections whose entries can be left out one by one: the rest of the app runs without them.
OPTIONAL = ("rules", "routing", "alerts", "connections", "boards")


def outline(root: MapNode, registry: Registry) -> Iterator[Diagnostic]:
    """Everything wrong with the shape and the names of a definition, found as far as it is asked for."""
    return _Outline(registry).whole(root)


class _Outline:
    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.shapes = Shapes()

    def whole(self, root: MapNode) -> Iterator[Diagnostic]:
        problems = self.shapes.problems("root", ROOT, root, "")
        yield from problems
        wrong = {problem.path for problem in problems}
        app = root.items.get("app")
        if isinstance(app, Scalar):
            yield from check_name(app.text, app.span, "app", words=False)
        for section, node in root.items.items():
            if (
                isinstance(node, MapNode)
                and section not in wrong
                and (section in ENTRIES or section in {"people", "permissions"})
            ):
                yield from self._section(section, node)

    def _section(self, section: str, node: MapNode) -> Iterator[Diagnostic]:
        for name, entry in node.items.items():
            path = entry_path(section, name)
            if section != "permissions":  # these are names of roles, which are looked up, not made
                yield from check_name(
                    name,
                    node.keys[name],
                    path,
                    words=section in {"tables", "people", "roles"},
                    taken=STANDARD if section == "people" else (),
                )
            if section == "people":
                yield from self._field(entry, path, people=True)
            elif section == "permissions":
                yield from self._entries(entry, "permission", PERMISSION, path)
            else:
                problems = self.shapes.problems(section, ENTRIES[section], entry, path)
                yield from problems
                if not problems and isinstance(entry, MapNode):
                    yield from self._inside(section, entry, path)

    def _inside(self, section: str, entry: MapNode, path: str) -> Iterator[Diagnostic]:
        if section == "tables":
            yield from self._table(entry, path)
        elif section == "rules":
            yield from self._when(entry.items["when"], f"{path}.when")
            yield from self._steps(entry.items["then"], f"{path}.then")
        elif section == "routing":
            yield from self._when(entry.items["when"], f"{path}.when")
        elif section == "alerts":
            yield from self._levels(entry.items["levels"], f"{path}.levels")
        elif section == "connections" and "pull" in entry.items:
            yield from self._entries(entry.items["pull"], "pull", PULL, f"{path}.pull")

    def _table(self, table: MapNode, path: str) -> Iterator[Diagnostic]:
        fields = table.items["fields"]
        if isinstance(fields, MapNode):
            for name, field in fields.items.items():
                yield from check_name(name, fields.keys[name], f"{path}.fields.{name}", words=True, taken=IMPLICIT)
                yield from self._field(field, f"{path}.fields.{name}", people=False)
        if "checks" in table.items:
            yield from self._entries(table.items["checks"], "check", CHECK, f"{path}.checks", named=True)
        flow = table.items.get("flow")
        if flow is not None:
            problems = self.shapes.problems("flow", FLOW, flow, f"{path}.flow")
            yield from problems
            if not problems and isinstance(flow, MapNode):
                yield from self._entries(flow.items["states"], "state", STATE, f"{path}.flow.states", named=True)
                if "transitions" in flow.items:
                    yield from self._entries(
                        flow.items["transitions"], "transition", TRANSITION, f"{path}.flow.transitions", named=True
                    )

    def _entries(
        self, node: Node, key: str, schema: Mapping[str, object], path: str, *, named: bool = False
    ) -> Iterator[Diagnostic]:
        """A map whose values all have one shape."""
        if not isinstance(node, MapNode):
            yield from self.shapes.problems("map", {"type": "object"}, node, path)
            return
        for name, entry in node.items.items():
            if named:
                yield from check_name(name, node.keys[name], f"{path}.{name}", words=False, keywords=False)
            yield from self.shapes.problems(key, {**schema, "type": "object"}, entry, f"{path}.{name}")

    def _field(self, node: Node, path: str, *, people: bool) -> Iterator[Diagnostic]:
        """The kind first, so that its own keys are known; without it only the common ones are looked at."""
        given = node.items.get("type") if isinstance(node, MapNode) else None
        if not isinstance(node, MapNode) or not isinstance(given, Scalar):
            yield from self.shapes.problems("field", {**FIELD, "additionalProperties": True}, node, path)
            return
        known = person_kinds(self.registry) if people else list(self.registry.fields)
        if given.text not in known:
            what = Text("字段", "field")
            yield diagnose(
                "unknown-kind",
                given.span,
                f"{path}.type",
                name=given.text,
                what=what,
                hint=kin(given.text, known) or instead(given.text, known) or _kinds(known),
            )
            return
        own = self.registry.fields[given.text].schema
        key, schema = ("person", person_schema(own)) if people else ("field", field_schema(own))
        yield from self.shapes.problems(f"{key}.{given.text}", schema, node, path)
        choices = node.items.get("choices")
        if isinstance(choices, MapNode):
            for name in choices.items:
                yield from check_name(name, choices.keys[name], f"{path}.choices.{name}", words=False, keywords=False)

    def _when(self, node: Node, path: str) -> Iterator[Diagnostic]:
        kinds = {name: kind.schema for name, kind in self.registry.triggers.items()}
        yield from self._one_kind(node, kinds, Text("触发", "trigger"), "trigger", path)

    def _steps(self, node: Node, path: str) -> Iterator[Diagnostic]:
        kinds = {name: kind.schema for name, kind in self.registry.steps.items()}
        for number, step in enumerate(node.items if isinstance(node, ListNode) else ()):
            yield from self._one_kind(step, kinds, Text("步骤", "step"), "step", f"{path}[{number}]")

    def _levels(self, node: Node, path: str) -> Iterator[Diagnostic]:
        for number, level in enumerate(node.items if isinstance(node, ListNode) else ()):
            if isinstance(level, MapNode) and "then" in level.items:
                yield from self._steps(level.items["then"], f"{path}[{number}].then")

    def _one_kind(
        self, node: Node, kinds: Mapping[str, Mapping[str, object]], what: Text, key: str, path: str
    ) -> Iterator[Diagnostic]:
        """`kind: body`, exactly one."""
        entries = node.items if isinstance(node, MapNode) else {}
        if len(entries) != 1 or not isinstance(node, MapNode):
            yield diagnose("one-of", node.span, path, names=", ".join(kinds))
            return
        name, body = next(iter(entries.items()))
        if name not in kinds:
            yield diagnose(
                "unknown-kind",
                node.keys[name],
                path,
                name=name,
                what=what,
                hint=kin(name, kinds) or instead(name, kinds) or _kinds(list(kinds)),
            )
            return
        yield from self.shapes.problems(f"{key}.{name}", kinds[name], body, f"{path}.{name}")


def _kinds(known: list[str]) -> Text:
    return Text("可以写：" + "、".join(known), "It can be: " + ", ".join(known))


def check_name(
    name: str, span: Span, path: str, *, words: bool, taken: Collection[str] = (), keywords: bool = True
) -> Iterator[Diagnostic]:
    """`words`: names the expression language or permissions give a meaning are refused too; `taken`: names in use."""
    if not _NAME.fullmatch(name):
        yield diagnose("bad-name", span, path, name=name)
    elif (keywords and iskeyword(name)) or (words and name in _WORDS) or name in taken:
        yield diagnose("reserved-name", span, path, name=name, other=f"my_{name}")
