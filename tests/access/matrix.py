"""What each role may do with each field in each state, read from the YAML itself by a few lines of Python that know nothing of
the engine: conditions are run by Python's own eval over the record's values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import yaml

TEXT = """
app: matrix
title: Matrix
version: 1.0.0
roles:
  full: {title: Full}
  part: {title: Part}
  eyes: {title: Eyes}
  when: {title: When}
  maker: {title: Maker}
  blind: {title: Blind}
  seek: {title: Seek}
  outside: {title: Outside, portal: true}
people:
  team: {type: text}
tables:
  cases:
    display: code
    fields:
      code: {type: text}
      team: {type: text}
      amount: {type: money}
      phone: {type: phone}
      note: {type: long_text}
      grade: {type: choice, choices: {a: A, b: B}}
      size: {type: integer}
      paid: {type: boolean}
      stat: {type: state}
    flow:
      field: stat
      states: {open: {title: Open, initial: true}, held: {title: Held}, done: {title: Done, final: true}}
      transitions:
        hold: {title: Hold, from: open, to: held, by: [full, when, blind]}
        close: {title: Close, from: [open, held], to: done, by: [full, part], guard: "size >= 2"}
permissions:
  full:
    cases:
      read: {all: true}
      create: [code, team, amount, phone, note, grade, size, paid]
      edit: {all: true}
      delete: true
  part:
    cases:
      records: "team == user.team"
      read: {code: true, team: true, amount: true, stat: true, note: none, phone: masked}
      edit: {amount: "stat == 'open'", team: true, phone: true}
      create: {fields: [code, team, amount], if: "amount < 100"}
      delete: "stat != 'done'"
  eyes:
    cases:
      read: {all: masked, phone: {show: masked, find: exact}, code: true, note: none}
      edit: {note: true}
  when:
    cases:
      records: "stat != 'done' or paid"
      read: {code: true, stat: true, note: "stat == 'open'", amount: "size >= 2", size: true, grade: "team == user.team"}
      edit: {note: "stat == 'open'", size: "team == user.team"}
      delete: "size < 2"
  maker:
    cases: {create: [code, note], read: {code: none}}
  blind:
    cases: {read: {code: true, size: true}, edit: {size: "paid"}}
  seek:
    cases: {records: "grade == 'a'", read: {code: true, phone: {show: masked, find: exact}}}
  outside:
    cases: {read: {all: true}, edit: {all: true}, create: [code], delete: true}
"""
APP = yaml.safe_load(TEXT)
CASES = APP["tables"]["cases"]
FIELDS = tuple(CASES["fields"])
FLOW = CASES["flow"]
STATES = tuple(FLOW["states"])
BY_FLOW = ("stat",)
SEARCHED = ("code", "team", "phone", "note")
IMPLICIT = ("id", "version", "created_at", "updated_by")
STAMPS = ("waiting", "open_at", "done_at")
Record = Mapping[str, Any]
PEOPLE: Mapping[str, tuple[str, ...]] = {
    "full": ("full",),
    "part": ("part",),
    "eyes": ("eyes",),
    "when": ("when",),
    "maker": ("maker",),
    "blind": ("blind",),
    "outside": ("outside",),
    "nobody": (),
    "part_eyes": ("part", "eyes"),
    "when_maker": ("when", "maker"),
    "part_when": ("part", "when"),
    "blind_part": ("blind", "part"),
    "eyes_blind": ("eyes", "blind"),
    "seek": ("seek",),
    "seek_blind": ("seek", "blind"),
    "part_nowhere": ("part",),
}


@dataclass(frozen=True)
class Oracle:
    """One person. `team` is their fact."""

    roles: tuple[str, ...]
    team: str | None

    def grants(self) -> list[dict[str, Any]]:
        """What their roles say, `all` spread."""
        known = [role for role in self.roles if not APP["roles"][role].get("portal")]
        return [_spread(APP["permissions"][role]["cases"]) for role in known]

    def holds(self, condition: Any, record: Record) -> bool:
        """true, a condition, or nothing said."""
        if isinstance(condition, bool) or condition is None:
            return condition is not False
        user = SimpleNamespace(team=self.team)
        try:
            return bool(eval(condition, {"__builtins__": {}}, {**record, "user": user}))
        except TypeError:  # empty satisfies no comparison
            return False

    def inside(self, record: Record) -> list[dict[str, Any]]:
        """The grants that have the record in their scope."""
        return [grant for grant in self.grants() if self.scoped(grant, record)]

    def scoped(self, grant: Mapping[str, Any], record: Record) -> bool:
        """Is the record in the grant's scope? An empty fact of the person matches nothing."""
        condition = grant.get("records")
        return not (condition and "user.team" in condition and not self.team) and self.holds(condition, record)

    def sees(self, record: Record) -> bool:
        """Is anything of it in sight?"""
        return any(_reads(grant) for grant in self.inside(record))

    def shown(self, record: Record, field: str) -> str | None:
        """raw, mask or None."""
        found = set()
        for grant in self.inside(record):
            how = grant["read"].get(field, "none")
            if how == "none":
                continue
            if how == "masked" or isinstance(how, dict):
                found.add("mask")
            elif self.holds(how, record):
                found.add("raw")
        return "raw" if "raw" in found else "mask" if found else None

    def exact(self, record: Record, field: str) -> bool:
        """May the record be found by this field's full text?"""
        return any(isinstance(grant["read"].get(field), dict) for grant in self.inside(record))

    def names(self, field: str) -> str | None:
        """raw, mask or None: what an expression may know of the field."""
        ways = {grant["read"].get(field, "none") if not isinstance(grant["read"].get(field), dict) else "masked"
                for grant in self.grants()} - {"none"}  # fmt: skip
        return "mask" if "masked" in ways else "raw" if ways else None

    def knows(self, field: str) -> bool:
        """May its name be used in a write without being unknown?"""
        return any(
            grant["read"].get(field, "none") != "none" or field in grant.get("edit", {}) or field in _creates(grant)[0]
            for grant in self.grants()
        )

    def edits(self, record: Record, field: str) -> list[dict[str, Any]]:
        """The grants that let them set it."""
        return [g for g in self.inside(record) if field in g.get("edit", {}) and self.holds(g["edit"][field], record)]

    def creates(self, record: Record) -> set[str]:
        """The fields that they may give to this new record."""
        found: set[str] = set()
        for grant in self.grants():
            fields, condition = _creates(grant)
            if fields and self.scoped(grant, record) and self.holds(condition, record):
                found |= set(fields)
        return found

    def deletes(self, record: Record) -> bool:
        """May they remove it?"""
        return any("delete" in grant and self.holds(grant["delete"], record) for grant in self.inside(record))

    def moves(self, record: Record) -> Iterator[str]:
        """The transitions that they could take now."""
        for name, move in FLOW["transitions"].items():
            sources = move["from"] if isinstance(move["from"], list) else [move["from"]]
            if record["stat"] in sources and set(move["by"]) & set(self.roles) and self.holds(move.get("guard"), record):
                yield name


def _spread(grant: dict[str, Any]) -> dict[str, Any]:
    found = dict(grant)
    for verb in ("read", "edit"):
        given = dict(grant.get(verb, {}))
        whole = given.pop("all", None)
        names = FIELDS if verb == "read" else [name for name in FIELDS if name not in BY_FLOW]
        found[verb] = {**(dict.fromkeys(names, whole) if whole is not None else {}), **given}
    return found


def _reads(grant: dict[str, Any]) -> bool:
    return any(how != "none" for how in grant["read"].values())


def _creates(grant: dict[str, Any]) -> tuple[list[str], Any]:
    given = grant.get("create") or []
    return (given["fields"], given.get("if")) if isinstance(given, dict) else (given, None)


def mask(value: Any) -> str | None:
    """As people see it."""
    if value is None:
        return None
    if not isinstance(value, str):
        return "****"
    return f"{value[:3]}****{value[-4:]}" if len(value) > 7 else f"{value[:1]}****"
