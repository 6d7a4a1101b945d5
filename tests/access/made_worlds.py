"""Two worlds for a drawn policy: the same history, but every value that the person may not see may differ, and the other world
has further records out of sight. Who may see what is worked out here from the policy's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from engine.model.change import Actor, Write
from tests.access.house import House
from tests.access.made_policy import APP, CONDITIONS, DECIDING, FIELDS, WORKED_OUT, Condition, Grant, Policy

Label = tuple[str, int]
LINKS = {"docs": ("maker", "makers"), "lines": ("doc", "docs")}
EDITED = {
    "makers": ("secret", "name"),
    "docs": ("amount", "score", "secret", "phone", "paid", "due"),
    "lines": ("price", "name"),
}
SCRIBE = Actor(
    "person", "scribe", "scribe", frozenset({"scribe"}), {"name": "scribe", "roles": (), "team": None}, "test", "10.0.0.1"
)


@dataclass
class Plan:
    """What is written in both worlds. `values`: label → field → JSON value, links as labels; `moves` and `edits` in order;
    `extra`: what only the other world has."""

    values: dict[Label, dict[str, Any]] = field(default_factory=dict)
    moves: list[tuple[Label, str]] = field(default_factory=list)
    edits: list[tuple[Label, str, Any]] = field(default_factory=list)
    extra: dict[Label, dict[str, Any]] = field(default_factory=dict)
    stat: dict[Label, str] = field(default_factory=dict)

    def record(self, label: Label) -> dict[str, Any]:
        """A record's values, the state among them."""
        own = self.values.get(label) or self.extra[label]
        return {**own, "stat": self.stat.get(label, "open")}

    def linked(self, label: Label) -> Mapping[str, Any]:
        """The record that it links to."""
        if label[0] not in LINKS:
            return {}
        target = self.record(label).get(LINKS[label[0]][0])
        return self.record(target) if target is not None else {}


def drawn(policy: Policy, random: Random) -> Plan:
    """A plan for this policy."""
    plan = Plan()
    for table, count in (("makers", 4), ("docs", 8), ("lines", 9)):
        for n in range(count):
            plan.values[table, n] = values(table, n, random, plan)
    for label in [each for each in plan.values if each[0] == "docs"]:
        steps = random.choice(((), (), ("start",), ("start", "finish"), ("start", "back")))
        if "finish" in steps and (not plan.values[label]["level"] or plan.values[label]["kind"] is None):
            steps = ("start",)
        plan.moves += [(label, step) for step in steps]
        plan.stat[label] = {"start": "busy", "finish": "done", "back": "open"}.get(steps[-1], "open") if steps else "open"
    for _ in range(6):
        label = random.choice(list(plan.values))
        name = random.choice(EDITED[label[0]])
        before = next((each for at, n, each in reversed(plan.edits) if (at, n) == (label, name)), plan.values[label][name])
        plan.edits.append((label, name, _another(before, name, random)))
    for table, count in (("makers", 2), ("docs", 3), ("lines", 3)):
        for n in range(50, 50 + count):
            plan.extra[table, n] = values(table, n, random, plan)
            if _seen(policy, plan, (table, n)) is not False:
                del plan.extra[table, n]
    return plan


def _another(before: Any, name: str, random: Random) -> Any:
    """A change that is one: writing what is there already makes no version."""
    return next(each for _ in range(1_000) if (each := value(name, random)) != before)


def values(table: str, n: int, random: Random, plan: Plan) -> dict[str, Any]:
    """One record."""
    found: dict[str, Any] = {}
    for name in FIELDS[table]:
        if name in LINKS.get(table, ("",))[:1]:
            there = [label for label in (*plan.values, *plan.extra) if label[0] == LINKS[table][1]]
            there = [label for label in there if n >= 50 or label[1] < 50]
            found[name] = random.choice([*there, None]) if name == "maker" else random.choice(there)
        elif name == "code":
            found[name] = f"{'z' if n >= 50 else 'c'}{n}"
        elif name not in WORKED_OUT:
            found[name] = value(name, random)
    return found


def value(name: str, random: Random) -> Any:
    """A value of a field."""
    match name:
        case "team":
            return random.choice(("x", "x", "y", None))
        case "level":
            return random.choice((0, 1, 2, 3))
        case "kind":
            return random.choice(("a", "b", None))
        case "amount" | "price":
            return random.choice((None, f"{random.randrange(1, 2000)}.{random.randrange(100):02d}"))
        case "score":
            return random.choice((None, 0, random.randrange(100)))
        case "phone":
            return random.choice((None, f"13{random.randrange(10**9):09d}"))
        case "paid":
            return random.choice((True, False, None))
        case "due":
            return random.choice((None, f"2026-1{random.randrange(3)}-1{random.randrange(10)}"))
    return random.choice((None, f"s{random.randrange(100)}", f"secret {random.randrange(1000)} words", "王伟"))


def _judged(policy: Policy, plan: Plan, label: Label, condition: Condition | None) -> bool | None:
    """None: the person's own writes may yet turn it."""
    if condition is None:
        return True
    if condition.reads & policy.mutable:
        return None
    return condition.holds(plan.record(label), plan.linked(label), policy.team)


def _seen(policy: Policy, plan: Plan, label: Label) -> bool | None:
    """Is the record in sight? False: it never will be."""
    found = [_judged(policy, plan, label, grant.records) for grant in policy.of(label[0]) if _shows(grant)]
    return True if True in found else None if None in found else False


def _shows(grant: Grant) -> bool:
    return any(how != "none" for how in grant.read.values())


def shown(policy: Policy, plan: Plan, label: Label, name: str) -> str | None:
    """`raw` or `mask` as much as the person may ever come to see; None: nothing."""
    found: set[str] = set()
    for grant in policy.of(label[0]):
        how = grant.read.get(name)
        if how in (None, "none") or _judged(policy, plan, label, grant.records) is False:
            continue
        if isinstance(how, Condition):
            found |= {"raw"} if _judged(policy, plan, label, how) is not False else set()
        else:
            found.add("raw" if how == "true" else "mask")
    return "raw" if "raw" in found else "mask" if found else None


def twin(policy: Policy, plan: Plan, label: Label, name: str, given: Any, random: Random) -> Any:
    """What the other world has in place of a value."""
    if name in DECIDING[label[0]]:
        return given
    how = shown(policy, plan, label, name)
    if how == "raw" or (how == "mask" and given is None):
        return given
    other = value(name, random)
    if how is None:
        return other
    if not isinstance(given, str) or name in ("amount", "price", "due"):
        return other if other is not None else given
    if len(given) > 7:
        return given[:3] + "".join(reversed(given[3:-4])) + given[-4:]
    return given[:1] + given[1:][::-1]


@dataclass
class Made:
    """One of the two. `ids`: label → record id."""

    house: House
    ids: dict[Label, str] = field(default_factory=dict)

    def write(self, turn: int, write: Write) -> str:
        """In a turn of its own, as the scribe."""
        self.house.fate.begin(turn)
        return self.house.runtime.write(write, SCRIBE).id

    def json(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Links by id."""
        return {name: self.ids[v] if isinstance(v, tuple) else v for name, v in given.items()}


def fill(made: Made, policy: Policy, plan: Plan, seed: int, *, other: bool) -> None:
    """Write the history of one world."""
    random = Random(seed)
    last: dict[tuple[Label, str], Any] = {}

    def told(label: Label, name: str, given: Any, *, anew: bool = False) -> Any:
        found = given
        for _ in range(1_000 if other else 0):
            found = twin(policy, plan, label, name, given, random)
            if not anew or found != last[label, name]:
                break
        last[label, name] = found
        return found

    for turn, (label, given) in enumerate(plan.values.items(), 1):
        mine = made.json({name: told(label, name, each) for name, each in given.items()})
        made.ids[label] = made.write(100 * turn, Write(APP, label[0], values=mine))
    for turn, (label, step) in enumerate(plan.moves, 1):
        made.write(5_000 + 10 * turn, Write(APP, "docs", made.ids[label], transition=step))
    for turn, (label, name, each) in enumerate(plan.edits, 1):
        made.write(6_000 + 10 * turn, Write(APP, label[0], made.ids[label], {name: told(label, name, each, anew=True)}))
    for turn, (label, given) in enumerate(plan.extra.items() if other else (), 1):
        if all(not isinstance(each, tuple) or each in made.ids for each in given.values()):
            made.ids[label] = made.write(8_000 + 10 * turn, Write(APP, label[0], values=made.json(given)))


def conditions() -> Iterator[str]:
    """All that policies are drawn from, as texts to filter by."""
    return (condition.text for each in CONDITIONS.values() for condition in each if "user." not in condition.text)
