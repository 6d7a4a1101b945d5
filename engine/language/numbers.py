"""Exact arithmetic, the same on every back end: whole units of a static scale, 64 bits wide.

A result that no longer fits 64 bits of its units is empty; so is a division by zero. Sources: language.md, 'Expressions'.
Never a binary float."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, Context, Decimal

from engine.language.sqltypes import MAX_UNITS, from_units
from engine.language.walk import children
from engine.model.tree import Aggregate, Arithmetic, Call, Constant, Node
from engine.model.types import TypeKind

SAFE_DIGITS = 18
FIELD_DIGITS = 15
RECORD_DIGITS = 9
SCALE_OF_DIVISION = 6
MOST_SCALE = 12
_UNBOUNDED = 40
_EXACT = Context(prec=80, rounding=ROUND_DOWN)

Amount = int | Decimal


def units(value: Amount, scale: int) -> int:
    """A number as whole units of 10^-scale; its own places never exceed `scale`."""
    return value * 10**scale if isinstance(value, int) else int(_EXACT.scaleb(value, scale))


def add(left: Amount | None, right: Amount | None, scale: int) -> Amount | None:
    """left + right, empty if an operand or the sum does not fit."""
    if left is None or right is None:
        return None
    one, two = units(left, scale), units(right, scale)
    return from_units(one + two, scale) if _fit(one, two, one + two) else None


def subtract(left: Amount | None, right: Amount | None, scale: int) -> Amount | None:
    """left - right, empty if an operand or the difference does not fit."""
    if left is None or right is None:
        return None
    one, two = units(left, scale), units(right, scale)
    return from_units(one - two, scale) if _fit(one, two, one - two) else None


def multiply(left: Amount | None, right: Amount | None, scale: int) -> Amount | None:
    """left × right; `scale` is the sum of theirs."""
    if left is None or right is None:
        return None
    result = units(left * right if isinstance(left, int) and isinstance(right, int) else _EXACT.multiply(left, right), scale)
    return from_units(result, scale) if _fit(result) else None


def divide(left: Amount | None, right: Amount | None, left_scale: int, right_scale: int) -> Amount | None:
    """left / right to 6 places, half away from zero; empty for / 0."""
    if left is None or right is None:
        return None
    above, below = fraction(units(left, left_scale), units(right, right_scale), left_scale, right_scale)
    if below == 0 or not _fit(above, below, 2 * below):
        return None
    rounded = 2 * above + (below if (above < 0) == (below < 0) else -below)
    if not _fit(2 * above, rounded):
        return None
    quotient = abs(rounded) // abs(2 * below)
    return from_units(quotient if (rounded < 0) == (below < 0) else -quotient, SCALE_OF_DIVISION)


def fraction(left: int, right: int, left_scale: int, right_scale: int) -> tuple[int, int]:
    """Dividend and divisor in whole units such that their quotient counts millionths."""
    shift = SCALE_OF_DIVISION + right_scale - left_scale
    return (left * 10**shift, right) if shift >= 0 else (left, right * 10**-shift)


def rounded(value: Amount | None, places: int) -> Amount | None:
    """Fewer places, half away from zero; a number with no more places than that stays as it is."""
    if value is None or isinstance(value, int):
        return value
    scale = -int(value.as_tuple().exponent)
    if scale <= places:
        return value
    whole, step = units(value, scale), 10 ** (scale - places)
    result = (abs(whole) + step // 2) // step
    return from_units(-result if whole < 0 else result, places)


def held(value: Amount | None, scale: int) -> Amount | None:
    """The number, or empty if its units of 10^-scale pass 64 bits."""
    return value if value is not None and _fit(units(value, scale)) else None


def outgrows(node: Node, scale: int) -> bool:
    """Could it be too large for a larger scale, where `x if c else y` and first_of bring all their parts to one?"""
    further = scale - node.type.scale
    return node.type.kind is TypeKind.NUMBER and further > 0 and digits(node) + further > SAFE_DIGITS


def at_scale(value: Amount, scale: int, *, up: bool) -> Amount:
    """The nearest number with no more places, upwards or downwards; the number itself if it has no more."""
    if isinstance(value, int):
        return value
    return from_units(int(_EXACT.scaleb(value, scale).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)), scale)


def negate(value: Amount | None) -> Amount | None:
    """-value."""
    return None if value is None else -value


def places(value: Amount | None, scale: int) -> Amount | None:
    """The same number written with exactly `scale` places."""
    return None if value is None else from_units(units(value, scale), scale)


def _fit(*values: int) -> bool:
    return all(-MAX_UNITS <= value <= MAX_UNITS for value in values)


def digits(node: Node) -> int:
    """An upper bound for the digits of a number's units: a field holds at most 15, and no sum over many records passes 18
    as a rule, but none is promised. Above 18 the back ends check."""
    match node:
        case Constant(value=value) if value is not None and node.type.kind is TypeKind.NUMBER:
            return len(str(abs(units(value, node.type.scale))))
        case Arithmetic():
            return _digits_of(node)
        case Aggregate(function="count" | "sum"):
            return SAFE_DIGITS if node.function == "count" else _UNBOUNDED
        case Aggregate(body=body) if body is not None:
            return digits(body)
        case Call(function="len" | "weekday" | "days_between"):
            return FIELD_DIGITS
    below = [child for child in children(node) if child.type.kind is TypeKind.NUMBER]
    if not below:
        return FIELD_DIGITS
    return max(digits(child) + max(node.type.scale - child.type.scale, 0) for child in below)


def _digits_of(node: Arithmetic) -> int:
    left, right = digits(node.left), digits(node.right)
    if node.operator == "*":
        return left + right
    if node.operator == "/":
        shift = SCALE_OF_DIVISION + node.right.type.scale - node.left.type.scale
        return max(left + max(shift, 0), right - min(shift, 0)) + 1
    return max(left + node.type.scale - node.left.type.scale, right + node.type.scale - node.right.type.scale) + 1


def safe(node: Node) -> bool:
    """Can no record make this pass 18 digits? Then nothing needs to be checked while running."""
    return digits(node) <= SAFE_DIGITS


def summable(body: Node) -> bool:
    """Can no sum over a billion records pass 18 digits? One that could is added up so that it ends empty, not in an error."""
    return digits(body) <= SAFE_DIGITS - RECORD_DIGITS


def total(values: Iterable[Amount | None], scale: int) -> Amount | None:
    """The sum of those that are there; 0 of nothing."""
    whole = sum(units(value, scale) for value in values if value is not None)
    return from_units(whole, scale) if _fit(whole) else None
