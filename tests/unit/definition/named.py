"""Definitions whose names are drawn: the text has numbered blanks, and a name for each of them. Filling a blank differently
gives what a renaming must give, to the byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

# Words that mean something elsewhere, or that look like parts of one another.
WORDS = [
    "a",
    "ab",
    "orders",
    "items",
    "status",
    "note",
    "count",
    "sum",
    "empty",
    "pending",
    "inbox",
    "to",
    "of",
    "name",
    "choices",
]
LISTS = ["lines", "line", "children", "fields", "any", "inverse"]
_BLANK = re.compile(r"<(\w+)>")

# Blank → (its address in blanks, the space in which its name must be the only one).
BLANKS: Mapping[str, tuple[str, str]] = {
    "r1": ("roles.<r1>", "roles"),
    "r2": ("roles.<r2>", "roles"),
    "p1": ("people.<p1>", "people"),
    "p2": ("people.<p2>", "people"),
    "t1": ("tables.<t1>", "tables"),
    "t2": ("tables.<t2>", "tables"),
    "n1": ("tables.<t1>.fields.<n1>", "t1"),
    "x1": ("tables.<t1>.fields.<x1>", "t1"),
    "c1": ("tables.<t1>.fields.<c1>", "t1"),
    "d1": ("tables.<t1>.fields.<d1>", "t1"),
    "l1": ("tables.<t1>.fields.<l1>", "t1"),
    "f1": ("tables.<t1>.fields.<f1>", "t1"),
    "g1": ("tables.<t1>.fields.<g1>", "t1"),
    "st": ("tables.<t1>.fields.<st>", "t1"),
    "n2": ("tables.<t2>.fields.<n2>", "t2"),
    "x2": ("tables.<t2>.fields.<x2>", "t2"),
    "c2": ("tables.<t2>.fields.<c2>", "t2"),
    "inv": ("tables.<t1>.fields.<l1>.inverse", "lists"),
    "o1": ("tables.<t1>.fields.<c1>.choices.<o1>", "c1"),
    "o2": ("tables.<t1>.fields.<c1>.choices.<o2>", "c1"),
    "q1": ("tables.<t2>.fields.<c2>.choices.<q1>", "c2"),
    "q2": ("tables.<t2>.fields.<c2>.choices.<q2>", "c2"),
    "s1": ("tables.<t1>.flow.states.<s1>", "states"),
    "s2": ("tables.<t1>.flow.states.<s2>", "states"),
    "m1": ("tables.<t1>.flow.transitions.<m1>", "moves"),
    "k1": ("tables.<t1>.checks.<k1>", "checks"),
    "u1": ("rules.<u1>", "rules"),
    "b1": ("boards.<b1>", "boards"),
}

CONDITIONS = [
    "<n1> > 1",
    "this.<n1> == <l1>.<n2> or <l1> . <x2> == <x1>",
    "<c1> == '<o1>'",
    "<c1> in [\"<o1>\", r'<o2>']",
    "<x1> == 'pending' or <x1> in ['a', 'status']",
    "('<o1>' if <n1> > 1 else <c1>) == '<o2>'",
    "first_of(<d1>, '<o2>') != <c1> and <c1> == user.<p1>",
    "<l1>.<c2> == '<q1>' and <x1> == user.<p2>",
    "'<r1>' in user.roles and not ('<r2>' in user.roles)",
    "not empty(<s2>_at) and this.<s1>_at < now()",
    "<st> == '<s1>' or this.<st> not in ('<s2>',)",
    "flagged('<k1>') and not empty(<f1>)",
    "count(<t1>, <n1> > this.<n1> and <l1> == this.<l1>) > 0",
    "any(<t2>, count(<inv>, <n1> > 1 and <c1> == '<o2>') > 1)",
    "find(<t2>, <x2> == this.<x1>) == <l1>",
    "<g1> == '<q2>' and sum(<t1>, <n1>) > 3",
    "concat('订😀', <x1>) == '待' and <n1> < 5",
]

TEXT = """
app: named
roles: {<r1>: {title: a}, <r2>: {title: note}}   # a status
people:
  <p1>: {type: choice, choices: {<o1>: a, <o2>: b}, default: <o1>}
  <p2>: {type: text}
tables:
  <t1>:
    display: <x1>
    fields:
      <n1>: {type: integer, default: 3}
      <x1>: {type: text, unique: true}
      <c1>: {type: choice, choices: {"<o1>": a, <o2>: b}, default: '<o1>'}
      <d1>: {type: choice, choices: {<o1>: a, <o2>: b}}
      <l1>: {type: link, to: <t2>, inverse: "<inv>"}
      <f1>: {type: formula, value: "<n1> * 2 + <l1>.<n2>"}
      <g1>: {type: formula, value: "'<q2>' if <n1> > 5 else <l1>.<c2>"}
      <st>: {type: state}
    keys: [[<n1>, <c1>]]
    checks:
      <k1>: {must: "<n1> < 9 or <x1> == 'orders'", otherwise: flag, message: <a>}
    flow:
      field: <st>
      states: {<s1>: {initial: true}, "<s2>": {final: true}}
      transitions: {<m1>: {from: [<s1>], to: "<s2>", by: [<r1>, system], needs: [<x1>]}}
  <t2>:
    fields:
      <n2>: {type: integer}
      <x2>: {type: text, default: pending}
      <c2>: {type: choice, choices: {<q1>: a, <q2>: b}}
permissions:
  <r1>:
    <t1>: {records: @0, read: {all: true, <x1>: true, <c1>: @1, <d1>: none, <f1>: none},
      create: [<x1>, <c1>], edit: {<x1>: true, <n1>: @2}, delete: <c1> == user.<p1>}
    <t2>: {read: {<n2>: none, <c2>: true, <inv>: true}}
  <r2>: {<t1>: {read: {<x1>: true, <g1>: none}, delete: @3}}
rules:
  <u1>:
    when: {enters: <t1>.<s2>}
    then:
      - set: {<c1>: "'<o2>'", <d1>: <c1>, <x1>: "concat('a', <x1>)"}
      - create: {table: <t2>, set: {<x2>: "<x1>", <c2>: "'<q1>'"}}
      - update: {table: <t2>, where: "<x2> == this.<x1>", set: {<n2>: "<n2> + this.<n1>"}}
      - notify: {to: [role.<r2>], by: [inbox], text: "status {<x1>} {{note}}"}
  passes: {when: {created: <t1>}, then: [{transition: <m1>}]}
routing:
  decide: {of: <t1>, when: {created: <t1>}, decides: <c1>, rows: [{if: "<n1> > 3", then: <o2>}], otherwise: "<o1>"}
alerts:
  late: {of: <t1>, if: "<st> == '<s1>'", text: "{<x1>}", levels: [{after: 2h, notify: {to: [role.<r1>], by: [inbox]}}]}
boards:
  <b1>: {of: <t1>, kind: kanban, by: <st>, card: [<x1>, <s2>_at], sort: [-<n1>, <f1>], where: @4}
"""


def _double(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(text: str) -> str:
    """Every character that is not plain as its number, and each space as a fold."""
    return _double(text).encode("ascii", "backslashreplace").decode().replace(" and ", " and \\\n        ")


def _single(text: str) -> str:
    return "'" + text.replace("'", "''").replace(" or ", "\n        or ") + "'"


STYLES = {"double": _double, "single": _single, "escaped": _escaped}


@dataclass(frozen=True)
class Named:
    """`text` with blanks; `names`: what stands in them."""

    text: str
    names: Mapping[str, str]

    def files(self) -> dict[str, bytes]:
        return {"app.yaml": self._filled(self.text).encode()}

    def path(self, blank: str) -> str:
        return self._filled(BLANKS[blank][0])

    def called(self, blank: str, name: str) -> Named:
        return replace(self, names={**self.names, blank: name})

    def _filled(self, text: str) -> str:
        return _BLANK.sub(lambda found: self.names[found[1]], text)


@st.composite
def named(draw: Any) -> Named:
    """Lists of children are called like nothing else, lest a table could not be named beside them."""
    names: dict[str, str] = {"a": "a"}
    taken: dict[str, set[str]] = {}
    for blank, (_, space) in BLANKS.items():
        used = taken.setdefault(space, {"name"} if space == "people" else set())
        pool = LISTS if space == "lists" else WORDS
        names[blank] = draw(st.sampled_from([word for word in pool if word not in used]))
        used.add(names[blank])
    text = TEXT
    for number in range(5):
        condition, style = draw(st.sampled_from(CONDITIONS)), draw(st.sampled_from(sorted(STYLES)))
        text = text.replace(f"@{number}", STYLES[style](condition))
    return Named(text, names)
