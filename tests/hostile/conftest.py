"""One process that loads hostile definitions, shared by the tests of a worker; see measure."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.docs.guide import ROOT

SECONDS, MEGABYTES, ATTEMPTS = 1.0, 128, 3
Judge = Callable[[str], set[str]]


@pytest.fixture(scope="session")
def ask() -> Iterator[Callable[[str], dict[str, Any]]]:
    """Case → what came of it."""
    command = [sys.executable, "-m", "tests.hostile.measure"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answers = process.stdin, process.stdout

        def one(name: str) -> dict[str, Any]:
            asked.write(name + "\n")
            asked.flush()
            answer: dict[str, Any] = json.loads(answers.readline())
            return answer

        yield one
        asked.close()


@pytest.fixture
def judge(ask: Callable[[str], dict[str, Any]]) -> Judge:
    """Loads a case and holds it to the bounds. A neighbour on the machine can make CPU time look longer, never shorter: the
    best of a few attempts counts."""

    def judged(name: str) -> set[str]:
        for _ in range(ATTEMPTS):
            answer = ask(name)
            assert set(answer["outcomes"]) <= {"accepted", "refused"}, answer
            assert answer["mb"] <= MEGABYTES, answer
            if answer["cpu"] <= SECONDS:
                return set(answer["outcomes"])
        raise AssertionError(f"{name}: {answer}")

    return judged
