"""Whole numbers for variables that are tied by differences: x - y <= c, each variable between its own bounds.

Exact: variables are eliminated one by one, those with the finest step first. All steps are powers of ten, so a bound between
coarser variables can be rounded to their step without losing a solution (Fourier and Motzkin's elimination, which is exact on
whole numbers where every weight is one). Knows nothing of records or conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.definition.solver.formula import FAR, Gap

_ZERO = -1
Edges = dict[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Tied:
    """Variables that are tied to each other, with their steps in common units, and the bounds on differences."""

    steps: Mapping[int, int]
    edges: Mapping[tuple[int, int], int]


def groups(gaps: Iterable[Gap], scale: Callable[[int], int]) -> list[Tied]:
    """Gaps by the variables that they tie together."""
    leader: dict[int, int] = {}

    def led(variable: int) -> int:
        while leader.setdefault(variable, variable) != variable:
            variable = leader[variable]
        return variable

    several = tuple(gaps)
    for gap in several:
        leader[led(gap.first)] = led(gap.second)
    of: dict[int, list[Gap]] = {}
    for gap in several:
        of.setdefault(led(gap.first), []).append(gap)
    return [_tied(each, scale) for each in of.values()]


def _tied(gaps: list[Gap], scale: Callable[[int], int]) -> Tied:
    members = sorted({v for gap in gaps for v in (gap.first, gap.second)})
    finest = max(scale(v) for v in members)
    steps = {v: int(10 ** (finest - scale(v))) for v in members}
    edges: Edges = {}
    for gap in gaps:
        key = (gap.first, gap.second)
        edges[key] = min(gap.most * (steps[gap.first] // gap.one), edges.get(key, FAR))
    return Tied(steps, edges)


def solve_differences(tied: Tied, bounds: Mapping[int, tuple[int, int]], wanted: Callable[[int], int]) -> dict[int, int] | None:
    """A value for each variable, as near as may be to what is wanted for it; None if there is none."""
    edges: Edges = {}
    for (first, second), most in tied.edges.items():
        if first == second:
            if most < 0:
                return None
        else:
            edges[first, second] = most
    for variable, step in tied.steps.items():
        low, high = bounds[variable]
        edges[variable, _ZERO], edges[_ZERO, variable] = high * step, -low * step
    order = sorted(tied.steps, key=lambda v: (tied.steps[v], v))
    kept: list[tuple[int, Edges]] = []
    for variable in order:
        edges = _rounded(edges, tied.steps[variable])
        kept.append((variable, {key: most for key, most in edges.items() if variable in key}))
        left = _eliminated(edges, variable)
        if left is None:
            return None
        edges = left
    return _assigned(tied, kept, wanted)


def _rounded(edges: Edges, step: int) -> Edges:
    return edges if step == 1 else {key: most // step * step for key, most in edges.items()}


def _eliminated(edges: Edges, variable: int) -> Edges | None:
    """Without the variable: every way through it becomes a bound of its own. None if one closes a circle below zero."""
    into = [(first, most) for (first, second), most in edges.items() if second == variable]
    out = [(second, most) for (first, second), most in edges.items() if first == variable]
    left = {key: most for key, most in edges.items() if variable not in key}
    for first, one in into:
        for second, two in out:
            if first == second:
                if one + two < 0:
                    return None
            elif one + two < left.get((first, second), FAR):
                left[first, second] = one + two
    return left


def _assigned(tied: Tied, kept: list[tuple[int, Edges]], wanted: Callable[[int], int]) -> dict[int, int]:
    """Values in the opposite order; elimination has made sure that each variable finds one."""
    found = {_ZERO: 0}
    for variable, edges in reversed(kept):
        high = min(found[second] + most for (first, second), most in edges.items() if first == variable)
        low = max(found[first] - most for (first, second), most in edges.items() if second == variable)
        step = tied.steps[variable]
        found[variable] = min(max(wanted(variable) * step, low), high)
    return {variable: value // tied.steps[variable] for variable, value in found.items() if variable != _ZERO}
