"""A day, without a clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.values.times import ClockKept, read_date
from engine.language.sqltypes import Day
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import DATE, Type

DOC = Doc(
    Text(
        "日期，没有钟点。2/1/2026 这样年在后的，要用 habit 说明日在前（day_first）还是月在前（month_first），不写就不收。",
        "A day, without a clock. Where the year comes last (2/1/2026), `habit` says what comes first: day_first or "
        "month_first; without it such a text is refused.",
    ),
    "wanted_by: {type: date, title: {zh: 期望送达, en: Wanted by}}",
)


class DateKind(ClockKept):
    """`habit`: which comes first where the year comes last, `day_first` or `month_first`; else such a text is refused."""

    name = "date"
    widget = "date"

    def type(self, options: Mapping[str, Any]) -> Type:
        """DATE."""
        return DATE

    def parse(self, raw: Any, field: Field) -> date | None:
        """`2026-01-02`, `2026/1/2`, `2026年1月2日`, `20260102`; with a habit `2/1/2026`."""
        return read_date(raw, self.zone, field.options.get("habit"))

    def to_json(self, value: Any, field: Field) -> Any:
        """`2026-01-02`."""
        return None if value is None else value.isoformat()

    def column(self, field: Field) -> TypeEngine[Any]:
        """A date."""
        return Day()

    def sample(self, field: Field, random: Random) -> date:
        """Within a year."""
        return date(2026, 1, 1) + timedelta(days=random.randrange(365))


KIND = DateKind()
