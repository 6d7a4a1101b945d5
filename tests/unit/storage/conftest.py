"""A database with the engine's own tables for each test of storage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.storage.database import Database
from engine.storage.system import metadata
from tests.databases import database_url


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(database_url(tmp_path))
    with database.write() as connection:
        metadata.create_all(connection)
    yield database
    database.close()
