"""Short ways to load a definition in tests."""

from __future__ import annotations

from textwrap import dedent

from engine.definition.load import Loaded, load
from engine.kinds.registry import Registry
from engine.model.app import App
from engine.model.diagnostic import Severity
from tests.unit.definition.catalogue import SmallCatalogue

REGISTRY = Registry.load()


def load_text(text: str, **more: str) -> Loaded:
    """A definition in one file (and more by name)."""
    files = {"app.yaml": dedent(text).encode(), **{f"{name}.yaml": dedent(t).encode() for name, t in more.items()}}
    return load(files, SmallCatalogue(), REGISTRY)


def app_of(text: str, **more: str) -> App:
    """Its app; there must be nothing wrong."""
    loaded = load_text(text, **more)
    assert [d for d in loaded.diagnostics if d.severity is Severity.ERROR] == []
    assert loaded.app is not None
    return loaded.app


def errors_of(text: str, **more: str) -> list[tuple[str, str]]:
    """(code, path) of its errors."""
    return [(d.code, d.path) for d in load_text(text, **more).diagnostics if d.severity is Severity.ERROR]
