"""Too much of everything that a definition can hold: taken or refused, soon and in little memory."""

from __future__ import annotations

import pytest

from tests.hostile.conftest import Judge
from tests.hostile.measure import of_definitions


@pytest.mark.parametrize("name", of_definitions())
def test_too_much_of_something(name: str, judge: Judge) -> None:
    assert len(judge(name)) == 1
