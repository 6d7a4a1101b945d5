"""A table whose records can all be listed, and conditions on it as text."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import strategies as st

from tests.unit.definition.loading import app_of

APP = app_of(
    """
    app: small
    title: Small
    version: 1.0.0
    roles: {clerk: {title: Clerk}}
    tables:
      things:
        title: Things
        fields:
          kind:  {type: choice, choices: {a: A, b: B}}
          size:  {type: choice, required: true, choices: {a: A, b: B, c: C}}
          ok:    {type: boolean}
          late:  {type: boolean, required: true}
          count: {type: integer, min: 0, max: 2}
          most:  {type: integer, min: 1, max: 2, required: true}
          rate:  {type: decimal, scale: 1, min: 0, max: 0.2}
          spare: {type: formula, value: "most - count"}
          known: {type: formula, value: "ok and rate > 0"}
          state: {type: state}
        flow:
          field: state
          states:
            new: {initial: true, title: New}
            old: {final: true, title: Old}
          transitions:
            age: {from: new, to: old, by: [clerk]}
    permissions:
      clerk: {things: {read: {all: true}}}
    """
)
TABLE = APP.tables["things"]
_TENTHS = [None, Decimal("0.0"), Decimal("0.1"), Decimal("0.2")]
_VALUES: dict[str, list[Any]] = {
    "kind": [None, "a", "b"],
    "size": ["a", "b", "c"],
    "ok": [None, True, False],
    "late": [True, False],
    "count": [None, 0, 1, 2],
    "most": [1, 2],
    "rate": _TENTHS,
    "state": ["new", "old"],
}


def records() -> Iterator[dict[str, Any]]:
    """Every record that the definition admits."""
    for values in product(*_VALUES.values()):
        record = dict(zip(_VALUES, values, strict=True))
        count, ok, rate = record["count"], record["ok"], record["rate"]
        record["spare"] = None if count is None else record["most"] - count
        record["known"] = ok is True and rate is not None and rate > 0
        yield {**record, "id": "things_1", "version": 1, "flags": frozenset()}


def _filled(form: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda drawn: form.format(*drawn))


_numbers = st.sampled_from(["count", "most", "rate", "most + 1", "rate - 1", "0.1 + count", "0", "1", "2", "0.05"])
_sums = st.sampled_from(["spare", "count - rate", "-most", "rate * 2", "2 * count - 1", "spare * 2 + 1", "1 - rate"])
_known = st.sampled_from(["0", "1", "2", "-1", "0.1", "0.05", "-2", "5"])
_numbers = st.one_of(
    _numbers,
    st.sampled_from(
        ["(count if ok else most)", "(rate if kind == 'a' else None)", "first_of(count, 2)", "first_of(rate, most)"]
    ),
)
_texts = st.sampled_from(["kind", "size", "(kind if late else size)", "first_of(kind, size)"])
_SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
_leaves = st.one_of(
    st.sampled_from(
        ["ok", "late", "known", "ok == None", "ok != late", "ok == known", "state == 'new'", "state != 'old'", "True"]
    ),
    st.sampled_from(
        ["empty(count)", "empty(kind)", "empty(spare)", "empty(most)", "kind == None", "rate != None", "late == True"]
    ),
    _filled("{} {} {}", _numbers, _SIGNS, _numbers),
    _filled("{} {} {}", _sums, _SIGNS, _known),
    _filled("{} {} {} {} {}", _numbers, st.sampled_from(["<", "<="]), _numbers, _SIGNS, _numbers),
    _filled("{} {} {}", _texts, _SIGNS, _texts),
    _filled("{} {} '{}'", st.sampled_from(["kind"]), _SIGNS, st.sampled_from(["a", "b"])),
    _filled("{} {} '{}'", st.sampled_from(["size"]), _SIGNS, st.sampled_from(["a", "b", "c"])),
    _filled("{} in {}", st.just("size"), st.sampled_from(["['a']", "['a', 'c']", "['b', 'c']", "['a', 'b', 'c']"])),
    _filled("{} in {}", _numbers, st.sampled_from(["[0]", "[1, 2]", "[0.1, 1]", "[5]"])),
    _filled("{} not in {}", st.just("kind"), st.sampled_from(["['a']", "['a', 'b']"])),
    _filled("starts_with({}, '{}')", _texts, st.sampled_from(["a", "b", "ab"])),
)
conditions = st.recursive(
    _leaves,
    lambda below: st.one_of(
        _filled("({} and {})", below, below),
        _filled("({} and {} and {})", below, below, below),
        _filled("({} or {})", below, below),
        _filled("(not {})", below),
        _filled("({} if {} else {})", below, below, below),
        _filled("(({}) == ({}))", below, below),
    ),
    max_leaves=12,
)
