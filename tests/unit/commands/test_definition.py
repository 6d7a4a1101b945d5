from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.unit.commands.conftest import TEMPLATE, Run


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATE, tmp_path / "copy"))


def _spoil(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_template_has_no_problem_and_says_what_is_not_running_yet(run: Run) -> None:
    ran = run("check", str(TEMPLATE), "--strict")
    assert ran.code == 0
    assert ran.err == "No problems\n"
    assert ran.out.startswith("Not running yet")
    assert "not-running-yet" in ran.out


def test_check_needs_no_data_folder(run: Run, tmp_path: Path) -> None:
    run("check", str(TEMPLATE))
    assert not (tmp_path / "data").exists()


def test_a_problem_has_its_place_in_both_shapes(run: Run, copy: Path) -> None:
    _spoil(copy, "app.yaml", "store: {type: text", "store: {type: txet")
    ran = run("check", str(copy))
    assert ran.code == 1
    line = ran.out.splitlines()[0]
    assert line.startswith("app.yaml:")
    shown = json.loads(run("check", str(copy), "--json").out)
    assert shown["ok"] is False
    first = next(d for d in shown["diagnostics"] if d["severity"] == "error")
    assert line.startswith(f"{first['file']}:{first['line']}:{first['column']} {first['code']} {first['message']}")


def test_the_words_follow_the_locale(run: Run, copy: Path) -> None:
    _spoil(copy, "app.yaml", "store: {type: text", "store: {type: txet")
    assert run("check", str(copy), DAJIAN_LOCALE="zh_CN").out != run("check", str(copy)).out


def test_a_folder_without_a_definition(run: Run, tmp_path: Path) -> None:
    assert run("check", str(tmp_path)).code == 1
    assert run("check", str(tmp_path / "nowhere")).code == 1


def test_plan_writes_nothing_and_apply_publishes(run: Run, copy: Path) -> None:
    planned = run("plan", str(copy))
    assert planned.code == 0
    assert "New table “Orders”" in planned.out
    assert run("export", "order_tracking", str(copy.parent / "out")).code == 1
    assert run("apply", str(copy), stdin="no\n").code == 1
    assert run("apply", str(copy), stdin="yes\n").code == 0
    assert run("plan", str(copy)).out == "Nothing changes\n"


def test_what_opens_is_said_before_it_is_published(run: Run, copy: Path) -> None:
    run("apply", str(copy), "--yes")
    _spoil(copy, "permissions.yaml", "cost: none", "cost: true")
    shown = json.loads(run("plan", str(copy), "--json").out)
    assert any("orders.cost" in line for line in shown["changes"])
    assert shown["tables"] == []


def test_what_is_only_called_otherwise_is_one_line(run: Run, copy: Path) -> None:
    run("apply", str(copy), "--yes")
    for path, name in (
        ("tables.orders.fields.amount", "paid_amount"),
        ("tables.customers", "clients"),
        ("tables.orders.flow.states.pending", "waiting"),
    ):
        assert run("rename", str(copy), path, name, "--write").code == 0
    shown = json.loads(run("plan", str(copy), "--json").out)
    assert shown["changes"] == []
    told = [step["message"] for step in shown["tables"]]
    assert any("amount is called paid_amount from now on" in line for line in told)
    assert not any("gets the field" in line or "is put away" in line for line in told)
    assert run("apply", str(copy), "--yes").code == 0
    assert run("plan", str(copy)).out == "Nothing changes\n"


def test_export_gives_back_every_byte_and_overwrites_nothing(run: Run, copy: Path) -> None:
    run("apply", str(copy), "--yes")
    out = copy.parent / "out"
    assert run("export", "order_tracking", str(out)).code == 0
    for file in out.glob("*.yaml"):
        assert file.read_bytes() == (copy / file.name).read_bytes()
    assert {f.name for f in out.iterdir()} == {f.name for f in copy.glob("*.yaml")} - {"cases.yaml"}
    again = run("export", "order_tracking", str(out))
    assert again.code == 1
    assert "exists" in again.err


def test_a_broken_definition_leaves_the_running_one(run: Run, copy: Path) -> None:
    run("apply", str(copy), "--yes")
    _spoil(copy, "tables.yaml", "type: money", "type: mony")
    assert run("apply", str(copy), "--yes").code == 1
    assert run("export", "order_tracking", str(copy.parent / "out")).code == 0
    assert "mony" not in (copy.parent / "out" / "tables.yaml").read_text(encoding="utf-8")


def test_what_will_be_set_aside_is_said_with_its_place_before_it_is_published(run: Run, copy: Path) -> None:
    run("apply", str(copy), "--yes")
    _spoil(copy, "rules.yaml", "amount < 500", "amuont < 500")
    planned = run("plan", str(copy))
    assert planned.code == 0
    assert planned.out.startswith("Set aside on publishing")
    assert "rules.yaml:" in planned.out
    assert "amount" in planned.out.splitlines()[2], "the remedy"
    assert "Gone rule: " in planned.out
    shown = json.loads(run("plan", str(copy), "--json").out)
    assert [d["file"] for d in shown["diagnostics"]] == ["rules.yaml"]
    assert "rules.yaml:" in run("apply", str(copy), "--yes").out


def test_the_schema_for_editors_is_the_one_in_the_reference(run: Run) -> None:
    ran = run("schema")
    assert ran.code == 0
    assert ran.out == (Path(__file__).parents[3] / "docs" / "reference" / "definition.schema.json").read_text(encoding="utf-8")
