"""A problem in a definition: the same shape for page, command line and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.model.text import Text


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a definition. `file` is relative to the app's folder; line and column count from 1; 0 is unknown."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Severity(StrEnum):
    """How bad it is. PENDING is accepted and shown as 'not running yet', never ignored; NOTE says what could not be decided
    about it, so that nobody takes silence for proof."""

    ERROR = "error"
    WARNING = "warning"
    PENDING = "pending"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """`code` is stable (kebab-case), `path` is dotted (`tables.orders.fields.amount`), `hint` says what to write instead.
    `witness`: a record for which a proof fails, as (field or path, JSON value) pairs; a value None is empty."""

    code: str
    severity: Severity
    path: str
    span: Span
    message: Text
    hint: Text | None = None
    witness: tuple[tuple[str, Any], ...] = ()


class DefinitionError(Exception):
    """A definition that cannot be accepted; carries every problem found, not only the first."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("; ".join(f"{d.span} {d.code} {d.message.en}" for d in diagnostics))
        self.diagnostics = tuple(diagnostics)
