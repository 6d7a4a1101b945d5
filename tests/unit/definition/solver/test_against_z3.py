"""Verdicts on records without number, against z3, which has been told the same conditions in another way."""

from __future__ import annotations

import os

from hypothesis import assume, given, settings

from engine.definition.solver.solve import Impossible, Witness, solve
from engine.definition.solver.space import Space
from tests.unit.definition.solver.by_z3 import possible
from tests.unit.definition.solver.reading import condition
from tests.unit.definition.solver.wide import APP, conditions

SPACE = Space.of(APP, "orders", old=True)
EXAMPLES = int(os.environ.get("PROOF_EXAMPLES", "150"))


def verdicts(text: str) -> tuple[object, bool | None]:
    read = condition(text, APP, "orders", old=True)
    return solve(read.node, SPACE, read), possible(read.node, APP, "orders", seconds=2)


@settings(max_examples=EXAMPLES, deadline=None)
@given(conditions)
def test_verdicts_agree_with_z3(text: str) -> None:
    found, there_is = verdicts(text)
    assert isinstance(found, Witness | Impossible), found
    assume(there_is is not None)
    assert isinstance(found, Witness) is there_is, found
