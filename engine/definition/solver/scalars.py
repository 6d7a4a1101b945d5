"""Sums of variables: what both sides of a comparison come down to, and comparisons of them as formulas.

Two variables of the same weight are a `Gap`; one is a set of values; any other sum becomes a variable of its own, which may be
anything. Knows nothing of expressions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import gcd

from engine.definition.solver.formula import FALSE, FAR, TRUE, Formula, Gap, Within, both, either, negated
from engine.definition.solver.values import numbers

Parts = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Scalar:
    """Σ weight × variable + constant, in units of 10^-scale; `present` says when it is not empty."""

    parts: Parts
    constant: int
    scale: int
    present: Formula


NOTHING = Scalar((), 0, 0, FALSE)


def constant(units: int, scale: int = 0) -> Scalar:
    """A known value."""
    return Scalar((), units, scale, TRUE)


def rescaled(scalar: Scalar, scale: int) -> Scalar:
    """The same in finer units."""
    factor = 10 ** (scale - scalar.scale)
    if factor == 1:
        return scalar
    return Scalar(tuple((v, w * factor) for v, w in scalar.parts), scalar.constant * factor, scale, scalar.present)


def times(scalar: Scalar, factor: int, scale: int = 0) -> Scalar:
    """Multiplied by a constant that has `scale` places itself."""
    parts = tuple((v, w * factor) for v, w in scalar.parts) if factor else ()
    return Scalar(parts, scalar.constant * factor, scalar.scale + scale, scalar.present)


def plus(left: Scalar, right: Scalar, sign: int = 1) -> Scalar:
    """left ± right; empty if one of them is."""
    scale = max(left.scale, right.scale)
    left, right = rescaled(left, scale), rescaled(right, scale)
    weights = dict(left.parts)
    for variable, weight in right.parts:
        weights[variable] = weights.get(variable, 0) + sign * weight
    parts = tuple((v, w) for v, w in sorted(weights.items()) if w)
    return Scalar(parts, left.constant + sign * right.constant, scale, both((left.present, right.present)))


@dataclass(frozen=True, slots=True)
class Comparing:
    """`scale` gives a variable's own scale, `sum` the variable that stands for a sum of others."""

    scale: Callable[[int], int]
    sum: Callable[[Parts], int]

    def compare(self, operator: str, left: Scalar, right: Scalar) -> Formula:
        """One comparison as the language has it: empties equal each other and are in no order."""
        there = both((left.present, right.present))
        if operator in ("==", "!="):
            neither = both((negated(left.present), negated(right.present)))
            # Values first: a witness in which both are empty says less.
            same = either((both((there, self.equals(left, right))), neither))
            return same if operator == "==" else negated(same)
        if operator in (">", ">="):
            left, right, operator = right, left, {">": "<", ">=": "<="}[operator]
        difference = plus(left, right, -1)
        return both((there, self.at_most(difference.parts, difference.constant + (operator == "<"))))

    def between(self, scalar: Scalar, low: int, high: int) -> Formula:
        """Does the sum lie between two numbers of its units?"""
        opposite = times(scalar, -1)
        above = self.at_most(opposite.parts, opposite.constant + low)
        return both((self.at_most(scalar.parts, scalar.constant - high), above))

    def equals(self, left: Scalar, right: Scalar) -> Formula:
        """Are they the same number? Says nothing of empties."""
        difference = plus(left, right, -1)
        opposite = times(difference, -1)
        return both((self.at_most(difference.parts, difference.constant), self.at_most(opposite.parts, opposite.constant)))

    def at_most(self, parts: Parts, rest: int) -> Formula:
        """Σ weight × variable + rest <= 0."""
        if not parts:
            return TRUE if rest <= 0 else FALSE
        if len(parts) == 1:
            return _one(*parts[0], rest)
        shared = gcd(*(weight for _, weight in parts))
        parts, most = tuple((v, w // shared) for v, w in parts), -rest // shared
        if len(parts) == 2 and (gap := self._gap(parts, most)) is not None:
            return gap
        sign = 1 if parts[0][1] > 0 else -1
        whole = self.sum(tuple((v, sign * w) for v, w in parts))
        return _one(whole, sign, -most)

    def _gap(self, parts: Parts, most: int) -> Gap | None:
        """Only where both variables weigh the same, once their scales are taken into account."""
        (first, one), (second, two) = parts if parts[0][1] > 0 else parts[::-1]
        if one <= 0 or two >= 0 or one * 10 ** self.scale(first) != -two * 10 ** self.scale(second):
            return None
        return Gap(first, one, second, -two, most)


def _one(variable: int, weight: int, rest: int) -> Formula:
    if weight > 0:
        return Within(variable, numbers(((-FAR, -rest // weight),)))
    return Within(variable, numbers(((-(-rest // -weight), FAR),)))
