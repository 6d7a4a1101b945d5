"""A moment: day and clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.values.times import ClockKept, read_moment, written
from engine.language.sqltypes import Instant
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import DATETIME, Type

DOC = Doc(
    Text(
        "日期加钟点；按组织的时区显示，存的是同一时刻。10/2/2017 10:56 这样年在后的，要用 habit 说明"
        "日在前（day_first）还是月在前（month_first），不写就不收。",
        "Day and clock: one moment, shown in the organisation's zone. Where the year comes last (10/2/2017 10:56), `habit` "
        "says what comes first: day_first or month_first; without it such a text is refused.",
    ),
    "paid_at: {type: datetime, title: {zh: 付款时间, en: Paid at}, habit: month_first}",
)


class DatetimeKind(ClockKept):
    """`habit`: which comes first where the year comes last, `day_first` or `month_first`; else such a text is refused."""

    name = "datetime"
    widget = "datetime"

    def type(self, options: Mapping[str, Any]) -> Type:
        """DATETIME."""
        return DATETIME

    def parse(self, raw: Any, field: Field) -> datetime | None:
        """RFC 3339, or `2026-01-02 14:05` and the like in the organisation's zone → aware UTC."""
        return read_moment(raw, self.zone, field.options.get("habit"))

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
