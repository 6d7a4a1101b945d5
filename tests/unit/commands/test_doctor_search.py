"""A search that cannot use an index is right and slow: the doctor says so, and what helps."""

from __future__ import annotations

import pytest

from engine.storage import search_sqlite
from tests.unit.commands.conftest import Run


def test_searching_without_trigrams_is_said_with_its_remedy(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("user", "add", "anna", "--owner")
    monkeypatch.setattr(search_sqlite, "able", lambda connection: False)
    assert run("install", "order_tracking").code == 0
    ran = run("doctor")
    assert ran.code == 1
    line = next(line for line in ran.out.splitlines() if line.startswith("!!  search:"))
    assert "order_tracking__customers" in line
    assert "CREATE EXTENSION pg_trgm" in line


def test_a_search_with_its_index_is_not_worth_a_word(run: Run) -> None:
    run("user", "add", "anna", "--owner")
    run("install", "order_tracking")
    assert "  search:" not in run("doctor").out
