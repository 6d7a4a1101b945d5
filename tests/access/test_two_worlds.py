"""Two databases, equal but for what an actor may not see, answer that actor byte for byte alike, on every way to read.

The ways are taken from the application's own routes. Only what is random by design is scrubbed: CSP nonces, CSRF
tokens, a form's idempotency key; and the server's own clock (`Date`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.access.house import open_house
from tests.access.paths import API, NO_DATA, TABLES, cases, ids_of
from tests.access.worlds import VIEWERS, Viewer, World, build, definition

RANDOM_BY_DESIGN = re.compile(
    rb"""(nonce-|nonce="|name="csrf" value="|name="csrf-token" content="|name="csp-nonce" content="|name="key" value=")[^"']*"""
)
Pair = tuple[World, World]
Answer = tuple[int, bytes, tuple[tuple[str, str], ...]]


@pytest.fixture(scope="module", params=[(v, n) for n, v in enumerate(VIEWERS)], ids=lambda p: f"{p[0].role}-{p[1]}")
def pair(on_both: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    viewer: Viewer
    viewer, seed = request.param
    folder: Path = tmp_path_factory.mktemp("worlds")
    files = definition()
    with open_house(folder / "one", files=files) as one, open_house(folder / "other", files=files) as other:
        yield build(one, viewer, seed, other=False), build(other, viewer, seed, other=True)


def get_rules(web: Flask) -> list[str]:
    return sorted({rule.rule for rule in web.url_map.iter_rules() if "GET" in (rule.methods or ())})


def test_every_way_to_read_has_a_case(pair: Pair) -> None:
    rules = get_rules(pair[0].house.web)
    without = [rule for rule in rules if cases(rule, pair[0]) is None and rule not in NO_DATA]
    assert without == [], "give each a case in tests/access/paths.py, or a reason why it holds no data"


def test_the_two_worlds_do_differ(pair: Pair) -> None:
    """Else the test below would prove nothing."""
    one, other = (_raw(world) for world in pair)
    assert one != other


def test_the_two_worlds_answer_alike(pair: Pair) -> None:
    one, other = pair
    api, browser = [world.house.api("viewer") for world in pair], [world.house.browser("viewer") for world in pair]
    asked = found = 0
    wrong: list[str] = []
    for rule in get_rules(one.house.web):
        for path in dict.fromkeys([*(cases(rule, one) or ()), *(cases(rule, other) or ())]):
            first, second = (ask(way, "GET", path) for way in (api if path.startswith("/api") else browser))
            if first != second or first[0] >= 500:
                wrong.append(_where(path, first, second))
            asked += 1
            found += first[0] == 200
    assert wrong == [], f"{len(wrong)} of {asked}"
    assert found > 50, f"only {found} of {asked} answered anything"


WRITES: tuple[tuple[str, str, object], ...] = (
    ("PATCH", "", {"values": {"cost": "1"}}),
    ("PATCH", "", {"values": {"nonsense": "1"}}),
    ("PATCH", "", {"values": {"order_no": "1"}}),
    ("POST", "/transitions/approve", {}),
    ("POST", "/transitions/nonsense", {}),
    ("DELETE", "", None),
)


def test_refusals_tell_nothing_either(pair: Pair) -> None:
    one, other = pair
    left, right = (world.house.api("viewer") for world in pair)
    for table in TABLES:
        for id in dict.fromkeys([*ids_of(one, table)[::2], *ids_of(other, table)[::2], "nothing"]):
            for method, end, body in WRITES:
                path = f"{API}/tables/{table}/records/{id}{end}"
                first, second = ask(left, method, path, body), ask(right, method, path, body)
                assert first == second, _where(f"{method} {path}", first, second)
                assert first[0] < 500


def test_what_is_hidden_is_as_unknown_as_what_is_not_there(pair: Pair) -> None:
    """A filter, sort or field list over a hidden field is answered exactly as one over a name that does not exist."""
    world = pair[0]
    client = world.house.api("viewer")
    for table in ("orders", "customers", "products", "order_items"):
        grant = world.house.app.permissions.get(world.viewer.role, {}).get(table)
        for name in world.house.app.tables[table].fields:
            if grant is None or not world.hidden(table, name):
                continue
            for question in (
                "where={}%20%3E%20'1'",
                "where=empty({})",
                "sort=-{}",
                "fields=id,{}",
                "where=count({})%20%3E%201",
            ):
                real = client.get(f"{API}/tables/{table}/records?" + question.format(name))
                fake = client.get(f"{API}/tables/{table}/records?" + question.format("q" * len(name)))
                assert real.status_code == fake.status_code == 400, (table, name, question, real.text, fake.text)
                assert _unhinted(real.text.replace(name, "q" * len(name))) == _unhinted(fake.text), (table, name, question)


def test_a_hint_names_nothing_hidden(pair: Pair) -> None:
    """`did you mean` is asked of what the actor can see."""
    world = pair[0]
    client = world.house.api("viewer")
    for table in ("orders", "customers", "products", "order_items"):
        for name in world.house.app.tables[table].fields:
            if world.hidden(table, name):
                typo = name[:-1] + "zz"
                for question in (f"where=empty({typo})", f"sort={typo}", f"fields={typo}"):
                    assert name not in client.get(f"{API}/tables/{table}/records?{question}").text


def _unhinted(text: str) -> str:
    """Without the hint, which depends on what was typed: the nearest name, or a general word where none is near."""
    return re.sub(r"；(是不是想写 \w+？|用字段的名称，不是标题；文字加引号)", "", text)


def ask(client: FlaskClient, method: str, path: str, body: object = None) -> Answer:
    answer = client.open(path, method=method, json=body) if body is not None else client.open(path, method=method)
    kept = tuple(
        (name, RANDOM_BY_DESIGN.sub(rb"\1", value.encode()).decode())
        for name, value in sorted(answer.headers.items())
        if name != "Date"
    )
    return answer.status_code, RANDOM_BY_DESIGN.sub(rb"\1", answer.get_data()), kept


def _where(path: str, first: Answer, second: Answer) -> str:
    at = next((n for n, (a, b) in enumerate(zip(first[1], second[1], strict=False)) if a != b), 0)
    near = slice(max(0, at - 120), at + 120)
    texts = (first[1][near].decode(errors="replace"), second[1][near].decode(errors="replace"))
    return f"{path}: {first[0]} / {second[0]}\n{texts[0]}\n{texts[1]}\n{set(first[2]) ^ set(second[2])}"


def _raw(world: World) -> list[str]:
    runtime = world.house.runtime
    tables = runtime.program("order_tracking").tables.values()
    with runtime.database.read() as connection:
        return [repr([tuple(row) for row in connection.execute(table.select().order_by(table.c.id))]) for table in tables]
