"""Two worlds on generated apps, policies and requests: what a restricted person is answered, byte for byte, headers and all,
is the same whatever they may not see.

    WORLDS_EXAMPLES=200 pytest tests/access/test_made_worlds.py     # longer
    CONFORMANCE_SEED=123 pytest tests/access/test_made_worlds.py    # the fresh worlds of another run
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.access.house import open_house
from tests.access.made_policy import Policy, policies
from tests.access.made_requests import API, Asker, Request
from tests.access.made_worlds import Made, Plan, drawn, fill, shown
from tests.access.test_two_worlds import Answer, ask
from tests.conformance.seeds import STEADY, both_seeds, fresh
from tests.databases import ON_BOTH

pytestmark = ON_BOTH

EXAMPLES = int(os.environ.get("WORLDS_EXAMPLES", "4"))
REQUESTS = 60
BEGIN = 10_000


@both_seeds
def test_what_is_hidden_changes_no_answer(seed_of: str) -> None:
    answers: Counter[int] = Counter()

    @seed(STEADY if seed_of == "steady" else fresh())
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,)
    )
    @given(policies(), st.integers(0, 2**32))
    def compare(policy: Policy, chance: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            answers.update(_compare(policy, chance, Path(folder)))

    compare()
    assert answers[200] > EXAMPLES * REQUESTS / 8, answers
    assert all(answers[status] > 0 for status in (400, 404)), answers


def _compare(policy: Policy, chance: int, folder: Path) -> Counter[int]:
    plan = drawn(policy, Random(chance))
    with open_house(folder / "one", files=policy.files()) as one, open_house(folder / "other", files=policy.files()) as other:
        worlds = Made(one), Made(other)
        for made, is_other in zip(worlds, (False, True), strict=True):
            made.house.user("viewer", *policy.held, team=policy.team)
            fill(made, policy, plan, chance, other=is_other)
        return _asked(policy, plan, worlds, chance)


def _asked(policy: Policy, plan: Plan, worlds: tuple[Made, Made], chance: int) -> Counter[int]:
    clients = [made.house.api("viewer") for made in worlds]
    asker = Asker(Random(chance + 1), {**worlds[1].ids, **worlds[0].ids}, _unseen_phones(policy, plan))
    answers: Counter[int] = Counter()
    queue: list[Request] = [("GET", f"{API}/changes", None)]
    news = ""
    for number in range(REQUESTS):
        method, path, body = queue.pop() if queue else asker.request()
        for made in worlds:
            made.house.fate.begin(BEGIN + 10 * number)
        first, second = (ask(client, method, path, body) for client in clients)
        assert first == second, _told(policy, chance, (method, path, body), first, second)
        assert first[0] < 500, (method, path, body, first)
        answers[first[0]] += 1
        queue += _followed(path, first)
        if "/changes" in path and first[0] == 200 and path.startswith(API):
            news = json.loads(first[1])["cursor"]
        elif method != "GET":
            queue.append(("GET", f"{API}/changes?since={news}", None))
    return answers


def _followed(path: str, answer: Answer) -> list[Request]:
    """The next page of a list."""
    if "/records?" not in path or answer[0] != 200:
        return []
    cursor = json.loads(answer[1])["cursor"]
    return [("GET", f"{path.partition('&cursor=')[0]}&cursor={cursor}", None)] if cursor else []


def _unseen_phones(policy: Policy, plan: Plan) -> list[str]:
    """Numbers that may be asked for in full: a number that shows masked may be one that is found exactly, which tells."""
    told, hidden = set(), set()
    edits = [(label, name, each) for label, name, each in plan.edits if name == "phone"]
    for label, name, phone in [*((label, "phone", own.get("phone")) for label, own in plan.values.items()), *edits]:
        if phone is not None:
            (told if shown(policy, plan, label, name) == "mask" else hidden).add(phone)
    return [*sorted(hidden - told)[:4], "13512345678"]


def _told(policy: Policy, chance: int, request: Request, first: Answer, second: Answer) -> str:
    at = next((n for n, (a, b) in enumerate(zip(first[1], second[1], strict=False)) if a != b), 0)
    near: Any = [each[1][max(0, at - 200) : at + 200].decode(errors="replace") for each in (first, second)]
    app = policy.files()["app.yaml"].decode().partition("  scribe:\n")[2].partition("\n  ra:")[2]
    asked = f"{chance}: {request}\n{policy.held} {policy.by}\n  ra:{app}"
    return f"{asked}\n{first[0]}: {near[0]}\n{second[0]}: {near[1]}\n{set(first[2]) ^ set(second[2])}"
