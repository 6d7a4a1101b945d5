"""Fields for tests, one of each kind, made as the definition's builder makes them."""

from __future__ import annotations

from typing import Any

from engine.kinds.registry import Registry
from engine.model.app import Choice, Field
from engine.model.diagnostic import Span
from engine.model.text import Text

REGISTRY = Registry.load()
CHOICES = {
    "normal": Choice("normal", Text("普通", "Normal")),
    "gold": Choice("gold", Text("黄金", "Gold")),
    "gold_old": Choice("gold_old", Text("黄金", "Old gold")),
}
# What each kind cannot do without.
NEEDED: dict[str, dict[str, Any]] = {
    "link": {"to": "orders"},
    "serial": {"format": "SO{date:%y%m%d}-{number:05d}"},
}


def field(kind: str, **options: Any) -> Field:
    """A field of that kind, with the kind's own keys."""
    options = {**NEEDED.get(kind, {}), **options}
    choices = CHOICES if kind in {"choice", "choices", "state"} else {}
    type = REGISTRY.fields[kind].type({**options, "choices": choices})
    return Field("f", Text("字段", "field"), kind, type, False, False, None, choices, options, None, True, Span())


def parse(kind: str, raw: Any, **options: Any) -> Any:
    """The value that a kind makes of `raw`."""
    return REGISTRY.fields[kind].parse(raw, field(kind, **options))
