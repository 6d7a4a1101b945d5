"""What the proof says of loops, against the real runtime: small rule sets, every small record, every small change of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.definition import load as loading
from engine.definition.load import load
from engine.kinds.registry import Registry
from engine.model.diagnostic import Diagnostic, Severity
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.unit.definition.catalogue import SmallCatalogue
from tests.world import World, make_world

pytestmark = ON_BOTH

APP = """
app: small
roles: {clerk: {title: C}}
tables:
  t:
    fields:
      x: {type: choice, choices: {a: a, b: b}}
      n: {type: integer, min: 0, max: 3}
      y: {type: boolean}
      twice: {type: formula, value: "n * 2"}
      status: {type: state}
    flow:
      field: status
      states: {open: {initial: true}, held: {}}
      transitions:
        hold: {from: open, to: held, by: [clerk, system]}
        free: {from: held, to: open, by: [clerk, system], guard: "x != 'b'"}
permissions:
  clerk: {t: {read: {all: true}}}
"""
REGISTRY = Registry.load()
TRIGGERS = (
    "created: t",
    "updated: t",
    "updated: {of: t, fields: [x]}",
    "updated: {of: t, fields: [n, y]}",
    "updated: {of: t, fields: [twice]}",
    "updated: {of: t, fields: [status]}",
    "enters: t.held",
    "enters: t.open",
    "leaves: t.open",
)
CONDITIONS = (
    "True",
    "x == 'a'",
    "x != 'a'",
    "empty(x)",
    "n < 2",
    "n >= 1 or y",
    "not y",
    "status == 'held'",
    "twice < 4 and x != 'b'",
    "old.x != x",
    "old.n == n",
)
STEPS = (
    "set: {x: \"'a'\"}",
    "set: {x: \"'b'\"}",
    "set: {x: \"'b' if x == 'a' else 'a'\"}",
    'set: {n: "n + 1"}',
    'set: {n: "3 - n"}',
    'set: {n: "0"}',
    'set: {y: "not y"}',
    'set: {y: "True", n: "1"}',
    'set: {x: "old.x"}',
    "transition: hold",
    "transition: free",
    "create: {table: t, set: {x: x}}",
    "create: {table: t, set: {n: n + 1}}",
    "update: {table: t, where: \"x == 'a'\", set: {x: \"'b'\"}}",
)
IMAGES = [
    {"x": x, "n": n, "y": y, "status": status}
    for x, n, y, status in product((None, "a", "b"), (None, 0, 1, 3), (None, False, True), ("open", "held"))
]


def rules(random: Random) -> str:
    lines = ["rules:"]
    for number in range(random.randint(1, 3)):
        trigger = random.choice(TRIGGERS)
        usable = [c for c in CONDITIONS if not (trigger.startswith("created") and "old" in c)]
        steps = [s for s in STEPS if not (trigger.startswith("created") and "old" in s)]
        chosen = random.sample(steps, random.choice((1, 1, 2)))
        then = ", ".join(f"{{{step}}}" for step in chosen)
        lines.append(f'  r{number}: {{when: {{{trigger}}}, if: "{random.choice(usable)}", then: [{then}]}}')
    return "\n".join(lines) + "\n"


def said(text: str) -> list[Diagnostic]:
    loaded = load({"app.yaml": (APP + text).encode()}, SmallCatalogue(), REGISTRY)
    return [d for d in loaded.diagnostics if d.code in ("rule-loop", "rule-loop-undecided")]


def unproved_world(path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """The rules running although the proof would set them aside."""
    monkeypatch.setattr(loading, "prove", lambda app, registry: [])
    return make_world(path, {"app.yaml": (APP + text).encode()}, catalogue=SmallCatalogue())


def put(world: World, id: str, image: Mapping[str, Any]) -> None:
    """The record as it is to be before the event, without any rule having run."""
    table = world.runtime.program(world.app).tables["t"]
    n = image["n"]
    with world.runtime.database.write() as connection:
        connection.execute(table.delete().where(table.c.id != id))
        connection.execute(table.update().where(table.c.id == id).values({**image, "twice": None if n is None else n * 2}))


def looped(world: World) -> bool:
    return any(incident.code == "rule_loop" for incident in world.runtime.incidents(world.app))


def event(world: World, id: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """The change of a record from one image to another, by hand."""
    put(world, id, old)
    values = {name: value for name, value in new.items() if name != "status"}
    moves = {("open", "held"): "hold", ("held", "open"): "free"}
    try:
        if old["status"] == new["status"]:
            world.change("t", id, **values)
        else:
            world.move("t", id, moves[old["status"], new["status"]], **values)
    except Problem:
        return


def tried(world: World, random: Random, witness: Mapping[str, Any]) -> bool:
    """Does any of many events loop? The one that the witness tells of comes first."""
    id = world.create("t").id
    plain = {"x": None, "n": None, "y": None, "status": "open"}
    new = {name: witness.get(name, value) for name, value in plain.items()}
    old = {name: witness.get(f"old.{name}", new[name]) for name in plain}
    pairs: Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]] = iter(
        [(old, new), *((random.choice(IMAGES), random.choice(IMAGES)) for _ in range(25))]
    )
    if looped(world):
        return True
    for before, after in pairs:
        event(world, id, before, after)
        if looped(world):
            return True
    for image in random.sample([each for each in IMAGES if each["status"] == "open"], 8):
        try:
            world.create("t", x=image["x"], n=image["n"], y=image["y"])
        except Problem:
            continue
        if looped(world):
            return True
    return False


@pytest.mark.parametrize("seed", range(16))
def test_the_proof_and_the_runtime_agree(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)
    text = rules(random)
    found = said(text)
    certain = [d for d in found if d.severity is Severity.ERROR]
    world = unproved_world(tmp_path, text, monkeypatch)
    assert len(world.runtime.program(world.app).app.rules) == text.count("when"), text
    runs = tried(world, random, dict(certain[0].witness) if certain else {})
    if runs:
        assert found, f"it loops, and nothing was said:\n{text}"
    elif certain:
        pytest.fail(f"nothing loops, and an error was reported:\n{text}\n{certain[0].message.en}\n{certain[0].witness}")


def test_the_examples_hold_loops_and_ends() -> None:
    """A test that only ever sees one kind would show nothing."""
    counted = [bool(said(rules(Random(seed)))) for seed in range(40)]
    assert 5 <= sum(counted) <= 35
