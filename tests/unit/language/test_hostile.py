"""Text made to crash, hang, reach out or deceive: always a Diagnostic, soon, and nothing runs."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.language.expression import read_expression
from engine.language.python import compile_python
from engine.language.template import read_template
from engine.model.diagnostic import DefinitionError, Diagnostic, Span
from engine.model.tree import Expression
from tests.unit.language.orders import ORDERS

HOSTILE = {
    "power": "9**4000000",
    "powers": "9**9**9**9 > 1",
    "giant text": "'a'.ljust(10**9) == 'a'",
    "repetition": "'a' * 1000000000 == 'a'",
    "percent": "'%1000000000d' % 1 == 'a'",
    "shift": "1 << 1000000000",
    "many nots": "not " * 3_000 + "True",
    "nots within the length": "not " * 480 + "True",
    "minuses": "-" * 1_990 + "1 > 0",
    "brackets": "(" * 3_000 + "1" + ")" * 3_000,
    "brackets within the length": "(" * 900 + "1" + ")" * 900,
    "lists": "amount in " + "[" * 900 + "]" * 900,
    "calls": "lower(" * 300 + "'a'" + ")" * 300,
    "choices": "1 if " * 300 + "True" + " else 1" * 300,
    "dots": "customer" + ".orders" * 250,
    "sums": "+".join(["amount"] * 250) + " > 1",
    "ors": " or ".join(["amount > 1"] * 140),
    "digits": "9" * 1_900 + " > 1",
    "many digits after the point": "0." + "1" * 1_000 + " > amount",
    "not a number": "1e999 - 1e999 == 0",
    "imaginary": "1j == 1",
    "class": "''.__class__.__mro__",
    "class of a field": "remark.__class__ == 1",
    "class of user": "user.__class__.__init__.__globals__",
    "class of this": "this.__dict__ == 1",
    "dunder name": "__import__('os').system('true')",
    "dunder function": "__builtins__",
    "eval": "eval('1')",
    "getattr": "getattr(this, 'amount') > 1",
    "format": "'{0.__class__}'.format(this) == ''",
    "subscript": "().__class__.__bases__[0]",
    "lambda": "(lambda: amount)() > 1",
    "generator": "sum(x for x in (1, 2)) > 1",
    "f-string": "f'{this.__class__}' == 'x'",
    "walrus": "(x := 5) > 1",
    "assignment": "status = 'pending'",
    "keyword": "count(orders, amount=1) > 1",
    "stars": "count(*items) > 1",
    "two stars": "count(**user) > 1",
    "statement": "import os",
    "two statements": "True; True",
    "new line": "True\nimport os",
    "yield": "(yield amount)",
    "await": "await amount",
    "ellipsis": "... == amount",
    "bytes": "b'a' == remark",
    "empty tuple": "() == amount",
    "dictionary": "{'a': 1}['a'] == 1",
    "null byte": "amount\x00 > 1",
    "null byte in a text": "remark == 'a\x00'",
    "escaped null byte": "remark == 'a\\x00'",
    "surrogate": "remark == '\\ud800'",
    "raw surrogate": "remark == '\ud800'",
    "other direction": "remark == 'a\u202eb'",
    "cyrillic": "аmount > 1",
    "full width": "ａｍｏｕｎｔ > 1",
    "long s": "ſtatus == 'pending'",
    "greek question mark": "amount > 1\u037e True",
    "no-break space": "amount\u00a0> 1",
    "zero width": "amo\u200bunt > 1",
    "byte order mark": "\ufeffamount > 1",
    "only blanks": "   ",
    "nothing": "",
    "only a comment": "# amount",
    "open quote": "remark == 'a",
    "three quotes": "'''",
    "open bracket": "count(items",
    "backslash": "amount \\\n > 1",
    "none compared": "None < amount < None <",
    "nested division": "(amount / " * 9 + "cost" + ")" * 9 + " > 1",
    "nested comparisons": "(" * 12 + "amount > 1" + " and amount / cost > 1) == (amount / cost > 2)" * 12,
    "emoji": "😀 == '😀'",
    "items, a table's method": "items.items() == 1",
}


def tried(text: str) -> Expression | tuple[Diagnostic, ...]:
    """The expression, or why it is none."""
    try:
        return read_expression(text, ORDERS, span=Span("app.yaml", 3, 5), path="x")
    except DefinitionError as error:
        return error.diagnostics


def is_in_order(found: tuple[Diagnostic, ...], text: str) -> bool:
    """Each problem has words in both languages and a place inside the text."""
    placed = all(each.span.line == 3 and 5 <= each.span.column <= 5 + len(text) for each in found)
    return bool(found) and placed and all(each.message.zh and each.message.en for each in found)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_every_attack_is_a_diagnostic(text: str) -> None:
    found = tried(text)
    assert isinstance(found, tuple)
    assert is_in_order(found, text)


WORDS = """amount remark status customer items this old user . , ( ) [ ] { } ' " + - * / ** % // == != < <= = := not and or in
is if else None True 1 0.5 'a' '' count sum any find first_of empty len lower hours now flagged lambda for await \\ # ; @ ~ ^ |
& 🙂 金额 а １ （"""
PIECES = st.sampled_from([*WORDS.split(), "\n", "\t", "\x00", " "])
RELAXED = settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))


@RELAXED
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES, max_size=25).map("".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = tried(text)
    assert callable(compile_python(found)) if isinstance(found, Expression) else is_in_order(found, text)


@RELAXED
@given(st.one_of(st.text(alphabet="{}'\" ab🙂", max_size=30), st.lists(PIECES, max_size=12).map("{".join)))
def test_any_template_is_read_or_refused(text: str) -> None:
    with suppress(DefinitionError):
        assert read_template(text, ORDERS, span=Span("app.yaml", 3, 5), path="x").zh is not None
