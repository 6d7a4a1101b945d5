"""Files that are no definition: each ends soon, in little memory, with a problem that names it."""

from __future__ import annotations

import pytest

from tests.hostile.conftest import Judge
from tests.hostile.measure import of_texts


@pytest.mark.parametrize("name", of_texts())
def test_a_hostile_text(name: str, judge: Judge) -> None:
    assert judge(name) == {"refused"}
