"""For every kind of field: what goes out as JSON comes in again as the same value."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kinds.protocols import ValueProblem
from tests.unit.kinds.making import REGISTRY, field

OPTIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "decimal": st.builds(lambda scale: {"scale": scale}, st.integers(1, 6)),
    "integer": st.builds(lambda low, more: {"min": low, "max": low + more}, st.integers(-1000, 1000), st.integers(0, 1000)),
    "money": st.builds(lambda low, more: {"min": low, "max": low + more}, st.integers(-1000, 1000), st.integers(0, 1000)),
    "text": st.builds(lambda most: {"max": most}, st.integers(1, 50)),
    "serial": st.sampled_from([{"format": "{number:03d}"}, {"format": "A-{date:%Y-%m}-{number:05d}-Z"}]),
}


@pytest.mark.parametrize("kind", sorted(REGISTRY.fields))
@settings(max_examples=60)
@given(data=st.data())
def test_sample_goes_out_and_comes_in(kind: str, data: st.DataObject) -> None:
    made = field(kind, **data.draw(OPTIONS.get(kind, st.just({}))))
    value = REGISTRY.fields[kind].sample(made, Random(data.draw(st.integers())))
    assert REGISTRY.fields[kind].parse(REGISTRY.fields[kind].to_json(value, made), made) == value
    assert REGISTRY.fields[kind].parse(value, made) == value


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text("0123456789.,-/:￥１ TZ年月日", max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("kind", sorted(REGISTRY.fields))
@settings(max_examples=60)
@given(raw=ANYTHING)
def test_anything_is_taken_for_good_or_refused_in_words(kind: str, raw: Any) -> None:
    made = field(kind)
    try:
        value = REGISTRY.fields[kind].parse(raw, made)
    except ValueProblem:
        return
    assert REGISTRY.fields[kind].parse(REGISTRY.fields[kind].to_json(value, made), made) == value
