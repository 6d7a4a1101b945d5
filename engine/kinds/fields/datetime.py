"""A moment: day and clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.types import TypeEngine

from engine.kinds.values.times import read_moment, written
from engine.language.sqltypes import Instant
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import DATETIME, Type

_HOME = ZoneInfo("Asia/Shanghai")

DOC = Doc(
    Text(
        "日期加钟点；按组织的时区显示，存的是同一时刻。",
        "Day and clock: one moment, shown in the organisation's zone.",
    ),
    "paid_at: {type: datetime, title: {zh: 付款时间, en: Paid at}}",
)


class DatetimeKind:
    """No keys of its own. `zone`: where a clock without an offset stands."""

    name = "datetime"
    schema: Mapping[str, Any] = {}
    widget = "datetime"

    def __init__(self, zone: tzinfo = _HOME) -> None:
        self.zone = zone

    def in_zone(self, zone: tzinfo) -> DatetimeKind:
        """The kind for an organisation in another zone."""
        return DatetimeKind(zone)

    def type(self, options: Mapping[str, Any]) -> Type:
        """DATETIME."""
        return DATETIME

    def parse(self, raw: Any, field: Field) -> datetime | None:
        """RFC 3339, or `2026-01-02 14:05` and the like in the organisation's zone → aware UTC."""
        return read_moment(raw, self.zone)

    def to_json(self, value: Any, field: Field) -> Any:
        """RFC 3339 in UTC."""
        return None if value is None else written(value)

    def column(self, field: Field) -> TypeEngine[Any]:
        """A moment in UTC."""
        return Instant()

    def sample(self, field: Field, random: Random) -> datetime:
        """Within a year, to the second."""
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(365 * 86_400))


KIND = DatetimeKind()
