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

HOME = ZoneInfo("Asia/Shanghai")


@runtime_checkable
class Zoned(Protocol):
    """A field kind that reads clocks and days, and must know where they stand."""

    def in_zone(self, zone: tzinfo) -> Any:
        """The same kind for that zone."""


@dataclass(frozen=True, slots=True)
class Registry:
    """All kinds by name, sorted; never changed after `load`."""

    fields: Mapping[str, FieldKind]
    steps: Mapping[str, StepKind]
    triggers: Mapping[str, TriggerKind]

    @staticmethod
    def load(zone: tzinfo = HOME) -> Registry:
        """Every module of fields/, steps/ and triggers/ that does not begin with `_` offers its `KIND`. `zone`: the
        organisation's, in which dates and clocks without an offset are meant."""
        kinds = {k.name: k.in_zone(zone) if isinstance(k, Zoned) else k for k in _kinds(fields)}
        return Registry(
            MappingProxyType(kinds),
            MappingProxyType({k.name: k for k in _kinds(steps)}),
            MappingProxyType({k.name: k for k in _kinds(triggers)}),
        )

    def nearest(self, name: str) -> str | None:
        """The kind of any sort whose name is most like this one."""
        return next(iter(get_close_matches(name, [*self.fields, *self.steps, *self.triggers], n=1)), None)


def _kinds(package: ModuleType) -> Iterator[Any]:
    for module in sorted(iter_modules(package.__path__), key=lambda m: m.name):
        if not module.name.startswith("_"):
            yield import_module(f"{package.__name__}.{module.name}").KIND
