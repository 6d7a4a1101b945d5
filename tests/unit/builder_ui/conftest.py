"""One filled house per module: tests that change a person or an order make their own first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.builder_ui.web_house import WebHouse, filled_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    made = filled_house(tmp_path_factory.mktemp("house"))
    yield made
    made.world.runtime.database.close()
