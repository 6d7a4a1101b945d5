"""Texts with expressions in braces."""

from __future__ import annotations

import pytest

from engine.language.template import read_template, render
from engine.model.diagnostic import DefinitionError, Span
from tests.unit.language.orders import ALERT

HERE = Span("app.yaml", 4, 10)


def test_parts_and_languages() -> None:
    read = read_template({"zh": "{order_no} 已待审 {elapsed}", "en": "{order_no} waits"}, ALERT, span=HERE, path="a.text")
    assert render(read, "zh_CN", lambda expression: f"<{expression.text}>") == "<order_no> 已待审 <elapsed>"
    assert render(read, "en", lambda expression: f"<{expression.text}>") == "<order_no> waits"


def test_one_text_serves_both_languages() -> None:
    read = read_template("加急 {order_no}", ALERT, span=HERE, path="a.text")
    assert read.zh == read.en
    only = read_template({"en": "Express"}, ALERT, span=HERE, path="a.text")
    assert render(only, "zh", lambda _: "") == "Express"


def test_braces_and_quotes() -> None:
    read = read_template("{{x}} {concat('}', remark)}", ALERT, span=HERE, path="a.text")
    assert render(read, "zh", lambda expression: expression.text) == "{x} concat('}', remark)"


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ("{order_n} x", 11, "unknown-name"),
        ("x {order_no", 12, "template"),
        ("x } y", 12, "template"),
        ("{}", 11, "no-expression"),
    ],
)
def test_problems_have_their_place(text: str, column: int, code: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        read_template(text, ALERT, span=HERE, path="a.text")
    (found,) = raised.value.diagnostics
    assert (found.code, found.span) == (code, Span("app.yaml", 4, column))


def test_both_languages_are_checked() -> None:
    with pytest.raises(DefinitionError) as raised:
        read_template({"zh": "{order_n}", "en": "{elapst}"}, ALERT, span=HERE, path="a.text")
    assert [each.path for each in raised.value.diagnostics] == ["a.text.zh", "a.text.en"]
