"""A day, without a clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta, tzinfo
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.types import TypeEngine

from engine.kinds.values.times import read_date
from engine.language.sqltypes import Day
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import DATE, Type

_HOME = ZoneInfo("Asia/Shanghai")

DOC = Doc(
    Text(
        "日期，没有钟点。",
        "A day, without a clock.",
    ),
    "wanted_by: {type: date, title: {zh: 期望送达, en: Wanted by}}",
)


class DateKind:
    """No keys of its own. `zone`: whose day a moment falls on."""

    name = "date"
    schema: Mapping[str, Any] = {}
    widget = "date"

    def __init__(self, zone: tzinfo = _HOME) -> None:
        self.zone = zone

    def in_zone(self, zone: tzinfo) -> DateKind:
        """The kind for an organisation in another zone."""
        return DateKind(zone)

    def type(self, options: Mapping[str, Any]) -> Type:
        """DATE."""
        return DATE

    def parse(self, raw: Any, field: Field) -> date | None:
        """`2026-01-02`, `2026/1/2`, `2026年1月2日`, `20260102`."""
        return read_date(raw, self.zone)

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
