"""Edits of definitions written in any style: exactly the data that was meant, no other line touched, and a way back."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definition.edit.draft import Draft
from engine.definition.nodes import plain
from engine.definition.read import read_text
from tests.unit.definition.edit.oracle import Change, attempt, data_of, exact, kept, run
from tests.unit.definition.edit.styles import Writer, definition

FILE = "app.yaml"
SEEDS = st.integers(0, 10**9)
# What an edit may be refused for although both its places are there.
ALLOWED = {"comment_in_the_way"}


def written(rng: Random) -> tuple[dict[str, Any], bytes]:
    """A definition and its text; the writer's own slips are no test of the editor."""
    data = definition(rng)
    return data, Writer(rng).text(data)


def cuts(draft: Draft) -> Any:
    """How the file is cut: what one reading of the whole gives and what many small ones give must be alike."""
    sections = draft._files[FILE].sections
    return [(s.head.text, s.column, [(p.name, p.text, p.parts, p.depth) for p in s.pieces]) for s in sections]


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_nothing_done_is_nothing_changed(seed: int) -> None:
    data, text = written(Random(seed))
    draft = Draft.of({FILE: text})
    assert draft.files == {FILE: text}
    assert exact(data_of(draft)[FILE]) == exact(data)
    for path in data:
        assert draft.set((path,), data[path]).files == {FILE: text}


@settings(max_examples=400, deadline=None)
@given(SEEDS)
def test_one_edit(seed: int) -> None:
    rng = Random(seed)
    data, text = written(rng)
    draft, change = Draft.of({FILE: text}), Change(rng, data)
    after, why = attempt(draft, change.call)
    assert why <= ALLOWED, change
    if after is None:
        return
    assert exact(data_of(after)[FILE]) == exact(change.data)
    assert kept(draft.text(FILE), after.text(FILE), change.touches(draft.text(FILE))), change
    assert cuts(after) == cuts(Draft.of(after.files))
    assert draft.files == {FILE: text}
    if change.back is not None and change.returns():
        assert run(after, change.back).files == draft.files, change


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_thirty_edits_and_every_one_undone(seed: int) -> None:
    rng = Random(seed)
    data, text = written(rng)
    drafts = [Draft.of({FILE: text})]
    texts = [drafts[0].files]
    for _ in range(30):
        if not data:
            break
        change = Change(rng, data)
        after, why = attempt(drafts[-1], change.call)
        assert why <= ALLOWED, change
        if after is None:
            continue
        drafts.append(after)
        data = change.data
        texts.append(drafts[-1].files)
        assert exact(data_of(drafts[-1])[FILE]) == exact(data)
        assert cuts(drafts[-1]) == cuts(Draft.of(drafts[-1].files))
    assert [draft.files for draft in drafts] == texts


@settings(max_examples=100, deadline=None)
@given(SEEDS, st.data())
def test_no_value_is_written_otherwise_than_it_reads(seed: int, data: st.DataObject) -> None:
    rng = Random(seed)
    given_, text = written(rng)
    draft, path = Draft.of({FILE: text}), rng.choice(["title.zh", "app", "new", "new.deeper.still"])
    inner: Any = st.one_of(
        st.text(), st.integers(), st.booleans(), st.none(), st.decimals(allow_nan=False, allow_infinity=False)
    )
    value = data.draw(st.recursive(inner, lambda each: st.lists(each) | st.dictionaries(st.text(), each), max_leaves=8))
    after, why = attempt(draft, ("set", (path, value), {}))
    assert why <= {"bad_value", "bad_name"}
    if after is None:
        return
    read = plain(read_text(FILE, after.files[FILE]))
    for step in path.split("."):
        read = read[step]
    assert read == value
    assert draft.files == {FILE: text}
    assert given_["title"]


@pytest.mark.parametrize("seed", [256, 400, 615, 1017, 1030, 1237, 1759, 2132, 2662, 3052, 13671, 17873])
def test_seeds_that_once_went_wrong(seed: int) -> None:
    test_one_edit.hypothesis.inner_test(seed)  # type: ignore[attr-defined]
