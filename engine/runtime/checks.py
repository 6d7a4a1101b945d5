"""Checks of a record over itself and its children: refuse the write, or flag the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.app import Otherwise, Table
from engine.model.problem import Fault, invalid
from engine.runtime.work import Work


def judge(work: Work, table: Table, record: Mapping[str, Any]) -> frozenset[str]:
    """The names of the checks that flag this record now. Raises the Problem of those that refuse."""
    failed = [check for check in table.checks.values() if not work.program.compiled(check.must, record, work.facts)]
    refusing = [check for check in failed if check.otherwise is Otherwise.REFUSE]
    if refusing:
        raise invalid(tuple(Fault("", check.name, check.message, check.span) for check in refusing))
    return frozenset(check.name for check in failed)
