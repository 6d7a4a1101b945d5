"""Every condition of the language has a sentence in both languages, and what means something else reads differently."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from engine.language.expression import read_expression
from engine.language.functions import FUNCTIONS
from engine.language.python import compile_python
from engine.language.sentence import sentence, value_words
from engine.language.walk import walk
from engine.model.app import App
from engine.model.diagnostic import DefinitionError, Span
from engine.model.tree import Call, Expression, FieldOf, Node
from engine.model.types import TEXT, JsonText, Scope
from tests.conformance import related, samples
from tests.conformance import values as given_values
from tests.conformance.seeds import fresh
from tests.conformance.test_scalars import EXTRA, USER, env
from tests.unit.language.env import SHANGHAI
from tests.unit.language.sentence.apps import TITLES, app_of

THINGS = app_of({"things": given_values.THINGS}, TITLES, given_values.USER)
ORDERS = app_of(related.TABLES, TITLES)
# More of them before a release: SENTENCE_EXAMPLES=20000.
EXAMPLES = int(os.environ.get("SENTENCE_EXAMPLES", "500"))
MANY = settings(
    deadline=None, max_examples=EXAMPLES, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
_SLOT = re.compile(r"\{\w*\}")
_QUOTED = re.compile(r"「(?:[^」]|」」)*」|“(?:[^”]|””)*”")
_CODE = re.compile(r"==|!=|<|>|\bthis\.|\bold\.|\buser\.|\bNone\b|\bTrue\b|\bFalse\b|\b(?:" + "|".join(FUNCTIONS) + r"|find)\(")
_HAN = re.compile(r"[\u3400-\u9fff]")


def read(text: str, scope: Scope) -> Expression | None:
    try:
        return read_expression(text, scope, span=Span(), path="")
    except DefinitionError:
        return None  # too complex; the generator does not count


def assert_readable(expression: Expression, app: App, table: str, *, condition: bool) -> None:
    words = sentence(expression, app, table) if condition else value_words(expression, app, table)
    for text in (words.zh, words.en):
        outside = _QUOTED.sub("", text)
        assert text.strip()
        assert not _SLOT.search(outside), text
        assert not _CODE.search(outside), text
        assert text.count("（") == text.count("）")
    assert not _HAN.search(_QUOTED.sub("", words.en)), words.en
    for node in walk(expression.node):
        if isinstance(node, FieldOf) and node.name in TITLES:
            assert TITLES[node.name].zh in words.zh
            assert TITLES[node.name].en in words.en


@pytest.mark.parametrize(
    ("made", "scope", "app", "table", "condition"),
    [
        (samples.condition(), samples.SCOPE, THINGS, "things", True),
        (samples.value(), samples.SCOPE, THINGS, "things", False),
        (related.conditions, related.SCOPE, ORDERS, "orders", True),
        (related.values, related.SCOPE, ORDERS, "orders", False),
    ],
    ids=["conditions", "values", "related conditions", "related values"],
)
def test_every_expression_has_words(made: st.SearchStrategy[str], scope: Scope, app: App, table: str, condition: bool) -> None:
    @MANY
    @seed(fresh())
    @given(made)
    def check(text: str) -> None:
        expression = read(text, scope)
        if expression is not None:
            assert_readable(expression, app, table, condition=condition)

    check()


_NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def things() -> list[dict[str, Any]]:
    """Records that tell conditions apart: small, big, equal, empty values of each field."""
    values: dict[str, list[Any]] = {
        "whole": [1, 2, None, 7, -3],
        "count": [2, 2, 5, None, 0],
        "price": [Decimal("0.50"), Decimal("100.00"), None, Decimal("-2.50"), Decimal("7.00")],
        "paid": [Decimal("100.00"), Decimal("1.00"), Decimal("0.00"), None, Decimal("7.00")],
        "rate": [Decimal("0.5000"), None, Decimal("2.0000"), Decimal("100.0000"), Decimal("-1.0000")],
        "name": ["a", "浙江", None, "low", "Zhejiang"],
        "note": [None, "a", "浙江", "a%", "Zhejiang"],
        "level": ["low", "mid", "高", None, "mid"],
        "ok": [True, False, None, True, False],
        "late": [False, False, True, None, True],
        "day": [date(2026, 11, 22), None, date(2026, 11, 1), date(2027, 1, 1), date(2026, 11, 22)],
        "due": [None, date(2026, 11, 22), date(2026, 12, 1), date(2026, 11, 22), date(2026, 11, 22)],
        "at": [_NOW, _NOW - timedelta(days=2), None, _NOW + timedelta(hours=30), _NOW],
        "made_at": [_NOW - timedelta(hours=1), _NOW, _NOW, None, _NOW + timedelta(days=4)],
        "clock": [time(14), None, time(0), time(9, 30), time(23)],
        "span": [timedelta(hours=24), timedelta(days=3), None, timedelta(), timedelta(seconds=30)],
        "one": ["r0", "r1", None, "r2", "x"],
        "other": ["r1", "r1", "r2", None, "r4"],
        "marks": [("a",), None, ("a", "浙江"), ("low",), ("Zhejiang", "a")],
        "more": [None, ("a",), ("a", "浙江"), ("浙江",), ("low", "mid")],
        "grades": [("low",), ("low", "mid"), None, ("高",), ("mid",)],
        "doc": [JsonText("{}"), None, JsonText('{"a":1}'), JsonText("[]"), JsonText('{"a":1}')],
        "flags": [frozenset({"odd"}), frozenset(), frozenset({"odd", "even"}), frozenset({"even"}), frozenset()],
    }
    turned = range(5)
    # Each field's values at five offsets, so that no two fields move together.
    return [
        {
            "id": f"r{number}",
            **{name: each[(number * (1 + place % 4) + place // 4) % 5] for place, (name, each) in enumerate(values.items())},
        }
        for number in (*turned, *(5 + each for each in turned))
    ]


RECORDS = things()
RUN = env(SHANGHAI, {**RECORDS[3], "price": Decimal("3.00")})
assert RUN.user == USER
assert RUN.extra == EXTRA


def truth(expression: Expression) -> tuple[bool, ...]:
    run = compile_python(expression)
    return tuple(bool(run(record, RUN)) for record in RECORDS)


def assert_apart(texts: Iterable[str]) -> None:
    """No two of them with different truth share a sentence."""
    sharing: dict[tuple[str, str], dict[str, Expression]] = defaultdict(dict)
    for text in texts:
        expression = read(text, samples.SCOPE)
        if expression is not None:
            words = sentence(expression, THINGS, "things")
            sharing["zh", words.zh][text] = sharing["en", words.en][text] = expression
    several = {words: of for words, of in sharing.items() if len(of) > 1}
    assert several
    truths = {text: truth(expression) for of in several.values() for text, expression in of.items()}
    assert {words: list(of) for words, of in several.items() if len({truths[text] for text in of}) > 1} == {}


def test_generated_conditions_with_different_truth_read_differently() -> None:
    texts: set[str] = set()

    @MANY
    @seed(fresh())
    @given(samples.condition())
    def gather(text: str) -> None:
        texts.add(text)

    gather()
    assert_apart(texts)


def test_related_conditions_and_values_that_come_out_differently_read_differently() -> None:
    texts: set[str] = set()
    worlds: list[dict[str, list[dict[str, Any]]]] = []

    @settings(MANY, max_examples=EXAMPLES)
    @seed(3)
    @given(st.one_of(related.conditions, related.values))
    def gather(text: str) -> None:
        texts.add(text)

    @settings(MANY, max_examples=8)
    @seed(4)
    @given(related.data())
    def make(world: dict[str, list[dict[str, Any]]]) -> None:
        worlds.append(world)

    gather()
    make()
    for language in ("zh", "en"):
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for text in texts:
            expression = read(text, related.SCOPE)
            if expression is not None:
                words = value_words(expression, ORDERS, "orders").to(language)
                found[words].setdefault(str([outcome(expression, world) for world in worlds]), text)
        assert {words: list(of.values()) for words, of in found.items() if len(of) > 1} == {}


def outcome(expression: Expression, world: dict[str, list[dict[str, Any]]]) -> list[Any]:
    first = world["orders"][0]
    run = compile_python(expression)
    return [run(order, related.Memory(tables=world, old=first)) for order in world["orders"]]


def test_every_kind_of_node_and_every_function_has_words() -> None:
    source = {"id": TEXT}
    nodes = [
        node for text in NODES for node in walk(_read(text, replace(related.SCOPE, source=source, user=given_values.USER)).node)
    ]
    nodes += [node for text in CALLS for node in walk(_read(text, samples.SCOPE).node)]
    assert {type(node) for node in nodes} == set(get_args(Node))
    folded = {"date", "time"}  # constants once they are read
    assert {node.function for node in nodes if isinstance(node, Call)} == set(FUNCTIONS) - folded
    for text in CALLS:
        assert_readable(_read(text, samples.SCOPE), THINGS, "things", condition=False)


def _read(text: str, scope: Scope) -> Expression:
    return read_expression(text, scope, span=Span(), path="")


NODES = ["source.id", "this", "find(orders, phone == '1')", "any(items, quantity > 1)", "phone in ['1', '2']", "user.name"]
CALLS = [
    "elapsed",
    "not ok and late",
    "-price + paid",
    "price if ok else paid",
    "first_of(price, paid)",
    "len(lower(concat(name, note)))",
    "contains(name, 'a') or starts_with(name, 'a') or ends_with(name, 'a') or in_region(name, '华东') or empty(name)",
    "flagged('odd')",
    "round(price, 1)",
    "now() - at + minutes(whole) + hours(whole) + days(whole)",
    "weekday(day) + days_between(add_days(day, 1), today())",
    "time_of(at)",
    "date_of(at)",
    "workhours_between(at, made_at) > 8",
]
_ATOMS = ["ok", "whole < 2", "2 <= whole", "level in ['low', 'mid']", "ok == False", "late != ok"]
_NUMBERS = ["whole", "price", "-2", "(whole + 1)", "-price"]


def test_small_conditions_in_all_arrangements_read_differently() -> None:
    joined = ["{0} and {1} or {2}", "{0} and ({1} or {2})", "not {0} and {1}", "not ({0} and {1})", "not ({0} or {1})"]
    joined += ["({0}) == ({1})", "({0}) != ({1})", "not (({0}) == ({1}))", "({1} if {0} else {2})", "not ({1} if {0} else {2})"]
    joined += ["(not {0}) == ({1})", "not {0}", "not not {0}", "({0}) == True", "({0}) == False", "({0}) == None"]
    assert_apart({shape.format(*atoms) for shape in joined for atoms in product(_ATOMS, repeat=3)})


def test_small_arithmetic_in_all_arrangements_reads_differently() -> None:
    sums = [f"({{0}} {a} {{1}}) {b} {{2}}" for a in "+-*/" for b in "+-*/"]
    sums += [f"{{0}} {a} ({{1}} {b} {{2}})" for a in "+-*/" for b in "+-*/"]
    compared = [f"{each} {sign} 3" for each in sums for sign in ("<", "==")] + ["{0} < {1} <= {2}", "{0} >= {1} > {2}"]
    compared += ["not {0} < {1}", "not {0} >= {1}", "{0} not in [{2}, {1}]"]
    assert_apart({shape.format(*numbers) for shape in compared for numbers in product(_NUMBERS, repeat=3)})
