"""All pages: file name in docs/reference/ → text. A new page is a module with `pages()` and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tools.reference import diagnostics, fields, functions, schema, steps, triggers

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"
MODULES = (diagnostics, fields, steps, triggers, functions, schema)


def pages() -> dict[str, str]:
    """Every page as it has to be."""
    found: dict[str, str] = {}
    for module in MODULES:
        made: Mapping[str, str] = module.pages()
        found.update(made)
    return found
