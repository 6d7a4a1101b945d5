"""The cycle collector's pause: in one thread, nested, when something is raised, and where blocks of several threads overlap."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import permutations
from unittest.mock import patch

import pytest

from engine.definition.collector import collector_paused


@pytest.fixture(autouse=True)
def running() -> Iterator[None]:
    assert gc.isenabled()
    yield
    gc.enable()


def test_it_pauses_and_goes_on() -> None:
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="broken"), collector_paused():
        raise ValueError("broken")
    assert gc.isenabled()


def test_who_has_turned_it_off_for_good_keeps_it_off() -> None:
    gc.disable()
    with collector_paused():
        assert not gc.isenabled()
    assert not gc.isenabled()


@pytest.mark.parametrize("ending", list(permutations(range(3))))
def test_blocks_that_overlap(ending: tuple[int, ...]) -> None:
    blocks = [collector_paused() for _ in range(3)]
    for block in blocks:
        block.__enter__()
    for number in ending:
        blocks[number].__exit__(None, None, None)
    assert gc.isenabled()


def test_a_block_that_ends_between_another_ones_look_and_its_start() -> None:
    first: AbstractContextManager[None] = collector_paused()
    first.__enter__()

    def look() -> bool:
        found = gc_isenabled()
        first.__exit__(None, None, None)
        return found

    gc_isenabled = gc.isenabled
    with patch("engine.definition.collector.gc.isenabled", look), collector_paused():
        pass
    assert gc.isenabled()
