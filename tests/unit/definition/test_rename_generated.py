"""Renaming in generated definitions, where one word is the name of many things."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.definition.load import load
from engine.definition.references import references
from engine.definition.rename import rename
from engine.model.diagnostic import Severity
from engine.model.problem import Problem
from tests.unit.definition.catalogue import SmallCatalogue
from tests.unit.definition.loading import REGISTRY
from tests.unit.definition.named import BLANKS, LISTS, WORDS, Named, named

CATALOGUE = SmallCatalogue()
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def errors(files: dict[str, bytes]) -> list[tuple[str, str]]:
    found = load(files, CATALOGUE, REGISTRY).diagnostics
    return [(each.code, str(each.span)) for each in found if each.severity is Severity.ERROR]


@SLOW
@given(one=named(), blank=st.sampled_from(sorted(BLANKS)))
def test_a_new_name_fills_one_blank_and_can_be_taken_back(one: Named, blank: str) -> None:
    files = one.files()
    assert errors(files) == []
    path, old = one.path(blank), one.names[blank]
    done = rename(files, path, "zz_new", catalogue=CATALOGUE, registry=REGISTRY)
    assert done.files["app.yaml"].decode() == one.called(blank, "zz_new").files()["app.yaml"].decode()
    assert errors(dict(done.files)) == []
    there = one.called(blank, "zz_new").path(blank)
    assert rename(done.files, there, old, catalogue=CATALOGUE, registry=REGISTRY).files == files


@SLOW
@given(one=named(), data=st.data())
def test_a_name_in_use_elsewhere_is_right_or_refused(one: Named, data: Any) -> None:
    """Either the result is the one foretold, or nothing is done; never something else."""
    blank = data.draw(st.sampled_from(sorted(BLANKS)))
    new = data.draw(st.sampled_from([*WORDS, *LISTS]))
    assume(new != one.names[blank])
    files = one.files()
    try:
        done = dict(rename(files, one.path(blank), new, catalogue=CATALOGUE, registry=REGISTRY).files)
        refused = ""
    except Problem as problem:
        done, refused = files, problem.errors[0].code
    taken = {one.names[each] for each in BLANKS if BLANKS[each][1] == BLANKS[blank][1]}
    if refused:
        assert new in taken or refused in ("captured", "bad_name") or errors(one.called(blank, new).files())
    else:
        assert done == one.called(blank, new).files()


@SLOW
@given(one=named())
def test_every_place_says_the_name_of_what_it_names(one: Named) -> None:
    found = references(one.files(), CATALOGUE, REGISTRY)
    text = one.files()["app.yaml"].decode()
    names = {one.path(blank): one.names[blank] for blank in BLANKS}
    assert set(names) <= found.names
    for usage in found.all:
        if usage.path in names:
            assert text[usage.start : usage.end] == names[usage.path]
            line = text.split("\n")[usage.span.line - 1]
            assert line[usage.span.column - 1 :].startswith(names[usage.path])
