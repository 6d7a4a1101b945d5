"""Finds every kind, once, at start. The only place that knows how kinds are found; there is no list of them to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import Any, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from engine.kinds import fields, steps, triggers
from engine.kinds.protocols import FieldKind, StepKind, TriggerKind
from engine.model.doc import Doc

HOME = ZoneInfo("Asia/Shanghai")
_GROUPS: Mapping[str, ModuleType] = MappingProxyType({"fields": fields, "steps": steps, "triggers": triggers})


@runtime_checkable
class Zoned(Protocol):
    """A field kind that reads clocks and days, and must know where they stand."""

    def in_zone(self, zone: tzinfo) -> Any:
        """The same kind for that zone."""


@dataclass(frozen=True, slots=True)
class Registry:
    """All kinds by name, sorted; never changed after `load`. `docs`: what the kind of a group (`fields`, `steps`, `triggers`)
    and name says of itself."""

    fields: Mapping[str, FieldKind]
    steps: Mapping[str, StepKind]
    triggers: Mapping[str, TriggerKind]
    docs: Mapping[tuple[str, str], Doc]

    @staticmethod
    def load(zone: tzinfo = HOME) -> Registry:
        """Every module of fields/, steps/ and triggers/ that does not begin with `_` offers its `KIND` and its
        `DOC`. `zone`: the organisation's, in which dates and clocks without an offset are meant."""
        found = {group: {m.KIND.name: m for m in _modules(package)} for group, package in _GROUPS.items()}
        kinds = {group: {name: module.KIND for name, module in modules.items()} for group, modules in found.items()}
        zoned = {name: kind.in_zone(zone) if isinstance(kind, Zoned) else kind for name, kind in kinds["fields"].items()}
        return Registry(
            MappingProxyType(zoned),
            MappingProxyType(kinds["steps"]),
            MappingProxyType(kinds["triggers"]),
            MappingProxyType({(group, name): module.DOC for group, of in found.items() for name, module in of.items()}),
        )

    def nearest(self, name: str) -> str | None:
        """The kind of any sort whose name is most like this one."""
        return next(iter(get_close_matches(name, [*self.fields, *self.steps, *self.triggers], n=1)), None)


def _modules(package: ModuleType) -> Iterator[Any]:
    for module in sorted(iter_modules(package.__path__), key=lambda m: m.name):
        if not module.name.startswith("_"):
            yield import_module(f"{package.__name__}.{module.name}")
