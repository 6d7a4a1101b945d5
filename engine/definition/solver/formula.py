"""What the search works on: a condition as `and` / `or` over two kinds of facts, each of which can be negated.

`Within`: a variable has one of these values. `Gap`: the first variable lies at most so far behind the second. Both are
two-valued; what a condition says of empties has been written out before. Plain data and rewriting; nothing is searched here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.definition.solver.values import Values, numbers

FAR = 10**40  # beyond every number that can be said


@dataclass(frozen=True, slots=True)
class Within:
    """`variable` is an index into the variables of the problem."""

    variable: int
    values: Values


@dataclass(frozen=True, slots=True)
class Gap:
    """`first` × `one` - `second` × `two` <= `most`; `one` and `two` are the steps that make their units the same. Says
    nothing of empties: it stands only where both are known to be there."""

    first: int
    one: int
    second: int
    two: int
    most: int


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple[Formula, ...]


Formula = Within | Gap | All | Some
TRUE = All(())
FALSE = Some(())
ANYTHING = numbers(((-FAR, FAR),), empty=True)


def both(parts: Iterable[Formula]) -> Formula:
    """All of them; what they say of one variable becomes one set."""
    rest: list[Formula] = []
    sets: dict[int, Values] = {}
    for part in parts:
        for each in part.parts if isinstance(part, All) else (part,):
            if each == FALSE:
                return FALSE
            if isinstance(each, Within):
                sets[each.variable] = sets[each.variable] & each.values if each.variable in sets else each.values
            else:
                rest.append(each)
    if any(values.nothing() for values in sets.values()):
        return FALSE
    found = (*(Within(variable, values) for variable, values in sets.items() if values != ANYTHING), *rest)
    return found[0] if len(found) == 1 else All(found)


def either(parts: Iterable[Formula]) -> Formula:
    """One of them or more; what they say of one variable becomes one set."""
    rest: list[Formula] = []
    sets: dict[int, list[Values]] = {}
    for part in parts:
        for each in part.parts if isinstance(part, Some) else (part,):
            if each == TRUE:
                return TRUE
            if isinstance(each, Within):
                sets.setdefault(each.variable, []).append(each.values)
            else:
                rest.append(each)
    united = {variable: _union(several) for variable, several in sets.items()}
    if any(values == ANYTHING for values in united.values()):
        return TRUE
    found = (*(Within(variable, values) for variable, values in united.items() if not values.nothing()), *rest)
    return found[0] if len(found) == 1 else Some(found)


def negated(formula: Formula) -> Formula:
    """Its opposite."""
    match formula:
        case Within(variable=variable, values=values):
            return Within(variable, ANYTHING.without(values))
        case Gap():
            return Gap(formula.second, formula.two, formula.first, formula.one, -formula.most - 1)
        case All(parts=parts):
            return either(negated(part) for part in parts)
        case Some(parts=parts):
            return both(negated(part) for part in parts)


def replaced(formula: Formula, known: Mapping[int, int | None]) -> Formula:
    """The formula with these variables given a value (None: empty)."""
    match formula:
        case Within(variable=variable, values=values):
            if variable not in known:
                return formula
            return TRUE if values.has(known[variable]) else FALSE
        case Gap():
            return _gap_replaced(formula, known)
        case All(parts=parts):
            return both(replaced(part, known) for part in parts)
        case Some(parts=parts):
            return either(replaced(part, known) for part in parts)


def _gap_replaced(gap: Gap, known: Mapping[int, int | None]) -> Formula:
    first, second = known.get(gap.first), known.get(gap.second)
    if first is not None and second is not None:
        return TRUE if gap.one * first - gap.two * second <= gap.most else FALSE
    if first is not None:
        # two × second >= one × first - most
        return Within(gap.second, numbers(((-((gap.most - gap.one * first) // gap.two), FAR),)))
    if second is not None:
        return Within(gap.first, numbers(((-FAR, (gap.most + gap.two * second) // gap.one),)))
    # Where one of them is empty the presence beside the gap has settled the matter already.
    return FALSE if gap.first in known or gap.second in known else gap


def variables(formula: Formula) -> frozenset[int]:
    """Those it speaks of."""
    match formula:
        case Within(variable=variable):
            return frozenset((variable,))
        case Gap(first=first, second=second):
            return frozenset((first, second))
        case All(parts=parts) | Some(parts=parts):
            return frozenset().union(*(variables(part) for part in parts))


def larger(formula: Formula, most: int) -> bool:
    """Has it more than so many facts? Looks at no more of it than that."""
    waiting, counted = [formula], 0
    while waiting and counted <= most:
        each = waiting.pop()
        if isinstance(each, All | Some):
            waiting.extend(each.parts)
        else:
            counted += 1
    return counted > most


def certain(formula: Formula, known: Mapping[int, int | None]) -> bool:
    """Is it true whatever the variables are that are not given?"""
    return replaced(formula, known) == TRUE


def is_product(formula: Formula) -> bool:
    """Does it say nothing but which values each variable may have, whatever the others are?"""
    if isinstance(formula, All):
        return all(isinstance(part, Within) for part in formula.parts)
    return isinstance(formula, Within)


def hull(formula: Formula) -> Mapping[int, Values]:
    """For some variables, values outside of which the formula is surely false: a quick look before any search."""
    match formula:
        case Within(variable=variable, values=values):
            return {variable: values}
        case All(parts=parts):
            found: dict[int, Values] = {}
            for part in parts:
                for variable, values in hull(part).items():
                    found[variable] = found[variable] & values if variable in found else values
            return found
        case Some(parts=parts) if parts:
            hulls = [hull(part) for part in parts]
            shared = set(hulls[0]).intersection(*hulls[1:])
            return {variable: _union(each[variable] for each in hulls) for variable in shared}
    return {}


def _union(sets: Iterable[Values]) -> Values:
    kept = list(sets)
    if len(kept) == 1:
        return kept[0]
    return numbers((span for each in kept for span in each.spans), empty=any(each.empty for each in kept))
