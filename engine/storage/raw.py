"""All tables of an app as they are, for what acts as the system: the SQL back end's Sources without anybody's view."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, bindparam, case, literal, type_coerce

from engine.language import sql
from engine.language.forms import microseconds
from engine.language.sqltypes import Instant, Seconds
from engine.model.app import App
from engine.model.calendar import STANDARD, Calendar

# The parameter of a statement that is kept: the moment at which it is run.
THE_NOW = "the_now"
# Most requests name a table once or twice; making an alias costs more than all else that is done with it.
_KEPT = 8


@lru_cache(maxsize=4096)
def _alias(table: Table, use: int) -> FromClause:
    return table.alias()


class RawTables:
    """Implements language.sql.Sources. One instance serves one statement or one request: `now` and `user` are bound in it, and
    no two of its aliases are the same. `uses`: shared by instances whose statements may be put into one another. `kept`: made
    for a statement that is run again later: durations that still run count up to its parameter `the_now`, and `moved` says
    whether the clock went into it otherwise, so that it cannot be kept."""

    def __init__(
        self,
        app: App,
        tables: Mapping[str, Table],
        *,
        now: datetime,
        user: Mapping[str, Any],
        calendar: Calendar = STANDARD,
        uses: dict[str, int] | None = None,
        kept: bool = False,
    ) -> None:
        self._app = app
        self._tables = tables
        self.now = now
        self.user = user
        self.calendar = calendar
        self._uses = {} if uses is None else uses
        self._kept = kept
        self.moved = False

    def context(self, **bound: Any) -> sql.SqlContext:
        """What the SQL back end needs; `bound`: records, source, old, extra as SqlContext has them."""
        values = {"extra": {}, "source": {}, "old": None, "records": (), **bound}
        return sql.SqlContext(sources=self, user=self.user, now=self.now, calendar=self.calendar, moves=self.moves, **values)

    def moves(self) -> None:
        """The clock's reading went into the SQL."""
        self.moved = True

    def table(self, name: str) -> FromClause:
        """An alias of the real table that nothing else here uses."""
        if self._kept:
            return self._tables[name].alias()  # it may come to stand beside any other
        use = self._uses[name] = self._uses.get(name, 0) + 1
        return _alias(self._tables[name], use) if use <= _KEPT else self._tables[name].alias()

    def computed(self, table: str, field: str, row: FromClause) -> ColumnElement[Any]:
        """`waiting`, or a formula that follows links, for the record in `row`."""
        definition = self._app.tables[table]
        if field == "waiting" and definition.flow is not None:
            flow = definition.flow
            entered = case(*((row.c[flow.field] == state, row.c[f"{state}_at"]) for state in flow.states))
            return type_coerce(microseconds(self._present()) - microseconds(entered), Seconds())
        formula = definition.fields[field].value
        assert formula is not None  # TableTypes.computed names formulas and `waiting` only
        return sql.value(formula, self.context(), (row,))

    def _present(self) -> ColumnElement[Any]:
        return bindparam(THE_NOW, self.now, type_=Instant()) if self._kept else literal(self.now, Instant())
