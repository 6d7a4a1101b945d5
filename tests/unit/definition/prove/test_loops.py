"""Which circles of rules turn, which come to an end, and what is said where that cannot be told."""

from __future__ import annotations

import time

import pytest

from engine.definition.prove.images import legible
from engine.model.diagnostic import Diagnostic
from tests.unit.definition.loading import load_text

APP = """
app: shop
tables:
  orders:
    fields:
      n: {type: integer}
      m: {type: integer, min: 0, max: 10}
      x: {type: choice, choices: {a: a, b: b, c: c}}
      y: {type: boolean}
      note: {type: text}
      customer: {type: link, to: customers, inverse: orders}
      twice: {type: formula, value: "n * 2"}
      at: {type: datetime}
      status: {type: state}
    checks:
      small: {must: "empty(n) or n < 1000", otherwise: flag, message: large}
    flow:
      field: status
      states: {open: {initial: true}, held: {}, done: {final: true}}
      transitions:
        hold: {from: open, to: held, by: [clerk, system]}
        free: {from: held, to: open, by: [clerk, system]}
        close: {from: [open, held], to: done, by: [clerk, system]}
  customers:
    fields: {name: {type: text}, count: {type: integer}}
  items:
    fields: {order: {type: link, to: orders, inverse: items}, k: {type: integer}}
roles: {clerk: {title: C}}
permissions: {clerk: {orders: {read: {status: true}}}}
rules:
"""
UP = "updated: orders"


def rule(when: str, then: str, condition: str = "True") -> str:
    return f'{{when: {{{when}}}, if: "{condition}", then: [{then}]}}'


def said(*rules: str) -> list[Diagnostic]:
    text = APP + "\n".join(f"  r{number}: {each}" for number, each in enumerate(rules)) + "\n"
    loaded = load_text(text)
    assert loaded.app is not None, [d.message.en for d in loaded.diagnostics]
    return [d for d in loaded.diagnostics if d.code.startswith("rule-loop")]


TURNING = {
    "it changes what it listens to": [rule(UP, '{set: {n: "n + 1"}}')],
    "up to a bound, from far below": [rule(UP, '{set: {n: "n + 1"}}', "n < 10")],
    "through a formula": [rule("updated: {of: orders, fields: [twice]}", '{set: {n: "n + 1"}}')],
    "to and fro": [rule(UP, "{set: {x: \"'b'\"}}", "x == 'a'"), rule(UP, "{set: {x: \"'a'\"}}", "x == 'b'")],
    "a yes/no turned over": [rule("updated: {of: orders, fields: [y]}", '{set: {y: "not y"}}')],
    "states in a circle": [
        rule("enters: orders.open", "{transition: hold}"),
        rule("enters: orders.held", "{transition: free}"),
    ],
    "states left in a circle": [
        rule("leaves: orders.open", "{transition: free}"),
        rule("leaves: orders.held", "{transition: hold}"),
    ],
    "one makes the next": [rule("created: items", "{create: {table: items, set: {order: order}}}")],
    "many others, one by one": [rule(UP, "{update: {table: orders, where: \"x != 'a'\", set: {x: \"'a'\"}}}")],
    "by the flag of a check": [rule(UP, '{set: {n: "n - 1"}}', "flagged('small')")],
}
ENDING = {
    "a constant": [rule(UP, '{set: {n: "5"}}')],
    "the bounds of the field": [rule(UP, '{set: {m: "m + 1"}}', "m < 10")],
    "another field": [rule("updated: {of: orders, fields: [note]}", '{set: {n: "n + 1"}}')],
    "along a line": [rule(UP, "{set: {x: \"'b'\"}}", "x == 'a'"), rule(UP, "{set: {x: \"'c'\"}}", "x == 'b'")],
    "a final state": [rule("enters: orders.open", "{transition: hold}"), rule("enters: orders.held", "{transition: close}")],
    "the time, which stands still": [rule(UP, '{set: {at: "now()"}}')],
    "a value of another record": [rule(UP, '{set: {note: "customer.name"}}')],
    "only when another field changed": [rule(UP, "{set: {note: \"concat(note, '!')\"}}", "old.n != n")],
    "a new record that is already done": [
        rule("created: items", '{create: {table: items, set: {order: order, k: "1"}}}', "empty(k)")
    ],
    "each once, in any order": [
        rule(UP, f"{{set: {{{name}: {value}}}}}", f"empty({name})")
        for name, value in (("n", "'1'"), ("m", "'1'"), ("x", "\"'a'\""), ("note", "\"'a'\""), ("at", '"now()"'))
    ],
}
UNDECIDED = {
    "count(items)": [
        rule(UP, "{create: {table: items, set: {order: this}}}", "count(items) < 10"),
        rule("created: items", '{update: {table: orders, where: "empty(note)", set: {n: "n + 1"}}}'),
    ],
    "count(items, this.order == order)": [
        rule("created: items", "{create: {table: items, set: {order: order}}}", "count(items, this.order == order) < 10")
    ],
}


@pytest.mark.parametrize("name", TURNING)
def test_what_turns_is_an_error_at_its_last_rule(name: str) -> None:
    (found,) = said(*TURNING[name])
    assert (found.code, found.path) == ("rule-loop", f"rules.r{len(TURNING[name]) - 1}")
    assert found.message.en.count("app.yaml:") == len(TURNING[name]) + 1


@pytest.mark.parametrize("name", ENDING)
def test_what_ends_says_nothing(name: str) -> None:
    assert said(*ENDING[name]) == []


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_cannot_be_told_names_what_it_hangs_on(name: str) -> None:
    (found,) = said(*UNDECIDED[name])
    assert found.code == "rule-loop-undecided"
    assert f"“{name}”" in found.message.en


def test_a_rule_between_that_takes_the_way_out_leaves_it_open() -> None:
    """What an earlier rule writes to the same field, before the turn comes, is not overlooked."""
    alone = rule(UP, '{set: {x: "\'b\'", n: "n + 1"}}', "x == 'a'")
    assert said(alone) == []
    back = rule(UP, "{set: {x: \"'a'\"}}", "x == 'b'")
    assert said(back, alone) != []


def test_a_step_that_undoes_the_step_before_it_is_not_passed_over() -> None:
    """What follows from the first step happens before the second: which of them comes last is not followed up."""
    steps = "{set: {x: \"'b'\"}}, {set: {x: \"'a'\"}}"
    assert said(rule("updated: {of: orders, fields: [x]}", steps)) != []


def test_two_circles_are_two_errors_and_one_broken_circle_is_one() -> None:
    both = said(*TURNING["to and fro"], *TURNING["one makes the next"])
    assert [d.path for d in both] == ["rules.r1", "rules.r2"]
    crossed = said(*TURNING["to and fro"], rule(UP, "{set: {note: \"'x'\"}}"))
    assert len(crossed) == 1


def test_the_witness_is_a_record_that_begins_it() -> None:
    (found,) = said(*TURNING["to and fro"])
    assert dict(found.witness)["x"] in ("a", "b")


def test_what_stands_in_the_way_is_shown_as_it_is_written() -> None:
    assert legible("max(orders, 'count(items, name == \\'x\\')′′′') > 3") == "count(items, name == 'x') > 3"
    assert legible("n + 1") == "n + 1"


def test_what_cannot_be_decided_is_given_up_soon() -> None:
    """Two steps each way at every turn: as many orders of events as no machine could follow."""
    steps = "{set: {x: \"'b'\"}}, {set: {x: \"'a'\"}}, {set: {x: \"'c'\"}}"
    begin = time.process_time()
    assert {d.code for d in said(rule("updated: orders", steps))} <= {"rule-loop", "rule-loop-undecided"}
    assert time.process_time() - begin < 5
