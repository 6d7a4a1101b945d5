"""The registry of functions."""

from __future__ import annotations

import pytest

from engine.language.expression import read_expression
from engine.language.functions import FUNCTIONS
from engine.language.functions.protocol import Back
from engine.model.diagnostic import DefinitionError, Span
from tests.unit.language.orders import ORDERS


def test_names_are_usages() -> None:
    for name, function in FUNCTIONS.items():
        assert function.name == name
        assert function.usage.startswith(f"{name}(")


def test_what_runs_runs_everywhere() -> None:
    assert {name for name, function in FUNCTIONS.items() if function.backs != frozenset(Back)} == set()


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_wrong_arguments_are_refused_with_the_usage(name: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        read_expression(f"{name}(amount, amount, True, amount)", ORDERS, span=Span(), path="x")
    (found,) = raised.value.diagnostics
    assert found.code == "wrong-argument"
    assert found.hint is not None
    assert name in found.hint.zh


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("round(amount, amount)", "round"),
        ("first_of(amount, remark)", "first_of"),
        ("days(1.1234567)", "digits"),
        ("date('2026-13-01')", "date"),
    ],
)
def test_other_misuse(text: str, wanted: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        read_expression(text, ORDERS, span=Span(), path="x")
    assert wanted in raised.value.diagnostics[0].message.en
