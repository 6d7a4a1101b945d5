"""The position of an incremental pull, saved as JSON together with the rows of each page.

Here, apart from all protocols, because losing an order silently is the worst a connector can do, and this is the whole argument
that it does not happen. A *walk* reads everything from the watermark on, ordered by the time of the last change. The position
never passes unread data: an interrupted walk goes on from its page cursor; the watermark moves only when the walk is complete,
and then only to a moment before which nothing can still appear. It must not call anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors import errors


@dataclass(frozen=True, slots=True)
class Walk:
    """`of`: what is being walked (a watermark of one shop means nothing to another). `watermark`: every row changed before it
    was delivered; None: nothing was yet. `after`: page cursor of the unfinished walk, None at its start. `began`: the source's
    own time when the walk's first page was read. `newest`: latest change seen in this walk. `reached`: latest change seen that
    was settled, that is older than the lag when its page was read. `rows`: how many this walk has read."""

    of: str
    watermark: datetime | None = None
    after: str | None = None
    began: datetime | None = None
    newest: datetime | None = None
    reached: datetime | None = None
    rows: int = 0

    def step(self, changes: Iterable[datetime], *, served: datetime, lag: timedelta, after: str) -> Walk:
        """A page was read whose rows last changed at `changes`; the source's time was `served`; the next page is `after`."""
        seen = tuple(changes)
        settled = (change for change in seen if change <= served - lag)
        return replace(
            self,
            after=after,
            began=self.began or served,
            newest=max((*seen, *_some(self.newest)), default=None),
            reached=max((*settled, *_some(self.reached)), default=None),
            rows=self.rows + len(seen),
        )

    def finish(self, changes: Iterable[datetime], *, served: datetime, lag: timedelta) -> Walk:
        """The last page was read. A row may become visible up to `lag` after its change, so whatever changed less than `lag`
        before the walk began may have been missed behind the reader; what is newer than everything seen is still to come."""
        done = self.step(changes, served=served, lag=lag, after="")
        if done.newest is None or done.began is None:
            return Walk(self.of, self.watermark)
        return Walk(self.of, _later(self.watermark, min(done.newest, done.began) - lag))

    def split(self, limit: int | None, lag: timedelta) -> Walk:
        """A source ends very long walks by itself. Since rows come in the order of their change, all before the latest settled
        change has been read: after `limit` rows a new walk may start there, if that gets us on. A row that shows a change
        younger than the lag is no measure: its place in the order may be that of an earlier change."""
        if limit is None or self.rows < limit or self.reached is None:
            return self
        floor = _later(self.watermark, self.reached - lag)
        return self if floor == self.watermark else Walk(self.of, floor)

    def restart(self) -> Walk:
        """The page cursor no longer holds: the walk begins again at its watermark."""
        return Walk(self.of, self.watermark)

    def to_json(self) -> Mapping[str, Any]:
        """The cursor to be saved with the page."""
        moments = {"watermark": self.watermark, "began": self.began, "newest": self.newest, "reached": self.reached}
        texts = {name: value.isoformat() for name, value in moments.items() if value is not None}
        unfinished = {"after": self.after, "rows": self.rows} if self.after is not None else {}
        return {"of": self.of, **texts, **unfinished}

    @staticmethod
    def from_json(of: str, data: Mapping[str, Any] | None) -> Walk:
        """A saved cursor, or the beginning when there is none or it is of another source. Raises SourceError (`cursor`)."""
        if data is None or data.get("of") != of:
            return Walk(of)
        after, rows = data.get("after"), data.get("rows", 0)
        if not (after is None or isinstance(after, str)) or not isinstance(rows, int):
            raise errors.bad_cursor()
        names = ("watermark", "began", "newest", "reached")
        watermark, began, newest, reached = (_read(data.get(name)) for name in names)
        return Walk(of, watermark, after, began, newest, reached, rows)


def _some(value: datetime | None) -> tuple[datetime, ...]:
    return () if value is None else (value,)


def _later(old: datetime | None, new: datetime) -> datetime:
    return new if old is None else max(old, new)


def _read(text: Any) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise errors.bad_cursor() from None
    if moment.tzinfo is None:
        raise errors.bad_cursor()
    return moment.astimezone(UTC)
