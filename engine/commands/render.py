"""Problems as lines for people and as JSON for programs: the same shape on every command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine.commands.console import Console
from engine.model.diagnostic import Diagnostic, Severity
from engine.model.problem import Problem
from engine.model.text import Text

_APART = {
    Severity.NOTE: Text("不能判定，请自己看一看：", "Cannot be decided; look for yourself:"),
    Severity.PENDING: Text("这一版还不运行：", "Not running yet in this version:"),
}


def diagnostic_json(diagnostic: Diagnostic, locale: str) -> dict[str, Any]:
    """file, line, column, code, severity, path, message, hint, witness (null when there is none)."""
    return {
        "file": diagnostic.span.file,
        "line": diagnostic.span.line,
        "column": diagnostic.span.column,
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "path": diagnostic.path,
        "message": diagnostic.message.to(locale),
        "hint": diagnostic.hint.to(locale) if diagnostic.hint else None,
        "witness": dict(diagnostic.witness) or None,
    }


def show_diagnostics(console: Console, diagnostics: Sequence[Diagnostic]) -> None:
    """Errors and warnings in the order of the text, then what could not be decided, then what is not running yet; results, so
    on standard output."""
    for diagnostic in in_order(diagnostics, Severity.ERROR, Severity.WARNING):
        console.result(_line(diagnostic, console.locale))
    for severity, title in _APART.items():
        listed = in_order(diagnostics, severity)
        if listed:
            console.result(title)
        for diagnostic in listed:
            console.result("  " + _line(diagnostic, console.locale))


def in_order(diagnostics: Iterable[Diagnostic], *severities: Severity) -> list[Diagnostic]:
    """Those of these severities by place."""
    return sorted((d for d in diagnostics if d.severity in severities), key=lambda d: (d.span, d.code))


def _line(diagnostic: Diagnostic, locale: str) -> str:
    line = f"{diagnostic.span} {diagnostic.code} {diagnostic.message.to(locale)}"
    if diagnostic.severity is Severity.WARNING:
        line += Text("（警告）", " (warning)").to(locale)
    return line if diagnostic.hint is None else f"{line}\n    → {diagnostic.hint.to(locale)}"


def show_problem(console: Console, problem: Problem) -> None:
    """Why it was not done: one line, then one for each fault, then what would work."""
    console.talk(f"{problem.code} {problem.detail.to(console.locale)}")
    for fault in problem.errors:
        place = str(fault.span) if fault.span else fault.path
        # One fault alone is the detail already.
        if fault.span or len(problem.errors) > 1:
            console.talk(f"    {place} {fault.code} {fault.message.to(console.locale)}")
    for remedy in problem.remedies:
        console.talk(f"    → {remedy.title.to(console.locale)}")
