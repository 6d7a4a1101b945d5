"""A mask is the same in Python and in SQL, and shows no more than it says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Connection, String, cast, literal, null, select
from sqlalchemy.types import TypeEngine

from engine.access.mask import mask, masked
from engine.language.sqltypes import Day, Instant, Number
from tests.databases import ON_BOTH

pytestmark = ON_BOTH

# What field kinds let through: no control characters, no halves of surrogate pairs.
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.none() | texts)
def test_text_is_masked_alike(connection: Connection, value: str | None) -> None:
    assert connection.scalar(select(masked(literal(value, String())))) == mask(value)


@pytest.mark.parametrize(
    ("value", "type"),
    [
        (Decimal("1234567.89"), Number(2)),
        (7, Number(0)),
        (True, Boolean()),
        (date(2026, 12, 1), Day()),
        (datetime(2026, 12, 1, tzinfo=UTC), Instant()),
    ],
)
def test_what_is_no_text_shows_nothing_of_itself(connection: Connection, value: Any, type: TypeEngine[Any]) -> None:
    assert connection.scalar(select(masked(literal(value, type)))) == mask(value) == "****"
    assert connection.scalar(select(masked(cast(null(), type)))) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [("13800001234", "138****1234"), ("12345678", "123****5678"), ("1234567", "1****"), ("王", "王****"), ("", "****")],
)
def test_how_a_mask_looks(value: str, shown: str) -> None:
    assert mask(value) == shown
