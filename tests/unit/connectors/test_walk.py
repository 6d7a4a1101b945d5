"""The position of a pull: a small world of rows that change, come to light late and are read slowly."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.walk import Walk
from engine.model.connector import SourceError

BEGIN = datetime(2026, 11, 22, tzinfo=UTC)
LAG = timedelta(seconds=10)
OF = "https://shop.example.com#orders"


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def test_the_watermark_moves_only_at_the_end_and_minus_the_lag() -> None:
    walk = Walk(OF).step([at(1), at(50)], served=at(1000), lag=LAG, after="c1")
    assert (walk.watermark, walk.after, walk.rows) == (None, "c1", 2)
    assert walk.finish([at(60)], served=at(1001), lag=LAG) == Walk(OF, at(50))


def test_what_changed_after_the_walk_began_does_not_move_the_watermark() -> None:
    walk = Walk(OF).step([at(1)], served=at(100), lag=LAG, after="c1")
    assert walk.finish([at(5000)], served=at(5001), lag=LAG).watermark == at(90)


def test_an_empty_walk_keeps_the_watermark() -> None:
    assert Walk(OF, at(7)).finish([], served=at(100), lag=LAG) == Walk(OF, at(7))
    assert Walk(OF).finish([], served=at(100), lag=LAG) == Walk(OF)


def test_the_watermark_never_goes_back() -> None:
    assert Walk(OF, at(70)).finish([at(75)], served=at(100), lag=LAG).watermark == at(70)


def test_a_split_needs_rows_enough_and_ground_gained() -> None:
    walk = Walk(OF).step([at(1), at(50), at(995)], served=at(1000), lag=LAG, after="c1")
    assert walk.split(None, LAG) is walk
    assert walk.split(4, LAG) is walk
    assert walk.split(3, LAG) == Walk(OF, at(40))
    crowded = Walk(OF, at(45)).step([at(50)] * 5, served=at(1000), lag=LAG, after="c1")
    assert crowded.split(3, LAG) is crowded


def test_there_and_back_through_json() -> None:
    walk = Walk(OF, at(3)).step([at(1.5), at(50)], served=at(1000), lag=LAG, after="c1")
    assert Walk.from_json(OF, json.loads(json.dumps(walk.to_json()))) == walk
    assert Walk.from_json(OF, walk.finish([], served=at(1), lag=LAG).to_json()).after is None
    assert Walk.from_json(OF, None) == Walk(OF)
    assert Walk.from_json(OF, {**walk.to_json(), "of": "another"}) == Walk(OF)


@pytest.mark.parametrize("spoilt", [{"watermark": "x"}, {"watermark": "2026-11-22"}, {"began": 5}, {"after": 3}, {"rows": "3"}])
def test_what_cannot_be_read_is_an_error(spoilt: dict[str, object]) -> None:
    with pytest.raises(SourceError) as caught:
        Walk.from_json(OF, {"of": OF, **spoilt})
    assert caught.value.code == "cursor"


@dataclass
class World:
    """Rows by number: (time of last change, time from which the listing shows it). Reads take time."""

    now: float = 0
    rows: dict[int, tuple[float, float]] = field(default_factory=dict)
    seen: dict[int, float] = field(default_factory=dict)
    position: Walk = field(default_factory=lambda: Walk(OF))

    def write(self, number: int, late: float) -> None:
        self.rows[number] = (self.now, self.now + late)

    def page(self, size: int, limit: int | None) -> bool:
        """One page read and saved together with the position; True at the end of a walk."""
        walk = self.position
        floor = -1.0 if walk.watermark is None else (walk.watermark - BEGIN).total_seconds()
        mark = tuple(json.loads(walk.after)) if walk.after is not None else (-1.0, -1)
        shown = sorted((change, number) for number, (change, visible) in self.rows.items() if visible <= self.now)
        left = [key for key in shown if key[0] >= floor and key > mark]
        part, more = left[:size], len(left) > size
        changes = [at(change) for change, _ in part]
        if more:
            step = walk.step(changes, served=at(self.now), lag=LAG, after=json.dumps(part[-1]))
            self.position = step.split(limit, LAG)
        else:
            self.position = walk.finish(changes, served=at(self.now), lag=LAG)
        self.position = Walk.from_json(OF, json.loads(json.dumps(self.position.to_json())))
        self.seen |= {number: change for change, number in part}
        return not more


WRITE = st.tuples(st.just("write"), st.integers(0, 15), st.sampled_from([0, 0, 5, 10]))
WAIT = st.tuples(st.just("wait"), st.sampled_from([1, 2, 6, 25]), st.just(0))
PAGE = st.tuples(st.just("page"), st.sampled_from([1, 2, 20]), st.just(0))
RESTART = st.tuples(st.just("restart"), st.just(0), st.just(0))
ACTIONS = st.lists(st.one_of(WRITE, WRITE, WAIT, WAIT, PAGE, PAGE, PAGE, RESTART), min_size=15, max_size=60)


@settings(max_examples=300, deadline=None)
@given(ACTIONS, st.sampled_from([None, 2, 5]))
def test_in_the_end_every_row_was_seen_as_it_is(actions: list[tuple[str, int, int]], limit: int | None) -> None:
    world = World()
    for what, number, late in actions:
        if what == "write":
            world.write(number, late)
        elif what == "wait":
            world.now += number
        elif what == "page":
            world.page(number, limit)
        else:
            world.position = world.position.restart()
    world.now += LAG.total_seconds() + 1
    for _ in range(2):
        while not world.page(3, limit):
            pass
    assert world.seen == {number: change for number, (change, _) in world.rows.items()}
