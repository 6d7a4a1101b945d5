from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from engine.storage.column_forms import form
from engine.storage.row_text import Sum, read_row, write_row
from engine.storage.stock import type_of
from tests.unit.kinds.making import REGISTRY, field

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.binary()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.timedeltas()
    | st.frozensets(st.text(max_size=3)),
    lambda inner: st.lists(st.text(max_size=3)) | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    max_leaves=3,
)


@given(row=st.lists(VALUES, max_size=6))
def test_a_row_comes_back_as_it_was(row: list[Any]) -> None:
    again = read_row(write_row(row))
    assert again == row
    assert [type(value) for value in again] == [type(value) for value in row]
    assert write_row(row).count(b"\n") == 1


@pytest.mark.parametrize("kind", sorted(REGISTRY.fields))
def test_every_kind_of_field_can_be_backed_up(kind: str) -> None:
    made = field(kind)
    value, column = REGISTRY.fields[kind].sample(made, Random(1)), REGISTRY.fields[kind].column(made)
    assert read_row(write_row([value])) == [value]
    if column is not None:
        assert type_of(_form(column)) is not None


def _form(column: Any) -> str:
    return form(column, sqlite.dialect())


@pytest.mark.parametrize("line", [b"", b"{}", b"5", b"[{}]", b'[{"a": 1, "b": 2}]', b'[{"no_such": 1}]', b"\xff", b"[" * 9_000])
def test_a_line_that_is_no_row_is_refused(line: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        read_row(line)


def test_a_sum_does_not_depend_on_the_order_and_tells_every_change() -> None:
    rows = [write_row([number]) for number in range(50)]
    sums = []
    for lines in (rows, rows[::-1], rows[:-1], [*rows, rows[0]], [write_row([99]), *rows[1:]]):
        total = Sum()
        for line in lines:
            total.add(line)
        sums.append(json.dumps(total.told()))
    assert sums[0] == sums[1]
    assert len(set(sums)) == 4
