"""The players of the contract: time, a source, and the engine's side of a pull.

Here, apart from the promises themselves, so that those read as sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest

from engine.model.connector import Catalogue, SourceError

Rows = dict[str, Mapping[str, Any]]


class Clock:
    """Time that passes only when somebody sleeps, so that waiting costs nothing and can be measured."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._begin = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The time of source and connector alike."""
        return self._begin + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        assert 0 <= seconds <= 86400
        self.seconds += seconds


class Source(Protocol):
    """A product's local server and its connector, as the contract needs them. `lag`: how late a row may come to light."""

    name: str
    stream: str
    lag: timedelta
    clock: Clock

    def catalogue(self) -> Catalogue:
        """The catalogue with the connector, allowed to call the local server."""

    def settings(self) -> dict[str, str]:
        """Settings that work."""

    def add(self, count: int = 1, *, late: timedelta = ...) -> None:
        """New rows; `late`: they come to light only then, dated now."""

    def change(self, *, late: timedelta = ...) -> None:
        """A change of the oldest row."""

    def expected(self) -> Rows:
        """All rows by id as the connector must deliver them."""

    def fault(self, kind: str, *, times: int = 1, after: int = 0) -> None:
        """Play a fault to the next requests."""

    def clear(self) -> None:
        """No more faults."""

    def expire(self) -> None:
        """Page cursors given out so far no longer hold."""


class Reader:
    """The engine's side of a pull: keeps rows by id and saves the cursor together with the rows of a page, or crashes just
    before."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.rows: Rows = {}
        self.cursor: Mapping[str, Any] | None = None

    def pull(self, *, stop: int | None = None, lose: bool = False) -> int:
        """One run; returns its pages. `stop`: crash after so many pages; `lose`: the last of them was not saved yet."""
        count = 0
        last = False
        for page in self.open():
            assert not last
            count, last = count + 1, page.last
            if stop == count and lose:
                return count
            self.rows |= {row["id"]: row for row in page.rows}
            self.cursor = json.loads(json.dumps(page.cursor))
            if stop == count:
                return count
        assert last
        return count

    def open(self) -> Iterator[Any]:
        """The pages from the saved position on."""
        given = self.source
        return given.catalogue().pages(given.name, given.stream, given.settings(), self.cursor)

    def fails(self) -> SourceError:
        """One run that must end in an error."""
        with pytest.raises(SourceError) as caught:
            self.pull()
        error = caught.value
        assert error.message.zh != error.message.en
        assert self.source.settings()["token"] not in error.message.zh + error.message.en
        return error
