"""A definition in several files: each edit goes where its element stands, what is new goes beside its siblings."""

from __future__ import annotations

import pytest

from engine.definition.edit.draft import Draft
from engine.model.problem import Problem

FILES = {
    "a.yaml": b"tables:\n  one: {fields: {x: {type: text}}}\npermissions:\n  clerk:\n    one: {read: {all: true}}\n",
    "b.yaml": b"# the app\napp: shop\ntitle: Shop\ntables:\n  two: {fields: {y: {type: text}}}\n",
    "c.yaml": b"permissions:\n  clerk:\n    two: {read: {all: true}}\n  boss:\n    two: {read: {all: true}}\n",
    "d.yaml": b"# nothing yet\n",
    "e.yaml": b"",
}
DRAFT = Draft.of(FILES)


def changed(draft: Draft) -> set[str]:
    assert set(draft.files) == set(FILES)
    return {name for name, data in draft.files.items() if FILES[name] != data}


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("tables.one.fields.x.type", "a.yaml"),
        ("tables.two.fields.z", "b.yaml"),
        ("tables.three", "b.yaml"),
        ("permissions.clerk.one.read.x", "a.yaml"),
        ("permissions.clerk.three", "c.yaml"),
        ("permissions.guest.one", "c.yaml"),
        ("rules.new", "b.yaml"),
        ("version", "b.yaml"),
    ],
)
def test_where_a_change_goes(path: str, file: str) -> None:
    after = DRAFT.set(path, "x")
    assert changed(after) == {file}
    assert after.get(path) == "x"


def test_before_another_means_in_its_file() -> None:
    after = DRAFT.add("tables", "zero", {"fields": {}}, before="one")
    assert changed(after) == {"a.yaml"}
    assert after.text("a.yaml").startswith("tables:\n  zero: {fields: {}}\n  one:")
    assert (
        DRAFT.add("tables", "zero", {}, before="tables.two")
        .text("b.yaml")
        .endswith("  zero: {}\n  two: {fields: {y: {type: text}}}\n")
    )


def test_what_is_spread_is_renamed_and_removed_everywhere_but_not_set_or_moved() -> None:
    renamed = DRAFT.rename_key("permissions.clerk", "sales")
    assert changed(renamed) == {"a.yaml", "c.yaml"}
    assert renamed.get("permissions.sales") == {"one": {"read": {"all": True}}, "two": {"read": {"all": True}}}
    assert renamed.rename_key("permissions.sales", "clerk").files == FILES
    assert DRAFT.remove("permissions.clerk").get("permissions") == {"boss": {"two": {"read": {"all": True}}}}
    for call in (lambda: DRAFT.set("permissions.clerk", {}), lambda: DRAFT.move("permissions.clerk", after="permissions.boss")):
        with pytest.raises(Problem) as caught:
            call()
        assert caught.value.errors[0].code == "several_files"
        assert "a.yaml, c.yaml" in caught.value.detail.zh


def test_a_name_is_taken_wherever_it_stands() -> None:
    for call in (
        lambda: DRAFT.add("tables", "two", {}),
        lambda: DRAFT.rename_key("tables.one", "two"),
        lambda: DRAFT.move("tables.one", to="tables.two"),
        lambda: DRAFT.move("permissions.boss.two", to="permissions.clerk.one"),
    ):
        with pytest.raises(Problem) as caught:
            call()
        assert caught.value.errors[0].code == "name_taken"


def test_from_one_file_to_another() -> None:
    after = DRAFT.move("tables.one", after="tables.two")
    assert after.text("a.yaml").startswith("tables: {}\npermissions:")
    assert after.text("b.yaml").endswith("  two: {fields: {y: {type: text}}}\n  one: {fields: {x: {type: text}}}\n")
    field = DRAFT.move("tables.one.fields.x", to="tables.two.fields.x2")
    assert field.get("tables") == {"one": {"fields": {}}, "two": {"fields": {"y": {"type": "text"}, "x2": {"type": "text"}}}}


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "rules:\n  r: x\n"),
        ("\ufeff", "\ufeffrules:\n  r: x\n"),
        ("# only this", "# only this\n\nrules:\n  r: x"),
        ("# only this\r\n", "# only this\r\n\r\nrules:\r\n  r: x\r\n"),
        ("---\n", "---\n\nrules:\n  r: x\n"),
        ("app:\n", "app:\n\nrules:\n  r: x\n"),
        ("{}", "{rules: {r: x}}"),
    ],
)
def test_files_with_nothing_in_them(text: str, after: str) -> None:
    made = Draft.of({"f": text.encode()}).set("rules.r", "x").files["f"].decode()
    assert made.replace("\n\n", "\n").replace("\r\n\r\n", "\r\n") == after.replace("\n\n", "\n").replace("\r\n\r\n", "\r\n")
    assert made == after or text == "app:\n"
