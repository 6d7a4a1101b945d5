"""A guide as something to do: its fenced blocks in order. `sh` are commands, `text` is what the last one said, `diff` changes a
file, `yaml` is a whole file whose first line names it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

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
    environment: dict[str, str] = field(default_factory=dict)

    def follow(self, block: Block) -> None:
        """Do one block; an AssertionError says what is not as the page has it."""
        {"sh": self._commands, "text": self._compare, "diff": self._change, "yaml": self._write}[block.kind](block.text)

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

    def _write(self, text: str) -> None:
        name = text.splitlines()[0].removeprefix("# ")
        (self.folder / name).write_text(text, encoding="utf-8")
