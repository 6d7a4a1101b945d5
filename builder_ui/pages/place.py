"""Where in an app a request is: the program, the person acting in it, what they can see of it. The rest of it answers 404."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from builder_ui.format import Column
from builder_ui.house import actor, house, user
from builder_ui.i18n import _, words
from builder_ui.ports import Json
from engine.kinds.values.currencies import HOME, places
from engine.model.app import App, Field
from engine.model.change import Actor
from engine.model.problem import missing
from engine.model.types import TypeKind
from engine.runtime.program import Program

_BY_TYPE = {
    TypeKind.BOOLEAN: "boolean",
    TypeKind.DATE: "date",
    TypeKind.DATETIME: "datetime",
    TypeKind.DURATION: "span",
    TypeKind.LIST: "tags",
    TypeKind.RECORD: "link",
}


@dataclass(frozen=True, slots=True)
class Place:
    """`seen` is the runtime's description of the app for this person."""

    program: Program
    actor: Actor
    seen: Json

    @property
    def app(self) -> App:
        """The definition. What of it may be shown is said by `seen`."""
        return self.program.app

    @property
    def name(self) -> str:
        """The app's name, for addresses."""
        return self.app.name

    def table(self, name: str) -> Json:
        """A table as the person sees it; Problem 404."""
        return _named(self.seen["tables"], name)

    def board(self, name: str) -> Json:
        """A board; Problem 404."""
        return _named(self.seen["boards"], name)

    def columns(self, table: Json) -> Mapping[str, Column]:
        """Every field of a table that the person may read, and the implicit ones, by name."""
        fields = self.app.tables[table["name"]].fields
        shown = {f["name"]: self._column(f, fields.get(f["name"])) for f in table["fields"] if f["can"]["read"]}
        return MappingProxyType({**self._implicit(table), **shown})

    def column(self, field: Json, table: Json) -> Column:
        """One described field as a column."""
        return self._column(field, self.app.tables[table["name"]].fields.get(field["name"]))

    def _column(self, field: Json, definition: Field | None) -> Column:
        choices = {choice["name"]: choice["title"] for choice in field.get("choices") or ()}
        kind = field["kind"]
        if kind == "formula" and definition is not None:
            kind = self._kind_of(definition)
        currency = self._currency(definition) if definition is not None else HOME
        return Column(field["name"], field["title"], kind, MappingProxyType(choices), field.get("to"), currency)

    def _kind_of(self, formula: Field) -> str:
        if formula.type.kind is TypeKind.NUMBER:
            money = self._currencies(formula)
            return "money" if len(money) == 1 and formula.type.scale == places(*money) else "decimal"
        return _BY_TYPE.get(formula.type.kind, "text")

    def _currency(self, field: Field) -> str:
        """Of a money field, or of the amounts that a formula is made of."""
        found = self._currencies(field) if field.kind == "formula" else {str(field.options.get("currency", HOME))}
        return next(iter(found)) if len(found) == 1 else HOME

    def _currencies(self, formula: Field) -> set[str]:
        reads = formula.value.reads if formula.value else ()
        tables = self.app.tables
        fields = (tables[table].fields.get(name) for table, name in reads if table in tables)
        return {str(field.options.get("currency", HOME)) for field in fields if field is not None and field.kind == "money"}

    def _implicit(self, table: Json) -> dict[str, Column]:
        columns = {
            "created_at": Column("created_at", _("Created"), "datetime"),
            "created_by": Column("created_by", _("Created by"), "text"),
            "updated_at": Column("updated_at", _("Changed"), "datetime"),
            "updated_by": Column("updated_by", _("Changed by"), "text"),
        }
        flow = table.get("flow")
        if flow:
            columns["waiting"] = Column("waiting", _("Waiting"), "span")
            for state in flow["states"]:
                name = f"{state['name']}_at"
                columns[name] = Column(name, _("%(state)s at", state=state["title"]), "datetime")
        return columns


def place_in(app: str) -> Place:
    """The place of a request in an app; Problem 404 when there is no such app for this person."""
    runtime = house().runtime
    if app not in runtime.apps():
        raise missing()
    program = runtime.program(app)
    acting = actor(program.app)
    seen = runtime.describe(app, acting)
    if not seen["tables"] and not user().owner:
        raise missing()
    return Place(program, acting, seen)


def title_of(record: Json, table: Json) -> str:
    """How a record is called: the value of its display field, else the last of its id."""
    display = table.get("display") or ""
    shown = record["titles"].get(display) or record["values"].get(display)
    if shown is None or shown == "":
        return words().gettext("Record %(id)s") % {"id": record["id"][-6:]}
    return str(shown)


def _named(items: Any, name: str) -> Json:
    for item in items:
        if item["name"] == name:
            found: Json = item
            return found
    raise missing()
