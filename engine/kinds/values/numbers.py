"""Numbers as people and programs write them → exact decimals. Never a binary float inside, never a silent rounding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from engine.kinds.values.text import problem, shown, typed, wrong_type
from engine.model.app import Field
from engine.model.text import Text

# Fifteen digits altogether, decimal places included: exact in JavaScript and in SQLite's integers, with room to multiply.
DIGITS = 15
LIMITS: Mapping[str, Any] = {"min": {"type": "number"}, "max": {"type": "number"}}
_NUMBER = re.compile(r"([+-]?)(?:([0-9]{1,3}(?:,[0-9]{3})+)|([0-9]+))?(?:\.([0-9]*))?")


def read_number(raw: Any, scale: int, options: Mapping[str, Any]) -> Decimal | None:
    """JSON number, Decimal or typed text → a Decimal with exactly `scale` places, within `min` and `max`; None for empty."""
    number = _decimal(raw, scale)
    if number is None:
        return None
    if not number.is_finite():
        raise problem("not-a-number", "这里要一个数字，例如 12", "This takes a number such as 12")
    if number.adjusted() >= DIGITS - scale:
        raise problem(
            "too-large",
            "数字太大：整数部分最多 {n} 位",
            "The number is too large: at most {n} digits before the point",
            n=DIGITS - scale,
        )
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > scale and number:
        raise _too_fine(number, scale)
    exact = number.quantize(Decimal(1).scaleb(-scale))
    _within(exact, options)
    return exact if exact else abs(exact)


def _decimal(raw: Any, scale: int) -> Decimal | None:
    if isinstance(raw, Decimal):
        return raw
    if isinstance(raw, bool):
        raise wrong_type(raw, Text("数字", "a number"))
    if isinstance(raw, int):
        # Turning thousands of digits into text is slow, and refused by Python: judge by bits first.
        return Decimal(raw) if raw.bit_length() <= 64 else Decimal(1).scaleb(DIGITS)
    if isinstance(raw, float):
        return Decimal(repr(raw))
    if raw is not None and not isinstance(raw, str):
        raise wrong_type(raw, Text("数字", "a number"))
    text = typed(raw)
    return None if text is None else _from_text(text, in_ones=scale == 0)


def _from_text(text: str, *, in_ones: bool) -> Decimal:
    match = _NUMBER.fullmatch(text)
    if match is None or not any(match.group(2, 3, 4)):
        raise problem(
            "not-a-number",
            "「{given}」不是数字；请写成 {plain} 或 {grouped}",
            "“{given}” is not a number; write {plain} or {grouped}",
            given=shown(text),
            plain="1234" if in_ones else "1234.50",
            grouped="1,234" if in_ones else "1,234.50",
        )
    sign, grouped, plain, fraction = match.groups()
    whole = (grouped or plain or "0").replace(",", "").lstrip("0") or "0"
    places = (fraction or "").rstrip("0")
    if len(whole) > DIGITS:
        return Decimal(1).scaleb(DIGITS)
    if len(places) > DIGITS:
        return Decimal(1).scaleb(-DIGITS)
    return Decimal(f"{sign}{whole}.{places or '0'}")


def _too_fine(number: Decimal, scale: int) -> Exception:
    if scale == 0:
        return problem("not-whole", "这里要整数，不带小数", "This takes a whole number, without decimals")
    return problem("too-fine", "小数最多 {n} 位；请先四舍五入", "At most {n} decimal places; round it first", n=scale)


def _within(number: Decimal, options: Mapping[str, Any]) -> None:
    low, high = options.get("min"), options.get("max")
    if low is not None and number < low:
        raise problem("too-small", "不能小于 {n}", "It cannot be less than {n}", n=low)
    if high is not None and number > high:
        raise problem("too-large", "不能大于 {n}", "It cannot be more than {n}", n=high)


def sample_number(field: Field, random: Random, *, least: int, span: int) -> Decimal:
    """A number with the field's places, within its bounds; from `least` on and no further than `span` where it has none."""
    unit = 10**field.type.scale
    low = Decimal(field.options.get("min", min(least, field.options.get("max", least))))
    high = Decimal(field.options.get("max", low + span))
    bounds = -int(-low * unit // 1), int(high * unit // 1)
    return Decimal(random.randint(bounds[0], max(bounds))).scaleb(-field.type.scale)


def written(number: Decimal | int, scale: int) -> str:
    """The number as JSON text with its places, without exponent; finer ones are rounded half away from zero."""
    return format(Decimal(number).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP), "f")
