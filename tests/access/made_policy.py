"""Small apps whose permissions are drawn: two roles at three linked tables, every way to show, change, make and remove.

The tables themselves stand still. `deciding` fields are those that conditions ask; they are the same in both worlds, since
what a condition says of a hidden value is a yes or no that publishing notes. All others may be hidden and then differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Row = Mapping[str, Any]
APP = "made"
ROLES = ("ra", "rb")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "makers": ("name", "team", "level", "secret"),
    "docs": (
        *("code", "team", "level", "kind", "maker", "stat", "amount", "score", "secret", "phone", "paid", "due"),
        *("double", "mlevel"),
    ),
    "lines": ("doc", "name", "price"),
}
DECIDING: Mapping[str, frozenset[str]] = {
    "makers": frozenset({"team", "level"}),
    "docs": frozenset({"code", "team", "level", "kind", "maker", "stat", "mlevel"}),
    "lines": frozenset({"doc"}),
}
LISTS = {"docs": "lines", "makers": "docs"}
WORKED_OUT = ("stat", "double", "mlevel")

TABLES = """
app: made
title: Made
version: 1.0.0
roles: {ra: {title: Ra}, rb: {title: Rb}, scribe: {title: Scribe}, outside: {title: Outside, portal: true}}
people:
  team: {type: text}
tables:
  makers:
    display: name
    fields:
      name: {type: text}
      team: {type: text}
      level: {type: integer}
      secret: {type: text}
  docs:
    display: code
    fields:
      code: {type: text, unique: true}
      team: {type: text}
      level: {type: integer}
      kind: {type: choice, choices: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}}}
      maker: {type: link, to: makers, inverse: docs, on_delete: clear}
      stat: {type: state}
      amount: {type: money}
      score: {type: integer}
      secret: {type: long_text}
      phone: {type: phone}
      paid: {type: boolean}
      due: {type: date}
      double: {type: formula, value: "amount * 2"}
      mlevel: {type: formula, value: "maker.level"}
    checks:
      big: {must: "empty(amount) or amount < 900", otherwise: flag, message: Too big}
      odd: {must: "empty(level) or level < 9", otherwise: refuse, message: Level too high}
    flow:
      field: stat
      states:
        open: {title: Open, initial: true}
        busy: {title: Busy}
        done: {title: Done, final: true}
      transitions:
        start: {title: Start, from: open, to: busy, by: [scribe, %(by)s]}
        finish: {title: Finish, from: busy, to: done, by: [scribe, %(by)s], guard: "level >= 1", needs: [kind]}
        back: {title: Back, from: busy, to: open, by: [scribe]}
  lines:
    fields:
      doc: {type: link, to: docs, inverse: lines, on_delete: cascade, required: true}
      name: {type: text}
      price: {type: money}
rules:
  done_makes_a_line:
    title: Done makes a line
    when: {enters: docs.done}
    then:
      - create: {table: lines, set: {doc: "this", name: "'made'"}}
boards:
  desk:
    title: Desk
    of: docs
    kind: kanban
    by: stat
    card: [code, amount, secret, phone, maker, double, waiting]
    sort: [-amount]
  large: {title: Large, of: docs, kind: kanban, by: stat, card: [code, score], where: "amount > 300"}
permissions:
  scribe:
    makers: {read: {all: true}, create: [name, team, level, secret], edit: {all: true}, delete: true}
    docs:
      read: {all: true}
      create: [code, team, level, kind, maker, amount, score, secret, phone, paid, due, lines]
      edit: {all: true}
      delete: true
    lines: {read: {all: true}, create: [doc, name, price], edit: {all: true}, delete: true}
"""


@dataclass(frozen=True)
class Condition:
    """`reads`: (table, field); `holds(record, linked, team)`: worked out here, not by the engine."""

    text: str
    reads: frozenset[tuple[str, str]]
    holds: Callable[[Row, Row, str], bool]


def _c(text: str, reads: str, holds: Callable[[Row, Row, str], bool]) -> Condition:
    return Condition(text, frozenset((r.split(".")[0], r.split(".")[1]) for r in reads.split()), holds)


CONDITIONS: Mapping[str, tuple[Condition, ...]] = {
    "makers": (
        _c("team == user.team", "makers.team", lambda r, _, team: r.get("team") == team),
        _c("level >= 2", "makers.level", lambda r, _, team: (r.get("level") or 0) >= 2),
    ),
    "docs": (
        _c("team == user.team", "docs.team", lambda r, _, team: r.get("team") == team),
        _c("level >= 2", "docs.level", lambda r, _, team: (r.get("level") or 0) >= 2),
        _c("kind == 'a'", "docs.kind", lambda r, _, team: r.get("kind") == "a"),
        _c("stat == 'open'", "docs.stat", lambda r, _, team: r["stat"] == "open"),
        _c("stat != 'done' and level >= 1", "docs.stat docs.level", lambda r, _, t: r["stat"] != "done" and r["level"] >= 1),
        _c("maker.team == user.team", "docs.maker makers.team", lambda r, maker, team: maker.get("team") == team),
    ),
    "lines": (
        _c("doc.team == user.team", "lines.doc docs.team", lambda r, doc, team: doc.get("team") == team),
        _c("doc.level >= 2", "lines.doc docs.level", lambda r, doc, team: (doc.get("level") or 0) >= 2),
    ),
}


@dataclass(frozen=True)
class Grant:
    """One role at one table. `read`: field → true, none, masked, exact or a Condition; fields left out are not given."""

    records: Condition | None
    read: Mapping[str, str | Condition]
    edit: Mapping[str, str | Condition]
    create: tuple[str, ...] | None
    create_if: Condition | None
    delete: str | Condition | None

    def yaml(self) -> str:
        """As the definition has it."""
        parts = [f'records: "{self.records.text}"'] if self.records else []
        parts.append("read: {" + ", ".join(f"{name}: {_written(how)}" for name, how in self.read.items()) + "}")
        parts.append("edit: {" + ", ".join(f"{name}: {_written(how)}" for name, how in self.edit.items()) + "}")
        if self.create is not None:
            fields = "[" + ", ".join(self.create) + "]"
            parts.append(
                f'create: {{fields: {fields}, if: "{self.create_if.text}"}}' if self.create_if else f"create: {fields}"
            )
        if self.delete is not None:
            parts.append(f"delete: {_written(self.delete)}")
        return "{" + ", ".join(parts) + "}"


def _written(how: str | Condition) -> str:
    if isinstance(how, Condition):
        return f'"{how.text}"'
    return "{show: masked, find: exact}" if how == "exact" else how


@dataclass(frozen=True)
class Policy:
    """`held`: the roles of the person who looks; `by`: may role ra take transitions; `grants`: role → table →."""

    held: tuple[str, ...]
    by: str
    grants: Mapping[str, Mapping[str, Grant]]
    team: str = "x"
    mutable: frozenset[tuple[str, str]] = field(default=frozenset())

    def files(self) -> dict[str, bytes]:
        """The app."""
        lines = []
        for role, tables in self.grants.items():
            lines += [f"  {role}:" + ("" if tables else " {}")] + [
                f"    {table}: {grant.yaml()}" for table, grant in tables.items()
            ]
        return {"app.yaml": (TABLES % {"by": self.by} + "\n".join(lines) + "\n").encode()}

    def of(self, table: str) -> list[Grant]:
        """The grants that the person has at a table."""
        return [self.grants[role][table] for role in self.held if table in self.grants[role]]


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A policy that can be published: what is worked out from hidden values is hidden too."""
    grants = {role: _tables(draw) for role in ROLES}
    held = draw(st.sampled_from((("ra",), ("rb",), ("ra", "rb"), ("ra", "rb"))))
    by = draw(st.sampled_from(("ra", "scribe", "rb")))
    mine = [(table, grant) for role in held for table, grant in grants[role].items()]
    mutable = {(table, name) for table, grant in mine for name in grant.edit}
    return Policy(held, by, grants, mutable=frozenset(mutable | ({("docs", "stat")} if by in held else set())))


def _tables(draw: st.DrawFn) -> dict[str, Grant]:
    found: dict[str, Grant] = {}
    for table in FIELDS:
        if draw(st.integers(0, 9)) > 0:
            found[table] = _grant(draw, table)
    docs, makers = found.get("docs"), found.get("makers")
    if docs is not None and (
        makers is None or makers.records or makers.read.get("level") != "true" or docs.read.get("maker") != "true"
    ):
        found["docs"] = Grant(**{**docs.__dict__, "read": {n: h for n, h in docs.read.items() if n != "mlevel"}})
    return found


def _grant(draw: st.DrawFn, table: str) -> Grant:
    when = st.sampled_from(CONDITIONS[table])
    read = {name: how for name in FIELDS[table] if (how := draw(_ways(when, name))) is not None}
    if "amount" not in read or read["amount"] in ("none", "masked", "exact"):
        read.pop("double", None)
    elif "double" in read:
        read["double"] = read["amount"]
    if table in LISTS and draw(st.booleans()):
        read[LISTS[table]] = "true"
    editable = [name for name in FIELDS[table] if name not in WORKED_OUT and draw(st.integers(0, 2)) == 0]
    edit = {name: draw(st.one_of(st.just("true"), when)) for name in editable}
    given = tuple(n for n in FIELDS[table] if n not in WORKED_OUT and (n == "doc" or draw(st.integers(0, 3)) > 0))
    given += ("lines",) if table == "docs" and draw(st.booleans()) else ()
    return Grant(
        records=draw(st.one_of(st.none(), when)),
        read=read,
        edit=edit,
        create=given if draw(st.booleans()) else None,
        create_if=draw(st.one_of(st.none(), st.sampled_from(CONDITIONS[table][:1]))),
        delete=draw(st.one_of(st.none(), st.just("true"), when)),
    )


def _ways(when: st.SearchStrategy[Condition], name: str) -> st.SearchStrategy[Any]:
    plain: Sequence[Any] = ("true", "true", "true", "none", None, "masked")
    return st.one_of(st.sampled_from((*plain, "exact") if name == "phone" else plain), when)
