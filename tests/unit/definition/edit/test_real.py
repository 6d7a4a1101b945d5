"""Edits of the definitions that people read first: the market's templates and the design's example."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definition.edit.draft import Draft
from engine.definition.load import load
from engine.definition.read import read_folder
from engine.kinds.registry import Registry
from engine.model.diagnostic import Severity
from tests.unit.definition.catalogue import SmallCatalogue
from tests.unit.definition.edit.oracle import Change, at, attempt, data_of, exact, kept, run

MARKET = Path(__file__).parents[4] / "templates_market"
EXAMPLE = {"order_tracking.yaml": Path(__file__).with_name("order_tracking.yaml").read_bytes()}
ALL = {"the example": EXAMPLE} | {path.name: read_folder(path) for path in MARKET.iterdir() if (path / "app.yaml").exists()}


@pytest.mark.parametrize("files", ALL.values(), ids=ALL)
def test_nothing_done_is_nothing_changed(files: Mapping[str, bytes]) -> None:
    assert Draft.of(files).files == files


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(ALL.values())), st.integers(0, 10**9))
def test_one_edit(files: Mapping[str, bytes], seed: int) -> None:
    rng, draft = Random(seed), Draft.of(files)
    data = data_of(draft)
    file = rng.choice(list(files))
    change = Change(rng, data[file])
    if change.call[0] in {"remove", "move"} and len(at(data[file], change.path[:-1])) == 1:
        return  # whether the container goes too is for the language to say: see test_lines
    if any(change.call[0] != "set" and name in data[other] for other in files if other != file for name in change.data):
        return  # a section that is spread over files: see test_spread
    after, why = attempt(draft, change.call)
    assert why <= {"comment_in_the_way", "name_taken"}, change
    if after is None:
        return
    assert exact(data_of(after)) == exact({**data, file: change.data}), change
    assert {name: text for name, text in after.files.items() if name != file} == {n: t for n, t in files.items() if n != file}
    assert kept(draft.text(file), after.text(file), change.touches(draft.text(file))), change
    if change.back is not None and change.returns() and change.call[0] != "move":
        assert run(after, change.back).files == files, change


def test_every_kind_of_element_comes_and_goes() -> None:
    draft = Draft.of(EXAMPLE)
    step = {"notify": {"to": ["role.buyer"], "by": ["inbox"], "text": "x"}}
    added = {
        "tables.invoices": {"title": "发票", "fields": {"no": {"type": "text"}}},
        "tables.orders.fields.colour": {"type": "choice", "choices": {"r": "红"}},
        "tables.orders.fields.priority.choices.low": "不急",
        "tables.orders.flow.states.held": {"title": "挂起"},
        "tables.orders.flow.transitions.hold": {"from": "pending", "to": "held", "by": ["clerk"]},
        "tables.orders.flow.transitions.release": {"from": "held", "to": "pending", "by": ["clerk"]},
        "permissions.clerk.orders.edit.phone": "status == 'pending'",
        "permissions.director.customers": {"read": {"all": True}},
        "rules.tell": {"when": {"created": "orders"}, "then": [step]},
        "rules.refund_freezes_shipments.then[1]": step,
        "routing.pick_warehouse.rows[2]": {"if": "amount > 9000", "then": "hz"},
        "alerts.not_signed.levels[1]": {"after": "96h", "notify": {"to": ["role.director"], "by": ["inbox"]}},
        "boards.sent": {"title": "已发", "of": "orders", "kind": "grid", "columns": ["order_no", "status"]},
    }
    after = draft
    for path, value in added.items():
        after = after.set(path, value)
        assert after.get(path) == value
    before, now = (each.text("order_tracking.yaml").split("\n") for each in (draft, after))
    matcher = SequenceMatcher(None, before, now, autojunk=False)
    changed = [row for kind, start, end, _, _ in matcher.get_opcodes() if kind != "equal" for row in before[start:end]]
    assert [row.split(":")[0].strip() for row in changed] == ["priority", "edit"]  # both in braces; all else is new lines
    loaded = load(after.files, SmallCatalogue(), Registry.load())
    assert loaded.app is not None
    assert [d for d in loaded.diagnostics if d.severity is Severity.ERROR and "overlap" not in d.code] == []
    for path in reversed(list(added)):
        after = after.remove(path)
    assert after.files == EXAMPLE
