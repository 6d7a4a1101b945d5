"""The databases that must agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from engine.storage.database import Database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], scope="module")
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An empty database of each kind."""
    if request.param == "postgresql":
        yield request.getfixturevalue("postgres")
        return
    made = Database(f"sqlite:///{Path(tmp_path_factory.mktemp('conformance')) / 'one.db'}")
    yield made.engine
    made.close()
