"""All tables of an app as they are, for what acts as the system: the SQL back end's Sources without anybody's view."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, case, literal, type_coerce

from engine.language import sql
from engine.language.forms import microseconds
from engine.language.sqltypes import Instant, Seconds
from engine.model.app import App
from engine.model.calendar import STANDARD, Calendar


class RawTables:
    """Implements language.sql.Sources. One instance serves one statement or one request: `now` and `user` are bound in it."""

    def __init__(
        self,
        app: App,
        tables: Mapping[str, Table],
        *,
        now: datetime,
        user: Mapping[str, Any],
        calendar: Calendar = STANDARD,
    ) -> None:
        self._app = app
        self._tables = tables
        self.now = now
        self.user = user
        self.calendar = calendar

    def context(self, **bound: Any) -> sql.SqlContext:
        """What the SQL back end needs; `bound`: records, source, old, extra as SqlContext has them."""
        values = {"extra": {}, "source": {}, "old": None, "records": (), **bound}
        return sql.SqlContext(sources=self, user=self.user, now=self.now, calendar=self.calendar, **values)

    def table(self, name: str) -> FromClause:
        """A fresh alias of the real table."""
        return self._tables[name].alias()

    def computed(self, table: str, field: str, row: FromClause) -> ColumnElement[Any]:
        """`waiting`, or a formula that follows links, for the record in `row`."""
        definition = self._app.tables[table]
        if field == "waiting" and definition.flow is not None:
            flow = definition.flow
            entered = case(*((row.c[flow.field] == state, row.c[f"{state}_at"]) for state in flow.states))
            return type_coerce(microseconds(literal(self.now, Instant())) - microseconds(entered), Seconds())
        formula = definition.fields[field].value
        assert formula is not None  # TableTypes.computed names formulas and `waiting` only
        return sql.value(formula, self.context(), (row,))
