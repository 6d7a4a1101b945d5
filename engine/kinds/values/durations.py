"""Spans of time as people and programs write them. A bare number has no unit and is refused, never guessed."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine.kinds.values.text import problem, shown, typed, wrong_type
from engine.language.sqltypes import MICROSECOND
from engine.model.text import Text

# A hundred years in microseconds still fits a binary float exactly, and so a JSON number of seconds.
LONGEST = timedelta(days=36_500)
_NUMBER = r"([0-9]{1,12}(?:\.[0-9]{1,9})?)\s*"
# Unit → seconds and how it is written, largest first.
_UNITS = (
    (604_800, "w|wks?|weeks?|周|星期"),
    (86_400, "d|days?|天|日"),
    (3_600, "h|hrs?|hours?|个?小时|个?钟头|时"),
    (60, "m|mins?|minutes?|分钟?"),
    (1, "s|secs?|seconds?|秒钟?"),
)
_WORDS = re.compile(r"(-?)\s*" + "".join(rf"(?:{_NUMBER}(?:{names})[\s,]*)?" for _, names in _UNITS), re.IGNORECASE)
_ISO = re.compile(r"(-?)P(?:([0-9]{1,9})W)?(?:([0-9]{1,9})D)?(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9.]{1,12})S)?)?")
_CLOCK = re.compile(r"(-?)([0-9]{1,6}):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,6})?))?")
_BARE = re.compile(r"-?[0-9]+(?:\.[0-9]*)?")
_WANTED = Text("时长，例如 2h", "a duration such as 2h")
_SPELLED = ((86_400_000_000, "天", "d"), (3_600_000_000, "小时", "h"), (60_000_000, "分", "m"))


def read_duration(raw: Any) -> timedelta | None:
    """`2h`, `1d 3h`, `90m`, `1.5h`, `1天3小时`, `1:30` (hours and minutes), `1:30:15`, `PT1H30M`; a JSON number is seconds.
    Exact to the microsecond; None for empty."""
    if isinstance(raw, timedelta):
        return _bounded(Decimal(raw // MICROSECOND))
    if isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool):
        return _from_number(raw)
    text = typed(raw, _WANTED)
    return None if text is None else _bounded(_micros(text))


def seconds(value: timedelta) -> int | float:
    """A duration as a JSON number: whole where it is whole, else with six places at most."""
    micros = value // MICROSECOND
    return micros // 1_000_000 if micros % 1_000_000 == 0 else micros / 1_000_000


def spelled(value: timedelta) -> Text:
    """All of a duration in the fewest units: `1天3小时`, `1d 3h`. What is spelled here is read again as the same."""
    micros = value // MICROSECOND
    sign, rest = "-" if micros < 0 else "", abs(micros)
    zh, en = [], []
    for size, chinese, english in _SPELLED:
        count, rest = divmod(rest, size)
        if count:
            zh.append(f"{count}{chinese}")
            en.append(f"{count}{english}")
    if rest or not zh:
        last = format(Decimal(rest).scaleb(-6).normalize(), "f")
        zh.append(f"{last}秒")
        en.append(f"{last}s")
    return Text(sign + "".join(zh), sign + " ".join(en))


def _from_number(raw: float | Decimal) -> timedelta:
    if isinstance(raw, int) and raw.bit_length() > 64:
        raise _too_long()
    number = raw if isinstance(raw, Decimal) else Decimal(repr(raw))
    if not number.is_finite():
        raise wrong_type(raw, _WANTED)
    if number and number.adjusted() > 12:
        raise _too_long()
    if number and number.adjusted() < -12:
        raise _too_fine()
    return _bounded(number.scaleb(6))


def _micros(text: str) -> Decimal:
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        sign, hours, minutes, rest = clock.groups()
        return _sum(sign, zip((3_600, 60, 1), (hours, minutes, rest), strict=True))
    written = _WORDS.fullmatch(text) or _iso(text)
    if written is not None and any(written.groups()[1:]):
        sign, *numbers = written.groups()
        return _sum(sign, zip((size for size, _ in _UNITS), numbers, strict=True))
    if _BARE.fullmatch(text):
        raise problem(
            "needs-unit",
            "「{given}」没有单位；请写成 {given}m（分）、{given}h（小时）或 1:30",
            "“{given}” has no unit; write {given}m (minutes), {given}h (hours) or 1:30",
            given=shown(text),
        )
    raise problem(
        "not-a-duration",
        "「{given}」不是时长；请写成 2h、1天3小时、90m 或 1:30",
        "“{given}” is not a duration; write 2h, 1d 3h, 90m or 1:30",
        given=shown(text),
    )


def _iso(text: str) -> re.Match[str] | None:
    found = _ISO.fullmatch(text)
    return found if found is not None and (found[6] is None or re.fullmatch(r"[0-9]+(\.[0-9]+)?", found[6])) else None


def _sum(sign: str, parts: Any) -> Decimal:
    total = sum((Decimal(number) * size for size, number in parts if number), Decimal())
    return (-total if sign else total).scaleb(6)


def _bounded(micros: Decimal) -> timedelta:
    if micros != micros.to_integral_value():
        raise _too_fine()
    if abs(micros) > LONGEST // MICROSECOND:
        raise _too_long()
    return int(micros) * MICROSECOND


def _too_long() -> Exception:
    return problem("too-large", "时长最多 100 年", "A duration is 100 years at most")


def _too_fine() -> Exception:
    return problem("too-fine", "时长最细到微秒（秒的 6 位小数）", "A duration goes down to microseconds (6 places of a second)")
