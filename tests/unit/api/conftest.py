"""One client and its fake runtime per test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.unit.api.fakes import FakeRuntime, make_client


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[FlaskClient, FakeRuntime]]:
    client, runtime = make_client(tmp_path)
    yield client, runtime
    runtime.database.close()


@pytest.fixture
def client(house: tuple[FlaskClient, FakeRuntime]) -> FlaskClient:
    return house[0]


@pytest.fixture
def runtime(house: tuple[FlaskClient, FakeRuntime]) -> FakeRuntime:
    return house[1]
