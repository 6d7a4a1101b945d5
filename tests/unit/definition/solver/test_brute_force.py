"""Every verdict on a table whose records can all be listed, against all of these records."""

from __future__ import annotations

import os

from hypothesis import given, settings

from engine.definition.solver.solve import Impossible, Witness, solve
from engine.definition.solver.space import Space
from engine.kinds.registry import Registry
from engine.language.python import compile_python
from tests.unit.definition.solver.reading import condition
from tests.unit.definition.solver.small import APP, TABLE, conditions, records
from tests.unit.language.env import FakeEnv

RECORDS = list(records())
SPACE = Space.of(APP, "things")
FIELDS = Registry.load().fields
EXAMPLES = int(os.environ.get("PROOF_EXAMPLES", "400"))


@settings(max_examples=EXAMPLES, deadline=None)
@given(conditions)
def test_verdicts_agree_with_all_records(text: str) -> None:
    read = condition(text, APP, "things")
    found = solve(read.node, SPACE, read)
    holds, env = compile_python(read), FakeEnv()
    if isinstance(found, Impossible):
        assert not [record for record in RECORDS if holds(record, env)]
        return
    assert isinstance(found, Witness), found
    said = {name: value for name, value in found.values if TABLE.fields[name].value is None}
    typed = {name: FIELDS[TABLE.fields[name].kind].parse(value, TABLE.fields[name]) for name, value in said.items()}
    same = [record for record in RECORDS if all(record[name] == value for name, value in typed.items())]
    # A witness names all that matters: every record that agrees with it will do, and there is one.
    assert same
    assert all(holds(record, env) for record in same)
