"""The market's templates do what their `cases.yaml` says: given / when / then, through the same doors as everybody."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.model.change import Actor, Write
from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.world import SYSTEM, TEMPLATE, World, actor, make_world

pytestmark = ON_BOTH

BOOK: Mapping[str, Any] = yaml.safe_load((TEMPLATE / "cases.yaml").read_text(encoding="utf-8"))


class Run:
    """One case: names of records, the last record touched, the last refusal."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.names: dict[str, tuple[str, str]] = {}
        self.last = ("", "")
        self.refusal: Problem | None = None

    def actor(self, name: str) -> Actor:
        person = dict(BOOK["people"][name])
        return actor(*person.pop("roles"), name=name, **person)

    def give(self, records: Mapping[str, Mapping[str, Any]]) -> None:
        for name, body in records.items():
            ((table, values),) = body.items()
            self.names[name] = (table, self.world.create(table, SYSTEM, **values).id)
            self.last = self.names[name]

    def values(self, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Values and child rows; the name of a record stands for its id."""
        plain = {n: self.names[v][1] if v in self.names else v for n, v in given.items() if not isinstance(v, list)}
        children = {n: [self.values(row)[0] for row in v] for n, v in given.items() if isinstance(v, list)}
        return plain, children

    def do(self, step: Mapping[str, Any]) -> None:
        plain, children = self.values(step.get("values", {}))
        table, id = self.names[step.get("edit") or step["move"]] if "create" not in step else (step["create"], None)
        request = Write(self.world.app, table, id, plain, children, transition=step.get("transition"))
        self.last = (table, self.world.runtime.write(request, self.actor(step["by"])).id)

    def expect(self, then: Mapping[str, Any]) -> None:
        left = dict(then)
        assert (self.refusal.code if self.refusal else None) == left.pop("refused", None), self.refusal
        for table, count in left.pop("records", {}).items():
            assert len(self.world.all(table)) == count
        for name in [n for n in left if n in self.names]:
            self.same(self.names[name], left.pop(name))
        self.same(self.last, left)

    def same(self, place: tuple[str, str], wanted: Mapping[str, Any]) -> None:
        if not wanted:
            return
        record = self.world.raw(*place)
        flags = sorted(record["flags"] or ())
        got = {n: flags if n == "flags" else record[n] for n in wanted}
        assert {n: v if isinstance(v, list) else str(v) for n, v in got.items()} == {
            n: v if isinstance(v, list) else str(v) for n, v in wanted.items()
        }


@pytest.mark.parametrize("case", BOOK["cases"], ids=[case["title"]["en"] for case in BOOK["cases"]])
def test_case(case: Mapping[str, Any], tmp_path: Path) -> None:
    run = Run(make_world(tmp_path))
    run.give(BOOK["records"])
    run.give(case.get("given", {}))
    steps = case["when"] if isinstance(case["when"], list) else [case["when"]]
    for step in steps[:-1]:
        run.do(step)
    try:
        run.do(steps[-1])
    except Problem as problem:
        run.refusal = problem
    run.expect(case["then"])


def test_a_case_that_is_not_so_fails(tmp_path: Path) -> None:
    run = Run(make_world(tmp_path))
    run.give(BOOK["records"])
    run.do(BOOK["cases"][0]["when"])
    with pytest.raises(AssertionError):
        run.expect({"status": "pending"})
