"""Finding a masked value by its full text: `phone == '13800001234'`. Only equality with a constant; each look-up is a line of
the journal, and a person may make so many a minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from engine.access.mask import mask
from engine.access.view import EXACT
from engine.kinds.protocols import ValueProblem
from engine.model.app import Table
from engine.model.change import Actor, Change, Read
from engine.model.problem import Problem
from engine.model.text import Text
from engine.model.tree import Compare, Constant, Expression, FieldOf, Logic, Node
from engine.runtime.core import Core
from engine.runtime.work import Cause, Work
from engine.storage.journal import journal

PER_MINUTE = 30
SHORTEST = 7


@dataclass(frozen=True, slots=True)
class LookUp:
    """A filter with its exact comparisons turned to the hidden column; `texts` are what was looked up."""

    node: Node
    texts: tuple[str, ...]


def rewrite(work: Work, table: Table, expression: Expression, fields: frozenset[str]) -> LookUp:
    """Comparisons `field == 'text'` on these fields of the record itself compare with the full value."""
    texts: list[str] = []

    def walk(node: Node) -> Node:
        if isinstance(node, Logic):
            return replace(node, operands=tuple(walk(operand) for operand in node.operands))
        if isinstance(node, Compare) and node.operator == "==":
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if _own(side, fields) and isinstance(other, Constant) and isinstance(other.value, str):
                    assert isinstance(side, FieldOf)
                    value = full_value(work, table, side.name, other.value)
                    if value is not None:
                        texts.append(other.value)
                        type = table.fields[side.name].type
                        return replace(node, left=replace(side, name=side.name + EXACT, type=type), right=Constant(value, type))
        return node

    return LookUp(walk(expression.node), tuple(texts))


def _own(node: Node, fields: frozenset[str]) -> bool:
    return isinstance(node, FieldOf) and node.row == 0 and not node.hops and node.name in fields


def full_value(work: Work, table: Table, name: str, text: str) -> Any:
    """What was typed as a whole value of the field (a phone number in any of its forms); None when it cannot be one: short
    guesses find nothing, and other words that a person searches for are no look-up."""
    if len(text) < SHORTEST or "*" in text:
        return None
    field = table.fields[name]
    try:
        return work.program.registry.fields[field.kind].parse(text, field)
    except ValueProblem:
        return None


def record(work: Work, table: Table, texts: Sequence[str], actor: Actor) -> None:
    """Count a person's look-ups of the last minute; too many is a 429."""
    if not texts:
        return
    since = work.instant - timedelta(minutes=1)
    if recent(work.connection, actor, since) + len(texts) > PER_MINUTE:
        detail = Text(
            f"按完整号码查找一分钟最多 {PER_MINUTE} 次，请稍等",
            f"At most {PER_MINUTE} look-ups by full number a minute: wait a little",
        )
        raise Problem(429, "too_many_lookups", Text("查得太快", "Too many look-ups"), detail, facts={"retry_after": 60})
    work.looked_up.extend((table.name, text) for text in texts)


def recent(connection: Connection, actor: Actor, since: object) -> int:
    """Look-ups by this person since then."""
    where = (journal.c.user_id == actor.user_id, journal.c.kind == "looked_up", journal.c.at >= since)
    return int(connection.scalar(select(func.count()).select_from(journal).where(*where)) or 0)


def journal_lookups(core: Core, read: Read, actor: Actor, looked_up: Sequence[tuple[str, str]]) -> None:
    """Keep a line for each look-up of a read that is over; the text itself stands there masked."""
    if not looked_up:
        return
    with core.writing(read.app, actor) as work:
        for table, text in looked_up:
            record = {"id": "", "version": 0}
            change = (Change("search", None, mask(text)),)
            work.journal(table, record, "looked_up", change, Cause(), id=work.new_id())
