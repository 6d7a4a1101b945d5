"""A database with the engine's own tables for each test of storage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.storage.database import Database
from engine.storage.system import metadata


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/store/own.db")
    with database.write() as connection:
        metadata.create_all(connection)
    yield database
    database.close()
