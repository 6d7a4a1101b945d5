"""One filled depot for all tests of this package; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from tests.unit.access.depot import filled


@pytest.fixture(scope="module")
def connection(on_both: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    database = filled(tmp_path_factory.mktemp("depot"))
    with database.read() as connection:
        yield connection
    database.close()
