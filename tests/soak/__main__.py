"""`make soak`: is every check of the gate watched by a test? Each is taken out of a copy of the program in turn, and a test
must fail. Prints a table; exits 1 when one goes unnoticed, or when a mutation no longer fits the source.

    python -m tests.soak                 all
    python -m tests.soak scope mask      those whose description has one of these words"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.mutations import MUTATIONS, Mutation

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "data", "bench")
EXAMPLES = "8"
MOST_SECONDS = 1_800


def main(words: list[str]) -> int:
    """Try the mutations that fit. The exit code."""
    chosen = [each for each in MUTATIONS if not words or any(word in each.what for word in words)]
    rotten = [f"{each.what}: {problem}" for each in chosen if (problem := unfit(each))]
    if rotten:
        print("no longer fitting the source:\n" + "\n".join(rotten))
        return 1
    survived = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        for tests in dict.fromkeys(tests for each in chosen for tests in each.tests):
            if found := _run(tests, copy):
                print(f"fails with nothing taken out: {found}")
                return 1
        for each in chosen:
            began = time.monotonic()
            found = _failing(each, copy)
            survived += found is None
            said = "SURVIVED" if found is None else "noticed"
            print(f"{said:8}  {time.monotonic() - began:5.0f} s  {each.what:48}  {found or ''}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} noticed")
    return 1 if survived else 0


def unfit(mutation: Mutation) -> str | None:
    """Why a mutation cannot be made; None: it can."""
    for file, old, _ in mutation.edits:
        times = (ROOT / file).read_text(encoding="utf-8").count(old)
        if times != 1:
            return f"{file} has it {times} times: {old}"
    return None


def _failing(mutation: Mutation, copy: Path) -> str | None:
    """The first test that fails while the mutation stands in the copy."""
    before = {file: (copy / file).read_text(encoding="utf-8") for file, _, _ in mutation.edits}
    try:
        for file, old, new in mutation.edits:
            (copy / file).write_text(before[file].replace(old, new), encoding="utf-8")
        return next((name for tests in mutation.tests if (name := _run(tests, copy))), None)
    finally:
        for file, text in before.items():
            (copy / file).write_text(text, encoding="utf-8")


def _run(tests: str, copy: Path) -> str | None:
    """The name of a failing test, or None when all pass."""
    given = {"PYTHONPATH": str(copy), "WORLDS_EXAMPLES": EXAMPLES, "PYTHONDONTWRITEBYTECODE": "1", "CONFORMANCE_SEED": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", "not fresh and not postgresql", tests],
        cwd=copy,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    if done.returncode == 0:
        return None
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    if not failed:
        # A test that does not run notices nothing.
        raise SystemExit(f"{tests} could not run:\n{done.stdout[-2_000:]}{done.stderr[-1_000:]}")
    return failed[0].split(" - ")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
