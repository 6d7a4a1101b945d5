"""A house for each test of the runtime."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Order tracking, published on an empty database."""
    return make_world(tmp_path)
