"""Formulas: typed in the order in which they need each other, wherever they stand; circles are found and named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.definition.build.context import Report
from engine.definition.build.types import implicit_fields
from engine.definition.build.uses import Uses, field_of
from engine.definition.build.walk import nodes
from engine.definition.nodes import Scalar
from engine.language.expression import read_expression
from engine.model.diagnostic import DefinitionError, Diagnostic
from engine.model.tree import Call, Expression, FieldOf
from engine.model.types import Scope, TableTypes

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CLOCK = frozenset({"now", "today"})
_STEADY = frozenset({"id", "created_at", "created_by"})
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Formula:
    """`stored`: it needs nothing but fields that are stored in its own record."""

    expression: Expression
    stored: bool


def type_formulas(
    texts: Mapping[Key, Scalar], types: Mapping[str, TableTypes], report: Report
) -> tuple[Mapping[Key, Formula], Mapping[str, TableTypes]]:
    """(table, field) → its formula, and the tables with the formulas' types added. What cannot be typed is reported."""
    known = {name: replace(table, flags=frozenset()) for name, table in types.items()}
    done: dict[Key, Formula] = {}
    waiting = dict(texts)
    broken: set[str] = set()
    while waiting:
        failed: dict[Key, tuple[Diagnostic, ...]] = {}
        names = {name for _, name in waiting} | broken
        ready = [key for key, node in waiting.items() if not _words(node.text) & names]
        for key in ready or list(waiting):
            try:
                done[key] = _read(key, waiting[key], known, report.uses)
            except DefinitionError as error:
                failed[key] = error.diagnostics
                continue
            del waiting[key]
            known[key[0]] = _added(known[key[0]], key[1], done[key])
        if ready:
            for key, problems in failed.items():
                report.extend(problems)
                broken.add(key[1])
                del waiting[key]
        elif len(failed) == len(waiting):
            _report_stuck({k: node for k, node in waiting.items() if not _words(node.text) & broken}, failed, report)
            break
    return done, {name: replace(table, flags=types[name].flags) for name, table in known.items()}


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_QUOTED.sub(" ", text)))


def _read(key: Key, node: Scalar, known: Mapping[str, TableTypes], uses: Uses) -> Formula:
    table, name = key
    path = f"tables.{table}.fields.{name}.value"
    listen = uses.listener(node, field_of(table, name))
    expression = read_expression(node.text, Scope(known, table), span=node.inside, path=path, listen=listen)
    uses.formulas.add(field_of(table, name))
    return Formula(expression, _is_stored(expression, known[table]))


def _is_stored(expression: Expression, types: TableTypes) -> bool:
    """Implicit fields that change by themselves keep a formula out of the table, like links and the clock do."""
    if expression.whole:
        return False
    restless = types.computed | (frozenset(implicit_fields({})) - _STEADY)
    for node in nodes(expression.node):
        if isinstance(node, FieldOf) and (node.name in restless or node.hops):
            return False
        if isinstance(node, Call) and node.function in _CLOCK:
            return False
    return True


def _added(types: TableTypes, name: str, formula: Formula) -> TableTypes:
    computed = types.computed if formula.stored else types.computed | {name}
    fields = {**types.fields, name: formula.expression.type}
    return replace(types, fields=MappingProxyType(fields), computed=computed)


def _report_stuck(waiting: Mapping[Key, Scalar], failed: Mapping[Key, tuple[Diagnostic, ...]], report: Report) -> None:
    """Those on a circle are told so; the others are wrong in themselves or wait for one that is."""
    needs = {key: [other for other in waiting if other[1] in _words(node.text)] for key, node in waiting.items()}
    circle = {key for key in waiting if key in _reachable(key, needs)}
    for key, node in waiting.items():
        if key in circle:
            names = " → ".join(f"{table}.{name}" for table, name in _circle(key, needs, circle))
            report.add("formula-cycle", node.span, f"tables.{key[0]}.fields.{key[1]}.value", names=names)
        elif not set(needs[key]) & circle:
            report.extend(failed[key])


def _reachable(start: Key, needs: Mapping[Key, list[Key]]) -> set[Key]:
    seen: set[Key] = set()
    waiting = list(needs[start])
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += needs[key]
    return seen


def _circle(start: Key, needs: Mapping[Key, list[Key]], circle: set[Key]) -> list[Key]:
    path, key = [start], start
    while True:
        key = next(other for other in needs[key] if other in circle)
        path.append(key)
        if key in path[:-1]:
            return path[path.index(key) :]
