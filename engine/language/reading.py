"""What the parts of the checker share: where they read, whom they tell. A port, so that names, operators and calls can be
files of their own without importing each other."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from engine.language.report import Report
from engine.language.syntax import Source
from engine.model.text import Text
from engine.model.tree import Node
from engine.model.types import Scope

Rows = tuple[str | None, ...]
"""The table of each row depth; the last is the one whose fields are bare names; None: there is no record."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an expression, what it was read as, and the rows it could see."""

    syntax: ast.expr
    node: Node
    rows: Rows


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole expression taken apart, the whole last. `offset`: where it begins in the text that was handed in, for
    expressions that stand inside a template."""

    source: Source
    parts: tuple[Part, ...]
    offset: int = 0


Listener = Callable[[Parts], None]
"""Is told what an expression was read as; only of expressions in which nothing is wrong."""


class Reading(Protocol):
    """One expression being read."""

    scope: Scope
    source: Source
    report: Report

    def read(self, node: ast.expr, rows: Rows) -> Node | None:
        """Type a part; None if it is wrong, and then it has been reported."""

    def problem(self, code: str, node: ast.AST, message: Text | None = None, hint: Text | None = None) -> None:
        """Report a problem of this part."""
