"""Edits of maps and lists in brackets: on one line, over several, with commas and comments."""

from __future__ import annotations

from typing import Any

import pytest

from engine.definition.edit.draft import Draft
from engine.model.problem import Problem


def of(text: str) -> Draft:
    return Draft.of({"f": text.encode()})


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("m: {a: 1}\n", 2, "m: {a: 1, x: 2}\n"),
        ("m: { a: 1 }\n", {"y": 2}, "m: { a: 1, x: { y: 2 } }\n"),
        ("m: {a: 1,b: 2,}\n", "a, b", 'm: {a: 1,b: 2, x: "a, b",}\n'),
        ("m: {en: Shipped, not signed}\n", "y", "m: {en: Shipped, not signed, x: y}\n"),
        ("m: {a, b: 1}\n", True, "m: {a, b: 1, x: true}\n"),
        ('m: {"a": 1}\n', "on", 'm: {"a": 1, "x": "on"}\n'),
        ("m: {\n  a: 1,\n  b: 2  # two\n}\n", 3, "m: {\n  a: 1,\n  b: 2,  # two\n  x: 3\n}\n"),
        ("m: {\n  a: 1,  # one\n}\n", 3, "m: {\n  a: 1,  # one\n  x: 3,\n}\n"),
        ("m: {a: 1,\n  b: 2}\n", 3, "m: {a: 1,\n  b: 2, x: 3}\n"),
        ("m: {}   # none yet\n", 1, "m: {x: 1}   # none yet\n"),
        ("m:   # none yet\n", 1, "m: {x: 1}   # none yet\n"),
    ],
)
def test_a_new_entry(before: str, value: Any, after: str) -> None:
    draft = of("app: s\n" + before)
    added = draft.add("m", "x", value)
    if before.startswith(("m: {}", "m:  ")):  # nothing to go by: lines or braces, but the comment stays
        assert added.get("m") == {"x": value}
        assert "   # none yet\n" in added.text("f")
        return
    assert added.text("f") == "app: s\n" + after
    assert added.remove("m.x").files == draft.files


@pytest.mark.parametrize(
    ("path", "after"),
    [
        ("m.a", "m: {\n  # two\n  b: 2,\n  c: 3  # three\n}\n"),
        ("m.b", "m: {\n  # one\n  a: 1,  # eins\n  c: 3  # three\n}\n"),
        ("m.c", "m: {\n  # one\n  a: 1,  # eins\n  # two\n  b: 2\n}\n"),
    ],
)
def test_an_entry_with_lines_of_its_own_goes_with_its_comments(path: str, after: str) -> None:
    draft = of("m: {\n  # one\n  a: 1,  # eins\n  # two\n  b: 2,\n  c: 3  # three\n}\n")
    assert draft.remove(path).text("f") == after


def test_order_changes_while_what_stands_between_stays() -> None:
    draft = of("m: {a: 1,  b: {x: [1, 2]} , c: 3}\n")
    moved = draft.move("m.c", before="m.a")
    assert moved.text("f") == "m: {c: 3,  a: 1 , b: {x: [1, 2]}}\n"
    assert moved.move("m.c", after="m.b").files == draft.files
    rows = of("m: [\n  # one\n  1,  # eins\n  2\n]\n")
    assert rows.move("m[0]", after="m[1]").text("f") == "m: [\n  2,\n  # one\n  1  # eins\n]\n"
    assert rows.move("m[0]", after="m[1]").move("m[1]", to="m[0]").files == rows.files


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        ("m: {a, b: 1}\n", "m.a", 2, "m: {a: 2, b: 1}\n"),
        ("m: {a: , b: 1}\n", "m.a", "x y", "m: {a: x y , b: 1}\n"),
        ("m: {a: 'it''s', b: 1}\n", "m.a", "x", "m: {a: 'x', b: 1}\n"),
        ("m: {a: [1, {b: c}]}\n", "m.a[1].b", [], "m: {a: [1, {b: []}]}\n"),
        ("m: {en: Shipped, not signed, zh: x}\n", "m.en", "Sent", "m: {en: Sent, zh: x}\n"),
        ("m: {a: 1}\n", "m.b.c[0].d", "e", "m: {a: 1, b: {c: [{d: e}]}}\n"),
    ],
)
def test_another_value(before: str, path: str, value: Any, after: str) -> None:
    assert of(before).set(path, value).text("f") == after


def test_a_whole_file_in_braces() -> None:
    draft = of('{"app": "s", "tables": {"t": {"fields": {}}}}')
    after = draft.set("tables.t.fields.a", {"type": "text"}).rename_key("tables.t", "u").add("roles", "r", {})
    assert after.text("f") == '{"app": "s", "tables": {"u": {"fields": {a: {type: text}}}}, "roles": {r: {}}}'


def test_names_in_braces() -> None:
    draft = of("m: {a: 1, 'b c': 2}\n")
    assert draft.rename_key("m.a", "x, y").text("f") == "m: {\"x, y\": 1, 'b c': 2}\n"
    assert draft.rename_key(("m", "b c"), "it's").text("f") == "m: {a: 1, 'it''s': 2}\n"
    assert draft.rename_key(("m", "b c"), "it's").rename_key(("m", "it's"), "b c").files == draft.files


def test_a_comment_is_not_lost_in_a_place_without_room_for_it() -> None:
    draft = of("m:\n  # about a\n  a: 1\n  b: 2\nn: {c: 3}\n")
    with pytest.raises(Problem, match="comment"):
        draft.move("m.a", to="n.a")
    assert draft.move("m.b", to="n.b").text("f") == "m:\n  # about a\n  a: 1\nn: {c: 3, b: 2}\n"
    assert draft.move("n.c", to="m.c").text("f").startswith("m:\n  # about a\n  a: 1\n  b: 2\n  c: 3\n")


def test_a_pair_without_braces_is_left_to_people() -> None:
    draft = of("m: [a: 1]\n")
    assert draft.set("m[0]", 2).text("f") == "m: [2]\n"
    with pytest.raises(Problem) as caught:
        draft.add("m[0]", "b", 2)
    assert caught.value.errors[0].code == "not_exact"
