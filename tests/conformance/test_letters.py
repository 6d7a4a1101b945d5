"""lower() is the same for every character of Unicode in every database, and does not look at what stands around."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from sqlalchemy import Engine, String, case, literal, select, union_all

from engine.language import forms, letters
from tests.conformance.seeds import both_seeds, try_all

LENGTH = 500
PARTS = 200
# NUL cannot be stored, and halves of characters are none.
CHARACTERS = "".join(chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF)
TRICKY = "ΣσςΑαİıIißẞſKkÅåǅ'’.\u0301\u0307\u00ad\u200d:ͅ 中李😀A1_-"


def lowered(engine: Engine, texts: list[str]) -> list[str]:
    parts = [select(literal(n).label("n"), forms.lower(literal(each, String())).label("t")) for n, each in enumerate(texts)]
    with engine.connect() as connection:
        return [text for _, text in sorted(tuple(row) for row in connection.execute(union_all(*parts)))]


def test_every_character(engine: Engine) -> None:
    chunks = [CHARACTERS[at : at + LENGTH] for at in range(0, len(CHARACTERS), LENGTH)]
    different: dict[str, Any] = {}
    for at in range(0, len(chunks), PARTS):
        several = chunks[at : at + PARTS]
        for chunk, found in zip(several, lowered(engine, several), strict=True):
            if found != "".join(letters.lower(each) for each in chunk):
                alone = lowered(engine, list(chunk))
                different |= {each: now for each, now in zip(chunk, alone, strict=True) if now != letters.lower(each)}
    assert different == {}


@both_seeds
def test_whatever_stands_around(engine: Engine, seed_of: str) -> None:
    def check(texts: list[str]) -> None:
        wanted = ["".join(letters.lower(each) for each in text) for text in texts]
        assert [letters.lower(text) for text in texts] == wanted
        assert lowered(engine, texts) == wanted

    try_all(check, seed_of, texts=st.lists(st.text(TRICKY, min_size=1, max_size=12), min_size=1, max_size=20))


@pytest.mark.parametrize(("first", "second"), [("\ud7ff", "\ue000"), ("Z", "a"), ("z", "é"), ("\uffff", "😀"), ("ß", "ſ")])
def test_order_is_by_code_point(engine: Engine, first: str, second: str) -> None:
    """Computed texts too, which no column's collation reaches."""
    one, two = (case((literal(1) == literal(1), literal(each, String()))) for each in (first, second))
    with engine.connect() as connection:
        assert connection.scalar(select(forms.ordered(one) < two)) in (True, 1)
        assert connection.scalar(select(forms.ordered(two) < one)) in (False, 0)
