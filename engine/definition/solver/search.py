"""Is there a value for each variable for which a formula is true? Complete, and bounded by a budget of steps.

What is certain narrows the values of the variables; then the shortest `or` is split and each part tried, with what earlier
parts would have meant excluded. Differences are judged as a whole (engine.definition.solver.differences). Depth is kept on a
stack of its own, so that no condition, however deep, meets Python's limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.definition.solver.differences import Tied, groups, solve_differences
from engine.definition.solver.formula import FAR, All, Formula, Gap, Some, Within, negated
from engine.definition.solver.problem import Problem
from engine.definition.solver.space import PRESENT
from engine.definition.solver.values import EMPTY_ONLY, Values, numbers, points

Model = Mapping[int, int | None]
STEPS = 20_000


class TooLarge(Exception):
    """The budget is used up: nothing is known."""


@dataclass(slots=True)
class Budget:
    """What is left of the steps of one question (or of several that belong together)."""

    left: int = STEPS

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooLarge


@dataclass(slots=True)
class _State:
    """One branch: what each variable may still be, the differences assumed, what has not been decided."""

    values: dict[int, Values]
    gaps: tuple[Gap, ...]
    open: list[Some]


class Search:
    """Over the variables that a problem has by now."""

    def __init__(self, problem: Problem, budget: Budget) -> None:
        self.problem = problem
        self.budget = budget
        self.variables = problem.variables

    def find(self, formulas: Iterable[Formula]) -> Model | None:
        """A value (None: empty) for each variable for which all formulas are true; None if there is none."""
        self.budget.spend(len(self.variables) // 16)
        stack: list[tuple[_State, list[Formula]]] = [
            (_State({n: v.values for n, v in enumerate(self.variables)}, (), []), list(formulas))
        ]
        while stack:
            self.budget.spend()
            state, new = stack.pop()
            if not self._assume(state, new):
                continue
            if not state.open:
                found = self._finish(state)
                if isinstance(found, dict):
                    return found
                stack.extend((_copy(state), [each]) for each in reversed(found))
                continue
            stack.extend(self._split(state))
        return None

    def _assume(self, state: _State, formulas: list[Formula]) -> bool:
        """Make formulas true; False if they cannot be."""
        waiting, before = list(formulas), state.gaps
        while True:
            while waiting:
                each = waiting.pop()
                match each:
                    case All(parts=parts):
                        waiting.extend(parts)
                    case Some():
                        state.open.append(each)
                    case Within(variable=variable, values=values):
                        narrowed = state.values[variable] & values
                        if narrowed.nothing():
                            return False
                        state.values[variable] = narrowed
                    case Gap():
                        state.gaps = (*state.gaps, each)
                        waiting += [Within(each.first, PRESENT), Within(each.second, PRESENT)]
            units = self._simplify(state)
            if units is None:
                return False
            if not units:
                break
            waiting = units
        return state.gaps == before or self._ties_hold(state)

    def _simplify(self, state: _State) -> list[Formula] | None:
        """Drop what is decided; the parts that are left alone, None where no part is left."""
        units: list[Formula] = []
        still: list[Some] = []
        looked = 0
        for clause in state.open:
            left: list[Formula] = []
            for part in clause.parts:
                known = _status(part, state.values)
                looked += len(part.parts) if isinstance(part, All | Some) else 1
                if known is True:
                    break
                if known is None:
                    left.append(part)
            else:
                if not left:
                    return None
                if len(left) == 1:
                    units.append(left[0])
                else:
                    still.append(clause if len(left) == len(clause.parts) else Some(tuple(left)))
        self.budget.spend(looked // 64)
        state.open = still
        return units

    def _split(self, state: _State) -> list[tuple[_State, list[Formula]]]:
        clause = min(state.open, key=lambda each: len(each.parts))
        rest = [each for each in state.open if each is not clause]
        parts = sorted(clause.parts, key=lambda each: not isinstance(each, Within))
        found: list[tuple[_State, list[Formula]]] = []
        excluded: list[Formula] = []
        for part in parts:
            found.append((_State(dict(state.values), state.gaps, list(rest)), [part, *excluded]))
            if isinstance(part, Within):
                excluded.append(negated(part))
        return found[::-1]

    def _tied(self, gaps: tuple[Gap, ...]) -> list[Tied]:
        found = groups(gaps, lambda v: self.variables[v].type.scale)
        self.budget.spend(sum(len(each.steps) ** 2 // 8 for each in found))
        return found

    def _ties_hold(self, state: _State) -> bool:
        """Can the differences be met at all? Equal variables share what both may be."""
        pairs = {(gap.first, gap.second) for gap in state.gaps if gap.most == 0 and gap.one == gap.two == 1}
        for one, two in pairs:
            if (two, one) in pairs:
                shared = state.values[one] & state.values[two]
                if shared.nothing():
                    return False
                state.values[one] = state.values[two] = shared
        return all(self._solved(each, state) is not None for each in self._tied(state.gaps))

    def _solved(self, tied: Tied, state: _State) -> dict[int, int] | None:
        bounds = {v: (state.values[v].spans[0][0], state.values[v].spans[-1][1]) for v in tied.steps}
        return solve_differences(tied, bounds, self._usual)

    def _usual(self, variable: int) -> int:
        if variable == self.problem.before:
            return 1
        return self.problem.coding.usual(self.variables[variable].type)

    def _finish(self, state: _State) -> dict[int, int | None] | list[Formula]:
        """Values for all variables, or what must be told apart first."""
        model: dict[int, int | None] = {}
        for tied in self._tied(state.gaps):
            solved = self._solved(tied, state)
            if solved is None:
                return []
            for variable, value in solved.items():
                values = state.values[variable]
                if not values.has(value):
                    return [
                        Within(variable, numbers(((-FAR, value),))),
                        Within(variable, numbers(((value, FAR),))),
                    ]
                model[variable] = value
        for variable, values in state.values.items():
            if variable not in model:
                model[variable] = values.nearest(self._usual(variable))
        return self._members(state, model)

    def _members(self, state: _State, model: dict[int, int | None]) -> dict[int, int | None] | list[Formula]:
        """What is in a list and what is not must differ; what nobody asked for is in it if something equal is."""
        held: dict[int, dict[int, int | None]] = {}
        asked = [(at, v.element) for at, v in enumerate(self.variables) if v.element is not None]
        for at, (holder, element, constant) in asked:
            if state.values[at] == points((1,)):
                value = model[element] if element is not None else constant
                if value is not None:
                    held.setdefault(holder, {})[value] = element
        for at, (holder, element, constant) in asked:
            value = model[element] if element is not None else constant
            inside = held.get(holder, {})
            if state.values[at] == points((0,)) and value in inside and value is not None:
                return _differ(element, inside[value], value)
            model[at] = int(value in inside)
        return model


def _differ(one: int | None, two: int | None, value: int) -> list[Formula]:
    """The ways in which two elements are not the same after all."""
    here = points((value,))
    if one is None and two is None:
        return []
    if one is None or two is None:
        variable = two if one is None else one
        assert variable is not None
        return [Within(variable, numbers(((-FAR, FAR),), empty=True).without(here))]
    if one == two:
        return [Within(one, EMPTY_ONLY)]
    return [Within(one, EMPTY_ONLY), Within(two, EMPTY_ONLY), Gap(one, 1, two, 1, -1), Gap(two, 1, one, 1, -1)]


def _copy(state: _State) -> _State:
    return _State(dict(state.values), state.gaps, list(state.open))


def _status(formula: Formula, values: Mapping[int, Values]) -> bool | None:
    """True or False where the values settle it."""
    match formula:
        case Within(variable=variable, values=wanted):
            given = values[variable]
            if given.apart(wanted):
                return False
            return True if given.within(wanted) else None
        case Gap():
            return _gap_status(formula, values[formula.first], values[formula.second])
        case All(parts=parts):
            known = [_status(part, values) for part in parts]
            return False if False in known else (True if None not in known else None)
        case Some(parts=parts):
            known = [_status(part, values) for part in parts]
            return True if True in known else (False if None not in known else None)


def _gap_status(gap: Gap, first: Values, second: Values) -> bool | None:
    """A gap says nothing where one may be empty; it cannot hold where one is."""
    if not first.spans or not second.spans:
        return False
    if gap.one * first.spans[0][0] - gap.two * second.spans[-1][1] > gap.most:
        return False
    surely = gap.one * first.spans[-1][1] - gap.two * second.spans[0][0] <= gap.most
    return True if surely and not first.empty and not second.empty else None
