"""What every connector that pulls must keep, whatever it speaks.

Here, so that a new connector imports its promises instead of inventing them: give a `Source` (a local server of the product
with its faults) and inherit `PullContract` in a test module."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.model.connector import SourceError
from engine.model.types import BOOLEAN, DATETIME, INTEGER, MONEY, TEXT, Type
from tests.contract.players import Reader, Source

_PYTHON = {TEXT: str, BOOLEAN: bool, INTEGER: int, MONEY: Decimal, DATETIME: datetime}

PASSING = ("429", "500", "503", "half", "cut", "garbage", "html", "drop", "slow", "slow-head", "hang", "throttled", "internal")
"""Faults that pass: once in a while they must not even be noticed."""

LASTING = {
    "429": "throttled",
    "429-long": "throttled",
    "500": "unavailable",
    "503": "unavailable",
    "half": "not_json",
    "cut": "unreachable",
    "drop": "unreachable",
    "garbage": "not_json",
    "html": "not_json",
    "gzip": "not_json",
    "slow": "timeout",
    "slow-head": "timeout",
    "hang": "timeout",
    "endless": "too_large",
    "redirect": "settings",
    "internal": "unavailable",
    "partial": "forbidden",
    "null": "missing_field",
    "empty": "missing_field",
    "error-text": "refused",
    "no-field": "missing_field",
    "bad-amount": "bad_value",
    "long-amount": "bad_value",
    "float-amount": "bad_value",
    "no-amount": "bad_value",
    "local-time": "bad_value",
    "stuck": "stuck",
}
"""Faults that last, and the code of the error they must end in."""


class PullContract:
    """Inherit, and give a fixture `source` with a few pages of rows in it."""

    def test_a_complete_walk_delivers_everything(self, source: Source) -> None:
        reader = Reader(source)
        assert reader.pull() > 2
        assert reader.rows == source.expected()

    def test_values_have_the_declared_types(self, source: Source) -> None:
        info = source.catalogue().info(source.name)
        assert info is not None
        stream = info.streams[source.stream]
        reader = Reader(source)
        reader.pull()
        for row in reader.rows.values():
            assert row.keys() == stream.fields.keys() | stream.lists.keys()
            _check(row, stream.fields)
            for name, fields in stream.lists.items():
                assert row[name]
                for child in row[name]:
                    assert child.keys() == fields.keys()
                    _check(child, fields)

    @pytest.mark.parametrize("lose", [False, True], ids=["page saved", "page lost"])
    def test_interrupted_at_every_page_nothing_is_lost(self, source: Source, lose: bool) -> None:
        whole = Reader(source).pull()
        for stop in range(1, whole + 1):
            reader = Reader(source)
            reader.pull(stop=stop, lose=lose)
            source.clock.sleep(60)
            source.change()
            source.add()
            reader.pull()
            assert reader.rows == source.expected(), f"interrupted after page {stop}"

    def test_interrupted_again_and_again(self, source: Source) -> None:
        reader = Reader(source)
        for turn in range(30):
            reader.pull(stop=1, lose=turn % 3 == 2)
            source.clock.sleep(7)
            if turn % 2:
                source.add()
        reader.pull()
        assert reader.rows == source.expected()

    def test_the_next_run_brings_only_what_is_new_or_may_be_late(self, source: Source) -> None:
        reader = Reader(source)
        reader.pull()
        source.clock.sleep(3600)
        source.add(3)
        source.change()
        assert reader.pull() == 1
        assert reader.rows == source.expected()
        source.clock.sleep(3600)
        again = Reader(source)
        again.cursor = reader.cursor
        again.pull()
        assert len(again.rows) <= 4

    def test_an_empty_run_keeps_the_position(self, source: Source) -> None:
        reader = Reader(source)
        reader.pull()
        settled = reader.cursor
        for _ in range(3):
            source.clock.sleep(86400 / 30)
            reader.pull()
        assert reader.cursor == settled

    def test_rows_that_come_to_light_late_are_found(self, source: Source) -> None:
        reader = Reader(source)
        source.add(late=source.lag - timedelta(seconds=5))
        source.change(late=source.lag - timedelta(seconds=5))
        source.clock.sleep(10)
        source.add()
        reader.pull()
        assert reader.rows != source.expected()
        source.clock.sleep(source.lag.total_seconds())
        reader.pull()
        assert reader.rows == source.expected()

    def test_a_row_that_comes_to_light_behind_a_slow_reader_is_found(self, source: Source) -> None:
        """The reader has passed its place before it appears, and then sees rows so new that the lag alone would not reach
        back to it."""
        old = len(source.expected())
        source.add(late=source.lag - timedelta(seconds=5))
        source.clock.sleep(10)
        source.add(30)
        reader = Reader(source)
        slept = False
        for page in reader.open():
            reader.rows |= {row["id"]: row for row in page.rows}
            reader.cursor = page.cursor
            if not slept and len(reader.rows) > old and not page.last:
                slept = True
                source.clock.sleep(7200)
                source.add()
        assert slept
        assert len(reader.rows) == len(source.expected()) - 1
        reader.pull()
        assert reader.rows == source.expected()

    def test_an_expired_page_cursor_begins_the_walk_again(self, source: Source) -> None:
        reader = Reader(source)
        reader.pull(stop=2)
        source.expire()
        source.add()
        reader.pull()
        assert reader.rows == source.expected()

    def test_the_same_row_twice_in_a_page(self, source: Source) -> None:
        source.fault("duplicates", times=3)
        reader = Reader(source)
        reader.pull()
        assert reader.rows == source.expected()

    @pytest.mark.parametrize("kind", PASSING)
    def test_a_fault_that_passes_is_not_noticed(self, source: Source, kind: str) -> None:
        source.fault(kind, after=1)
        reader = Reader(source)
        reader.pull()
        assert reader.rows == source.expected()

    @pytest.mark.parametrize("kind", LASTING)
    def test_a_fault_that_lasts_is_an_error_and_loses_nothing(self, source: Source, kind: str) -> None:
        reader = Reader(source)
        source.fault(kind, times=20, after=1)
        error = reader.fails()
        assert error.code == LASTING[kind]
        assert reader.rows.items() <= source.expected().items()
        assert len(reader.rows) < len(source.expected())
        source.clear()
        source.clock.sleep(120)
        source.change()
        reader.pull()
        assert reader.rows == source.expected()

    def test_a_fault_at_the_first_request_leaves_no_position(self, source: Source) -> None:
        source.fault("500", times=20)
        reader = Reader(source)
        reader.fails()
        assert reader.cursor is None
        assert not reader.rows

    def test_the_wish_to_wait_is_kept_or_handed_on(self, source: Source) -> None:
        begun = source.clock.seconds
        source.fault("429")
        Reader(source).pull()
        assert source.clock.seconds - begun >= 2
        source.fault("429-long")
        assert Reader(source).fails().retry_after == 3600

    @pytest.mark.parametrize("name", ["shop", "token"])
    def test_a_missing_setting_is_named_in_both_languages(self, source: Source, name: str) -> None:
        info = source.catalogue().info(source.name)
        assert info is not None
        for value in ("", "   "):
            given = source.settings() | {name: value}
            with pytest.raises(SourceError) as caught:
                source.catalogue().pages(source.name, source.stream, given, None)
            assert caught.value.code == "settings"
            assert info.settings[name].zh in caught.value.message.zh
            assert info.settings[name].en in caught.value.message.en

    def test_an_unknown_stream_is_an_error(self, source: Source) -> None:
        with pytest.raises(SourceError):
            source.catalogue().pages(source.name, "nothing", source.settings(), None)

    def test_a_spoilt_cursor_is_an_error(self, source: Source) -> None:
        reader = Reader(source)
        reader.pull()
        assert reader.cursor is not None
        reader.cursor = {**reader.cursor, "watermark": "yesterday"}
        assert reader.fails().code == "cursor"

    def test_the_position_of_another_source_is_not_believed(self, source: Source) -> None:
        reader = Reader(source)
        reader.cursor = {"of": "https://elsewhere.example", "watermark": "2030-01-01T00:00:00+00:00"}
        reader.pull()
        assert reader.rows == source.expected()


def _check(row: Mapping[str, Any], fields: Mapping[str, Type]) -> None:
    for name, kind in fields.items():
        value = row[name]
        if value is not None:
            assert type(value) is _PYTHON[kind], name
        if isinstance(value, datetime):
            assert value.tzinfo is UTC
        if isinstance(value, Decimal):
            assert value.as_tuple().exponent == -kind.scale
