"""Hostile names, values, paths and texts: refused with the place and the remedy, or written so that they read as given."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.definition.edit.draft import Draft
from engine.definition.edit.paths import steps_of, written
from engine.definition.nodes import plain
from engine.definition.read import LARGEST, MOST_FILES, MOST_PARTS, read_text
from engine.model.diagnostic import DefinitionError
from engine.model.problem import Problem
from tests.unit.definition.edit.oracle import attempt

TEXT = "app: shop\nroles:\n  a: {title: A}   # first\n  b:\n    title: B\nrules:\n  r:\n    then:\n      - stop: true\n"
DRAFT = Draft.of({"f.yaml": TEXT.encode()})


def code(call: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        call()
    problem = caught.value
    assert problem.status == 422
    assert problem.detail.zh
    assert problem.detail.en
    assert "{" not in problem.detail.en or "{" in problem.errors[0].path
    assert DRAFT.files == {"f.yaml": TEXT.encode()}
    return problem.errors[0].code


@pytest.mark.parametrize(
    "text",
    [
        "on",
        "12:30",
        "0012",
        "yes",
        "a: b",
        "# x",
        "{",
        "@x",
        "x  ",
        "a\nb",
        "中文",
        "😀",
        "x, y",
        "-",
        "",
        "null",
        "\t",
        "'",
        '"',
    ],
)
@pytest.mark.parametrize("path", ["roles.a.title", "roles.b.title", "rules.r.then[0].stop", "new.x", "app"])
def test_texts_that_yaml_would_read_otherwise(text: str, path: str) -> None:
    after = DRAFT.set(path, text)
    assert after.get(path) == text
    data: Any = plain(read_text("f.yaml", after.files["f.yaml"]))
    for step in steps_of(path):
        data = data[step]
    assert data == text


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1))
@example("a.b")
@example("then[0]")
@example("? x")
@example("- x")
@example("x: y #")
@example("<<")
@example("*a")
@example("a")
def test_any_name_is_written_as_it_is_or_refused(name: str) -> None:
    for container in ((), ("roles",), ("roles", "a")):
        after, why = attempt(DRAFT, ("set", ((*container, name), "v"), {}))
        assert why <= {"bad_name"}
        if after is None:
            continue
        assert after.get(written((*container, name))) == "v"
        if not DRAFT.has((*container, name)):
            assert after.remove((*container, name)).files == DRAFT.files


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (1.5, "float"),
        (object(), "object"),
        ({"a": {1: "x"}}, "name"),
        ({"": 1}, "name"),
        ({"a\nb": 1}, "name"),
        ("\x00", "0000"),
        ("\ud800", "D800"),
        (10**18, "digits"),
        (-(10**30), "digits"),
        (Decimal("NaN"), "number"),
        (Decimal("1E+40"), "digits"),
        (Decimal("1e-30"), "digits"),
        (b"x", "bytes"),
        ({1, 2}, "set"),
    ],
)
def test_values_that_no_definition_can_hold(value: Any, why: str) -> None:
    with pytest.raises(Problem, match=why):
        DRAFT.set("roles.a.x", [value])


def test_values_without_end() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert code(lambda: DRAFT.set("roles.a.x", loop)) == "bad_value"
    assert code(lambda: DRAFT.set("roles.a" + ".x" * 150, 1)) in {"bad_path", "not_exact"}
    assert code(lambda: DRAFT.set("roles.a.x" + "[0]" * 150, 1)) in {"bad_path", "not_exact"}


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "a..b",
        "a.",
        ".a",
        "a[",
        "a[x]",
        "a[-1]",
        "[0]",
        'a."b',
        'a."b"c',
        "x" * 20_000,
        ("a", -1),
        ("a", True),
        ("a", None),
    ],
)
def test_paths_that_are_none(path: Any) -> None:
    assert code(lambda: DRAFT.set(path, 1)) == "bad_path"
    assert code(lambda: DRAFT.remove(path)) == "bad_path"


def test_paths_that_lead_nowhere_name_the_step_and_the_remedy() -> None:
    for call in (
        DRAFT.remove,
        DRAFT.get,
        lambda path: DRAFT.rename_key(path, "x"),
        lambda path: DRAFT.move(path, after="roles.b"),
    ):
        with pytest.raises(Problem, match=r"no “role”\. Did you mean roles") as caught:
            call("role.a.title")
        assert caught.value.errors[0].code == "unknown_path"
        assert code(lambda call=call: call("rules.r.then[7]")) == "unknown_path"  # type: ignore[misc]
    assert code(lambda: DRAFT.set("rules.r.then[2]", 1)) == "unknown_path"
    assert code(lambda: DRAFT.set("rules.r.then.x", 1)) == "unknown_path"
    assert code(lambda: DRAFT.set("roles[0]", 1)) == "unknown_path"
    assert code(lambda: DRAFT.set("app.x", 1)) == "not_a_container"
    assert code(lambda: DRAFT.add("roles", None, 1)) == "unknown_path"
    assert code(lambda: DRAFT.add("roles", "c", 1, before="z")) == "unknown_path"
    assert code(lambda: DRAFT.add("rules.r.then", None, 1, before=3)) == "unknown_path"
    assert code(lambda: DRAFT.move("roles.a", after="roles.z")) == "unknown_path"
    assert code(lambda: DRAFT.move("roles.a", to="rules.r.then[3]")) == "unknown_path"
    assert code(lambda: DRAFT.move("rules.r", to="rules.r.then[0].x")) == "into_itself"
    with pytest.raises(ValueError, match="exactly one"):
        DRAFT.move("roles.a")


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x\n",
        "a: 1\na: 2\n",
        "a: !!str 1\n",
        "- 1\n",
        "a: [\n",
        "a: 1\n---\nb: 2\n",
    ],
)
def test_what_the_reader_refuses_is_no_draft_and_no_edit_leads_there(text: str) -> None:
    with pytest.raises(DefinitionError):
        Draft.of({"f.yaml": text.encode()})
    with pytest.raises(DefinitionError):
        DRAFT.replace("f.yaml", [(0, len(TEXT), text)])


def test_pieces_of_text_are_replaced_at_once_or_not_at_all() -> None:
    first, second = TEXT.index("shop"), TEXT.index("B\n")
    after = DRAFT.replace("f.yaml", [(second, second + 1, "'C'"), (first, first + 4, "店"), (first, first, "my_")])
    assert (after.get("app"), after.get("roles.b.title")) == ("my_店", "C")
    assert after.text("f.yaml") == TEXT.replace("shop", "my_店").replace("B\n", "'C'\n")
    for edits in ([(0, 5, "x"), (4, 6, "y")], [(-1, 0, "x")], [(0, len(TEXT) + 1, "")], [(5, 4, "x")]):
        assert code(lambda edits=edits: DRAFT.replace("f.yaml", edits)) == "bad_edit"  # type: ignore[misc]
    assert code(lambda: DRAFT.replace("f.yml", [])) == "unknown_file"
    assert code(lambda: DRAFT.replace("f.yaml", [(0, 0, "\x00")])) == "bad_value"


@pytest.mark.parametrize("odd", ["\r", "\x85", "\u2028"])
def test_line_ends_that_nobody_means_are_named(odd: str) -> None:
    draft = Draft.of({"f.yaml": f"app: shop{odd}title: x\nroles:\n  a: {{}}\n".encode()})
    assert draft.files["f.yaml"] == f"app: shop{odd}title: x\nroles:\n  a: {{}}\n".encode()
    with pytest.raises(Problem, match="line ends"):
        draft.set("roles.a.title", "x")


def test_more_than_a_definition_may_hold() -> None:
    with pytest.raises(DefinitionError, match="too-large"):
        Draft.of({f"{n}.yaml": b"" for n in range(MOST_FILES + 1)})
    with pytest.raises(DefinitionError, match="no-files"):
        Draft.of({})
    half = b"# " + b"x" * (LARGEST // 2) + b"\n"
    draft = Draft.of({"a.yaml": half, "b.yaml": b"app: x\n"})
    with pytest.raises(DefinitionError, match="too-large"):
        Draft.of({"a.yaml": half, "b.yaml": half})
    with pytest.raises(Problem, match="5 MB"):
        draft.set("title", "x" * (LARGEST // 2))
    with pytest.raises(Problem, match="entries"):
        draft.set("roles", ["x"] * MOST_PARTS)


@pytest.mark.parametrize(
    "text", ["? a\n: 1\nb: 2\n", "x:\n  ? a\n  : 1\n  b: 2\n", "a: 1\n...\n", "%YAML 1.1\n---\na: 1\nb: 2\n"]
)
def test_unusual_ways_of_writing_are_edited_exactly_or_refused(text: str) -> None:
    draft = Draft.of({"f": text.encode()})
    assert draft.files == {"f": text.encode()}
    for path in ("a", "b", "x.a", "x.b", "c.d"):
        after, why = attempt(draft, ("set", (path, "new"), {}))
        assert why <= {"not_exact", "unknown_path", "not_a_container"}
        assert after is None or after.get(path) == "new"


def test_deeply_nested_braces() -> None:
    deep = "{a: " * 60 + "1" + "}" * 60
    draft = Draft.of({"f": f"x: {deep}\n".encode()})
    path = "x" + ".a" * 60
    assert draft.set(path, 2).text("f") == f"x: {deep.replace('1', '2')}\n"
    assert draft.remove(path).set(path, 1).files == draft.files


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.text(), st.integers(0, 999_999)), min_size=1, max_size=5).filter(lambda s: isinstance(s[0], str)))
def test_paths_read_as_they_are_written(steps: list[str | int]) -> None:
    assert steps_of(written(tuple(steps))) == tuple(steps)
