"""A guide as something to do: its fenced blocks in order. `sh` are commands, `text` is what the last one said, `diff` changes a
file. The first line of a `yaml` block says what it is: `# file` a whole file, `# file +` what is added to one, `# records` the
records on which the lines of `expr` blocks (`expression → result`) are evaluated."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from connectors.catalogue import load as load_catalogue
from engine.definition.load import load
from engine.definition.read import read_folder
from engine.model.app import App
from engine.model.diagnostic import Severity
from tests.docs.stage import Stage
from tests.unit.definition.loading import REGISTRY

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    kind: str
    text: str


def blocks(guide: Path) -> Iterator[Block]:
    """All blocks of a page."""
    for match in _BLOCK.finditer(guide.read_text(encoding="utf-8")):
        yield Block(match[1], match[2])


@dataclass
class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    folder: Path
    said: str = ""
    stage: Stage | None = None
    app: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def follow(self, block: Block) -> None:
        """Do one block; an AssertionError says what is not as the page has it."""
        {"sh": self._commands, "text": self._compare, "diff": self._change, "yaml": self._yaml, "expr": self._evaluate}[
            block.kind
        ](block.text)

    def dajian(self, *words: str, expect: int = 0) -> None:
        """The real command line in a process of its own."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **self.environment}
        command = [sys.executable, str(ROOT / "app.py"), *words]
        ran = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        self.said = ran.stdout + ran.stderr
        assert ran.returncode == expect, f"{words} exited {ran.returncode}:\n{self.said}"

    def _commands(self, text: str) -> None:
        for line in text.splitlines():
            command, _, remark = line.partition("#")
            words = command.split()
            if words[0] == "export":
                self.environment.update([words[1].split("=")])
            elif words[0] == "make":
                self._make(words[1])
            else:
                assert words[0] == ".venv/bin/dajian", line
                self.dajian(*words[1:], expect=int(remark.removeprefix(" exit") or 0))

    def _make(self, target: str) -> None:
        """A demo never ends, so its lasting part, the installed app, stands for it."""
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M), target
        assert target == "demo"
        self.dajian("user", "add", "owner", "--owner")
        self.dajian("install", "order_tracking")

    def _compare(self, text: str) -> None:
        for line in text.splitlines():
            assert line in self.said, f"{line!r} is not in\n{self.said}"

    def _change(self, text: str) -> None:
        head, old, new = text.splitlines()
        file = self.folder / head.removeprefix("--- ")
        before = file.read_text(encoding="utf-8")
        assert before.count(old[1:] + "\n") == 1, f"{old[1:]!r} is not once in {file.name}"
        file.write_text(before.replace(old[1:] + "\n", new[1:] + "\n"), encoding="utf-8")

    def _yaml(self, text: str) -> None:
        name, _, more = text.splitlines()[0].removeprefix("# ").partition(" ")
        if name == "records":
            self.stage = Stage.of(self.load(), text, REGISTRY)
            return
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        self.app = file.parent
        if more == "+":
            whole = merged(yaml.safe_load(file.read_text(encoding="utf-8")), yaml.safe_load(text))
            text = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)
        file.write_text(text, encoding="utf-8")

    def load(self) -> App:
        """The app as the page has it by now; there must be no error in it."""
        assert self.app is not None
        loaded = load(read_folder(self.app), load_catalogue(), REGISTRY)
        assert [d for d in loaded.diagnostics if d.severity is Severity.ERROR] == []
        assert loaded.app is not None
        return loaded.app

    def _evaluate(self, text: str) -> None:
        assert self.stage is not None
        for line in text.splitlines():
            self.stage.check(line)


def merged(whole: Any, change: Any) -> Any:
    """Maps are united, everything else is replaced."""
    if not isinstance(whole, dict) or not isinstance(change, dict):
        return change
    return {**whole, **{key: merged(whole.get(key), value) for key, value in change.items()}}
