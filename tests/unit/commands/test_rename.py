from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.commands import rename as command
from tests.unit.commands.conftest import TEMPLATE, Run

AMOUNT = "tables.orders.fields.amount"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATE, tmp_path / "copy"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_it_shows_the_lines_and_writes_nothing(run: Run, copy: Path) -> None:
    before = contents(copy)
    ran = run("rename", str(copy), AMOUNT, "paid_amount")
    assert ran.code == 0
    assert contents(copy) == before
    lines = ran.out.splitlines()
    assert [line for line in lines if ": - " in line and "amount" not in line] == []
    assert any(line.startswith("tables.yaml:") and ": + " in line and "paid_amount: {type: money" in line for line in lines)
    assert "Nothing is written yet" in ran.err
    assert "cases.yaml is not renamed" in ran.err
    assert any(": + " in line and "was: amount" in line for line in lines)
    assert "data follows" in ran.err
    assert "data follows" not in run("rename", str(copy), "rules.small_orders_pass", "small").err


def test_write_writes_and_the_way_back_is_exact(run: Run, copy: Path) -> None:
    before = contents(copy)
    (copy / "rules.yaml").chmod(0o640)
    assert run("rename", str(copy), AMOUNT, "paid_amount", "--write").code == 0
    assert contents(copy).keys() == before.keys()
    assert contents(copy) != before
    assert (copy / "rules.yaml").stat().st_mode & 0o777 == 0o640
    assert run("check", str(copy), "--strict").code == 0
    assert run("rename", str(copy), "tables.orders.fields.paid_amount", "amount", "--write").code == 0
    assert contents(copy) == before


def test_as_json(run: Run, copy: Path) -> None:
    shown = json.loads(run("rename", str(copy), "people.warehouse.choices.hz", "hangzhou", "--json").out)
    assert shown["written"] is False
    assert "tables.orders.fields.warehouse.choices.hz" in shown["renamed"]
    assert {"file", "line", "mark", "text"} == set(shown["lines"][0])


@pytest.mark.parametrize(("path", "name", "said"), [("tables.orders.fields.amuont", "x", "amount"), (AMOUNT, "cost", "cost")])
def test_a_refusal_says_why(run: Run, copy: Path, path: str, name: str, said: str) -> None:
    before = contents(copy)
    ran = run("rename", str(copy), path, name, "--write")
    assert ran.code == 1
    assert said in ran.err
    assert contents(copy) == before


def test_files_changed_meanwhile_are_left_alone(run: Run, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = command.rename_with_data

    def slow(*given: object, **more: object) -> object:
        done = real(*given, **more)  # type: ignore[arg-type]
        (copy / "rules.yaml").write_bytes((copy / "rules.yaml").read_bytes() + b"# by another hand\n")
        return done

    monkeypatch.setattr(command, "rename_with_data", slow)
    ran = run("rename", str(copy), AMOUNT, "paid_amount", "--write")
    assert ran.code == 1
    assert "file_changed" in ran.err
    assert b"paid_amount" not in b"".join(contents(copy).values())
    assert contents(copy)["rules.yaml"].endswith(b"# by another hand\n")
