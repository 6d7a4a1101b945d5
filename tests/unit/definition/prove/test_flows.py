"""What the proof says of flows, against counting it out: small flows, guards and scopes, every small record."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest

from engine.language.python import compile_python
from engine.model.app import App, Transition
from engine.model.diagnostic import Diagnostic
from engine.model.tree import Expression
from tests.unit.definition.loading import app_of, load_text
from tests.unit.language.env import FakeEnv

STATES = ("s0", "s1", "s2", "s3")
GUARDS = (None, None, "n > 1", "n < 0", "x == 'a'", "x == 'a' and x == 'b'", "n > 2 or status == 's2'", "status == 's1'")
SCOPES = (None, None, "x == 'a'", "status in ['s0', 's1']", "status != 's2'", "n < 1 and x == 'b'", "empty(x)")
RECORDS = [{"n": n, "x": x} for n, x in product((None, 0, 1, 2, 3), (None, "a", "b"))]
APP = """
    app: small
    roles: {{one: {{title: One}}, two: {{title: Two}}}}
    tables:
      t:
        fields:
          n: {{type: integer, min: 0, max: 3}}
          x: {{type: choice, choices: {{a: a, b: b}}}}
          status: {{type: state}}
        flow:
          field: status
          states: {{s0: {{initial: true}}, s1: {{}}, s2: {{}}, s3: {{final: true}}}}
          transitions:
{moves}
    permissions:
      one: {{t: {{{one}read: {{x: true}}}}}}
      two: {{t: {{{two}read: {{x: true}}}}}}
"""
PROOFS = {"never-entered", "never-left", "unreachable-state", "dead-end-state", "never-holds", "role-never-there"}


def flow(random: Random) -> str:
    moves = []
    for number in range(random.randint(3, 6)):
        sources = random.sample(STATES[:3], random.choice((1, 1, 2)))
        by = random.sample(("one", "two"), random.choice((1, 2)))
        guard = random.choice(GUARDS)
        told = f', guard: "{guard}"' if guard else ""
        target = random.choice(STATES)
        moves.append(f"            m{number}: {{from: [{', '.join(sources)}], to: {target}, by: [{', '.join(by)}]{told}}}")
    scopes = [f'records: "{scope}", ' if (scope := random.choice(SCOPES)) else "" for _ in range(2)]
    return APP.format(moves="\n".join(moves), one=scopes[0], two=scopes[1])


def holds(expression: Expression | None, record: dict[str, Any]) -> bool:
    return expression is None or bool(compile_python(expression)(record, FakeEnv()))


def takers(app: App, transition: Transition, state: str) -> set[str]:
    """The roles that can take it from a state, on some record."""
    found = set()
    for role, record in product(transition.by, RECORDS):
        whole = {**record, "status": state, "id": "1"}
        if holds(app.permissions[role]["t"].records, whole) and holds(transition.guard, whole):
            found.add(role)
    return found


def counted(app: App) -> set[tuple[str, str]]:
    """(code, name) of everything that counting finds wrong."""
    flow_of = app.tables["t"].flow
    assert flow_of is not None
    moves = flow_of.transitions.values()
    drawn, entered = {"s0"}, {"s0"}
    for _ in STATES:
        drawn |= {m.target for m in moves if drawn & set(m.sources)}
        entered |= {m.target for m in moves for s in m.sources if s in entered and takers(app, m, s)}
    found = {("unreachable-state", state) for state in STATES if state not in drawn}
    for state in drawn:
        leaving = [m for m in moves if state in m.sources]
        if state == "s3":
            left = True
        elif not leaving:
            found.add(("dead-end-state", state))
            continue
        else:
            left = any(takers(app, m, state) for m in leaving)
        if state in entered and not left:
            found.add(("never-left", state))
        if state not in entered and any(m.target == state and s in entered for m in moves for s in m.sources):
            found.add(("never-entered", state))
    for move in moves:
        opened = any(holds(move.guard, {**r, "status": s}) for r in RECORDS for s in move.sources)
        if not opened:
            found.add(("never-holds", move.name))
        else:
            can = {role for state in move.sources for role in takers(app, move, state)}
            found |= {("role-never-there", f"{move.name}.{role}") for role in set(move.by) - can}
    return found


def said(diagnostic: Diagnostic) -> tuple[str, str]:
    path = diagnostic.path.split(".")
    if diagnostic.code == "role-never-there":
        role = next(name for name in ("one", "two") if f"“{name}”" in diagnostic.message.en)
        return diagnostic.code, f"{path[4]}.{role}"
    return diagnostic.code, path[4]


@pytest.mark.parametrize("seed", range(150))
def test_the_proof_and_counting_agree(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = flow(Random(seed))
    found = {said(d) for d in load_text(text).diagnostics if d.code in PROOFS}
    with monkeypatch.context() as without:
        without.setattr("engine.definition.load.prove", lambda app, registry: [])
        app = app_of(text)
    assert found == counted(app), text


def test_a_state_that_a_connection_brings_is_entered() -> None:
    text = """
    app: shop
    roles: {clerk: {title: C}}
    tables:
      orders:
        fields: {no: {type: text, unique: true}, status: {type: state}}
        flow:
          field: status
          states: {open: {initial: true}, lost: {}, done: {final: true}}
          transitions:
            close: {from: [open, lost], to: done, by: [clerk]}
    permissions: {clerk: {orders: {read: {all: true}}}}
    """
    connection = """
    connections:
      shop:
        use: shopify
        settings: {shop: "secret:a", token: "secret:b"}
        pull:
          orders: {every: 15m, into: orders, match: [no], map: {no: source.id, status: "'lost'"}}
    """
    assert {d.code for d in load_text(text).diagnostics} == {"unreachable-state"}
    assert {d.code for d in load_text(text + connection).diagnostics} & PROOFS == set()


def test_the_examples_hold_every_kind_of_mistake() -> None:
    told = [{d.code for d in load_text(flow(Random(seed))).diagnostics} for seed in range(150)]
    assert {code for each in told for code in each} >= PROOFS
    assert any(not each & PROOFS for each in told), "and some that are right"
