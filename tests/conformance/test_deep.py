"""The deepest expressions that are accepted still run: in generated Python, and in each database inside a query of some
depth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select

from engine.language import sql
from engine.language.expression import read_expression
from engine.language.python import compile_python
from engine.model.diagnostic import DefinitionError, Span
from engine.model.tree import Expression
from tests.conformance import samples
from tests.unit.language.env import FakeEnv

LIMITS = {"too-nested", "too-complex", "too-many-digits", "too-big"}
# The innermost part, and what is put around it again and again.
SHAPES = [
    ("note", "first_of(name, {})"),
    ("note", "first_of({}, name)"),
    ("price", "-({})"),
    ("paid", "({} + price)"),
    ("paid", "(price - {})"),
    ("whole", "({} * count)"),
    ("price", "({} / price)"),
    ("price", "(paid / {})"),
    ("rate", "round({}, 1)"),
    ("price", "(price if {} > 1 else paid)"),
    ("ok", "(ok if {} else late)"),
    ("1", "(count if ok else {})"),
    ("late", "({} == ok)"),
    ("late", "(ok != {})"),
    ("ok", "not {}"),
    ("ok", "({} and ok or late)"),
    ("ok", "((price if {} else paid) < 5)"),
    ("name", "lower({})"),
    ("note", "concat({}, name)"),
    ("note", "concat(name, {})"),
    ("name", "('a' if starts_with({}, name) else note)"),
    ("name", "('a' if {} in name else note)"),
    ("name", "('a' if in_region({}, '华东') else note)"),
    ("span", "({} + span)"),
    ("at", "({} + span)"),
    ("at", "(at if date_of({}) == day else made_at)"),
    ("day", "add_days({}, 1)"),
    ("whole", "days_between(day, add_days(day, {}))"),
    ("at", "(at if workhours_between(made_at, {}) > 1 else made_at)"),
    ("at", "({} + hours(workhours_between({}, made_at)))"),
    ("whole", "(1 if weekday(day) == {} else 2)"),
    ("one", "find(things, one == {})"),
    ("ok", "any(things, {})"),
    ("whole", "count(things, {} > 1)"),
    ("price", "sum(things, {} * 2)"),
]


@pytest.fixture(scope="module")
def tables(engine: Engine) -> Iterator[Engine]:
    samples.metadata.create_all(engine)
    yield engine
    samples.metadata.drop_all(engine)


def deepest(inner: str, around: str) -> Expression:
    text = around.replace("{}", inner)
    found = read(text)
    while isinstance(following := read(around.replace("{}", text)), Expression):
        text, found = around.replace("{}", text), following
    assert isinstance(found, Expression)
    assert following <= LIMITS
    return found


def read(text: str) -> Expression | set[str]:
    """The expression, or why it is none."""
    try:
        return read_expression(text, samples.SCOPE, span=Span("t", 1, 1), path="t")
    except DefinitionError as error:
        return {each.code for each in error.diagnostics}


@pytest.mark.parametrize(("inner", "around"), SHAPES)
def test_what_is_accepted_runs(tables: Engine, inner: str, around: str) -> None:
    expression = deepest(inner, around)
    assert callable(compile_python(expression))
    env = FakeEnv()
    context = sql.SqlContext(sources=samples.OneTable(), user={}, now=env.now)
    view = select(samples.TABLE, sql.value(expression, context, (samples.TABLE,)).label("found")).subquery()
    outer = select(view.c.id).where(view.c.found.is_not(None) & view.c.id.in_(select(view.c.id)))
    with tables.connect() as connection:
        assert connection.execute(outer).all() == []
