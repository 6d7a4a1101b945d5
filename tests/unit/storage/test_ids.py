"""Ids sort in the order in which they were drawn, also within one millisecond."""

from __future__ import annotations

from engine.storage.ids import Ulids
from tests.databases import ON_BOTH

pytestmark = ON_BOTH


def test_ids_sort_as_they_were_drawn() -> None:
    draw = Ulids()
    drawn = [draw() for _ in range(3_000)]
    assert drawn == sorted(set(drawn))
    assert {len(id) for id in drawn} == {26}


def test_a_clock_that_jumps_back_does_not_turn_the_order_around() -> None:
    times = iter([5_000, 4_000, 4_000, 6_000])
    draw = Ulids(lambda: next(times) * 1_000_000)
    drawn = [draw() for _ in range(4)]
    assert drawn == sorted(set(drawn))


def test_an_id_tells_its_time_and_no_neighbour() -> None:
    first, second = Ulids(lambda: 1), Ulids(lambda: 1)
    assert first()[:10] == second()[:10] == "0" * 10
    assert first() != second()
