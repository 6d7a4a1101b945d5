"""Definitions in every style that people write, from a seed: an own writer, that knows nothing of the editor's."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from random import Random
from typing import Any

NAMES = ["a", "bb", "ccc", "amount", "order_no", "on", "中文", "long_name_of_a_field", "x y", "no", "it's"]
TEXTS = [
    *("x", "on", "yes", "12:30", "0012", "2h", "a: b", "# x", "x #y", "{", "}", "[a", "@at", " lead", "trail  "),
    *("中文，文字", "😀 emoji", "Shipped, not signed", "amount == 3 and status in ['a', 'b']", "it's", 'say "hi"'),
    *("back\\slash", "-", "- x", "-paid_at", "?", "", "~", "null", "true", "True", "1.5", ".5", "007", "1e3", "2026-11-22"),
    *("key:", "*a", "&a", "!t", "%d", "`x`", "|", ">", "a\tb", "…", "---", "...", "#", "=", "<<", "'", '"', "0x1F", "1_000"),
    *("two\nlines", "three\nlines\nhere\n", "gap\n\nin it\n", "  in\nout", "ends\n\n", "\n", "line\u2028sep", "nel\x85x"),
    *("cr\rx", "a,b", "a , b", "x]", "x}", ":x", "x:y", "a:b, c", "+1", "y", "n"),
]
_PLAIN = re.compile(r"[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*(?: [A-Za-z0-9_\u4e00-\u9fff]+)*")
_READ_OTHERWISE = {"true", "True", "false", "null"}


def value(rng: Random, depth: int) -> Any:
    """Some value, not deeper than that."""
    roll = rng.random()
    if depth <= 0 or roll < 0.55:
        return leaf(rng)
    if roll < 0.85:
        return {name: value(rng, depth - 1) for name in rng.sample(NAMES, rng.randint(0 if rng.random() < 0.1 else 1, 4))}
    return [value(rng, depth - 1) for _ in range(rng.randint(0 if rng.random() < 0.1 else 1, 4))]


def leaf(rng: Random) -> Any:
    roll = rng.random()
    if roll < 0.75:
        return rng.choice(TEXTS)
    return rng.choice([True, False, None, 0, 1, -7, 10**17, Decimal("1.50"), Decimal("-0.001")])


def definition(rng: Random) -> dict[str, Any]:
    """Something in the shape of a definition."""
    data: dict[str, Any] = {"app": "shop", "title": {"zh": "店", "en": "Shop"}}
    for section in rng.sample(["roles", "tables", "permissions", "rules", "alerts", "boards"], rng.randint(1, 4)):
        data[section] = {name: value(rng, 3) for name in rng.sample(NAMES, rng.randint(1, 4))}
    return data


class Writer:
    """Writes data as YAML in one person's habits."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.step = rng.choice([2, 2, 2, 3, 4])
        self.dashes = rng.choice([0, self.step, 2])
        self.comments = rng.choice([0, 0.15, 0.4])
        self.inside = rng.choice(["", "", " "])
        self.rows: list[str] = []

    def text(self, data: dict[str, Any]) -> bytes:
        rng = self.rng
        if rng.random() < 0.2:
            self.rows += ["# 说明", ""][: rng.randint(1, 2)]
        self.block(data, 0, gap=rng.choice([0, 1, 1, 2]))
        if rng.random() < 0.2:
            self.rows += ["", "# the end"][rng.randint(0, 1) :]
        end = rng.choice(["\n", "\n", "\r\n"])
        bare = rng.random() < 0.15 and not self.rows[-1].startswith(" ")  # a literal block at the end needs its line break
        text = end.join(self.rows) + ("" if bare else end)
        return text.encode("utf-8-sig" if rng.random() < 0.1 else "utf-8")

    def block(self, data: dict[str, Any], column: int, *, gap: int = 0, first: str = "") -> None:
        lined = self.rng.random() < 0.4
        width = max(len(self.key(name, flow=False)) for name in data)
        for number, (name, each) in enumerate(data.items()):
            margin = first if not number and first else " " * column
            if number or not first:
                self.before(column, gap if number else 0)
            head = margin + self.key(name, flow=False) + ":"
            self.entry(head, " " * (width - len(self.key(name, flow=False)) + 1) if lined else " ", each, column)

    def items(self, data: list[Any], column: int, first: str = "") -> None:
        for number, each in enumerate(data):
            if number or not first:
                self.before(column, 0)
            self.entry((first if not number and first else " " * column) + "-", " ", each, column, dash=True)

    def before(self, column: int, gap: int) -> None:
        self.rows += [""] * gap
        if self.rng.random() < self.comments:
            self.rows.append(" " * column + "# about, it's: {next}")

    def entry(self, head: str, pad: str, each: Any, column: int, *, dash: bool = False) -> None:
        rng = self.rng
        if isinstance(each, (dict, list)) and each and rng.random() < 0.6:
            if dash:
                first, inner = head + pad, len(head + pad)
                self.block(each, inner, first=first) if isinstance(each, dict) else self.items(each, inner, first=first)
            else:
                self.rows.append(head + self.behind())
                inner = column + (self.step if isinstance(each, dict) else self.dashes)
                self.block(each, inner, gap=rng.choice([0, 0, 0, 1])) if isinstance(each, dict) else self.items(each, inner)
            return
        lines = self.lines(each, column)
        if lines is not None and rng.random() < 0.7:
            self.rows += [head + pad + lines[0], *lines[1:]]
        elif isinstance(each, (dict, list)) and each and rng.random() < 0.25:
            self.spread(head + pad, each, column + self.step)
        elif each is None and rng.random() < 0.3:
            self.rows.append(head + self.behind().replace("\t", " "))
        else:
            self.rows.append(head + pad + self.inline(each, flow=False) + self.behind())

    def behind(self) -> str:
        return self.rng.choice(["  # why", " # {a: 1}", "\t# tab"]) if self.rng.random() < self.comments else ""

    def lines(self, each: Any, column: int) -> list[str] | None:
        """A text as a literal or folded block."""
        if not isinstance(each, str) or "\n" not in each or re.search("[\r\x85\u2028]", each) or not each.strip():
            return None
        body = each.rstrip("\n")
        if each[0] in " \n" or any(row != row.strip() for row in body.split("\n")):
            return None
        tail = each[len(body) :]
        mark = {"": "-", "\n": ""}.get(tail)
        if mark is None:
            return None
        fold = self.rng.random() < 0.3
        rows = (re.sub(r"\n+", lambda m: m[0] + "\n", body) if fold else body).split("\n")
        margin = " " * (column + self.step)
        header = (">" if fold else "|") + mark + (" # note" if self.rng.random() < self.comments else "")
        return [header, *(margin + row if row else "" for row in rows)]

    def spread(self, head: str, each: Any, column: int) -> None:
        """In braces over several lines."""
        margin, opening, closing = " " * column, *("{}" if isinstance(each, dict) else "[]")
        rows = (
            [self.pair(name, one) for name, one in each.items()]
            if isinstance(each, dict)
            else [self.inline(one, flow=True) for one in each]
        )
        comma = self.rng.random() < 0.4
        self.rows.append(head + opening)
        for number, row in enumerate(rows):
            if self.rng.random() < self.comments:
                self.rows.append(margin + "# in braces, {odd")
            self.rows.append(margin + row + ("," if comma or number < len(rows) - 1 else "") + self.behind())
        self.rows.append(" " * max(column - self.step, 1) + closing)

    def pair(self, name: str, each: Any) -> str:
        return f"{self.key(name, flow=True)}: {self.inline(each, flow=True)}"

    def inline(self, each: Any, *, flow: bool) -> str:
        if isinstance(each, dict):
            return (
                "{" + self.inside + ", ".join(self.pair(n, one) for n, one in each.items()) + self.inside + "}"
                if each
                else "{}"
            )
        if isinstance(each, list):
            return "[" + ", ".join(self.inline(one, flow=True) for one in each) + "]"
        if each is None or isinstance(each, bool):
            return json.dumps(each)
        return self.quoted(each) if isinstance(each, str) else str(each)

    def quoted(self, each: str) -> str:
        roll = self.rng.random()
        if roll < 0.6 and _PLAIN.fullmatch(each) and each not in _READ_OTHERWISE:
            return each
        if roll < 0.8 and not re.search("[\r\n\t\x85\u2028]", each):
            return "'" + each.replace("'", "''") + "'"
        return json.dumps(each, ensure_ascii=False).replace("\x85", "\\N").replace("\u2028", "\\L")

    def key(self, name: str, *, flow: bool) -> str:
        return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)
