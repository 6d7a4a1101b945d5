"""diagnostics.md and diagnostics.zh-CN.md: every code, how bad it is, what it says, what helps, and an example with the very
lines that come out. The examples are the golden files of the tests, cut down to the lines that matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from engine.definition.codes import codes
from engine.language.messages import MESSAGES as OF_EXPRESSIONS
from engine.model.diagnostic import Severity
from engine.model.message import Message
from engine.model.text import Text
from tests.golden.cases import BAD, case_of, cases

LONGEST_LINE, MOST_SHOWN = 160, 5
_LINE = re.compile(r"^(?P<file>[^:]*):(?P<line>\d+):\d+ (?P<code>\S+) .*(?:\n    .*)?", re.M)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_TITLE = Text("诊断代码", "Diagnostic codes")
_INTRODUCTION = Text(
    """`dajian check` 和页面说的每一个问题都有一个代码。代码不会变，句子会随地方写得更具体；花括号里的词由那个地方填上。
每个代码下面是一个有这个问题的定义（`# …` 是省去的行），和它得到的原话。""",
    """Every problem that `dajian check` and the pages name has a code. The code stays; the sentence is more particular where
the place knows more, and the words in braces are filled in there. Below each code is a definition that has the problem (`# …`
are lines left out), and exactly what is said of it.""",
)
_SEVERITIES: Mapping[Severity, Text] = {
    Severity.ERROR: Text("错误：不能发布，或这一部分搁置", "error: it is not published, or this part is set aside"),
    Severity.WARNING: Text("警告：可以发布；`--strict` 时算错误", "warning: it is published; an error with `--strict`"),
    Severity.PENDING: Text("待运行：已收下，这一版还不运行", "pending: accepted, not running yet in this version"),
    Severity.NOTE: Text("说明：无法判定的地方", "note: something that could not be decided"),
}
_SECTIONS = (Text("定义", "Definitions"), Text("表达式", "Expressions"))
_REMEDY = Text("怎么改：", "What helps: ")
_SAYS = Text("得到：", "It says:")
_NONE = Text("（没有文件可看。）", "(There is no file to show.)")


def pages() -> Mapping[str, str]:
    """Both languages."""
    return {"diagnostics.md": _page("en"), "diagnostics.zh-CN.md": _page("zh")}


def _page(locale: str) -> str:
    known = codes()
    parts = [f"# {_TITLE.to(locale)}", _INTRODUCTION.to(locale)]
    for title, ours in zip(_SECTIONS, (False, True), strict=True):
        mine = {code: message for code, message in known.items() if (code in OF_EXPRESSIONS) is ours}
        parts += [f"## {title.to(locale)}", *(_entry(code, message, locale) for code, message in mine.items())]
    return "\n\n".join(parts) + "\n"


def _entry(code: str, message: Message, locale: str) -> str:
    parts = [f"### {code}", message.text.to(locale), _SEVERITIES[message.severity].to(locale)]
    if message.hint is not None and message.hint.to(locale) != "{remedy}":
        parts.append(_REMEDY.to(locale) + message.hint.to(locale))
    shown = list(_said(code, locale))
    places: dict[str, set[int]] = {}
    for line in shown:
        places.setdefault(line["file"], set()).add(int(line["line"]))
    files = cases()[case_of(code)]
    parts.append("\n\n".join(_example(file, files[file], places[file]) for file in files if file in places) or _NONE.to(locale))
    parts += [_SAYS.to(locale), "```text\n" + "\n".join(line[0] for line in shown) + "\n```"]
    return "\n\n".join(parts)


def _said(code: str, locale: str) -> Iterator[re.Match[str]]:
    """What is said of a code's case in one language: the first few lines of this code."""
    text = (BAD / f"{case_of(code)}.expected").read_text(encoding="utf-8")
    zh, en = text.split("\n\n", maxsplit=1)
    return islice((line for line in _LINE.finditer(zh if locale == "zh" else en) if line["code"] == code), MOST_SHOWN)


def _example(file: str, data: bytes, places: set[int]) -> str:
    """The lines with the problem and those that they are indented under."""
    lines = data.decode("utf-8", "replace").splitlines()
    kept: set[int] = set()
    for place in places:
        wanted = len(lines[place - 1]) if place <= len(lines) else 0
        for number in range(min(place, len(lines)), 0, -1):
            indent = len(lines[number - 1]) - len(lines[number - 1].lstrip())
            if lines[number - 1].strip() and (number == place or indent < wanted):
                kept.add(number)
                wanted = indent
    return "```yaml\n" + "\n".join([f"# {file}", *_cut(lines, kept)]) + "\n```"


def _cut(lines: list[str], kept: set[int]) -> Iterator[str]:
    last = 0
    for number in sorted(kept):
        line = _INVISIBLE.sub(lambda found: f"<U+{ord(found[0]):04X}>", lines[number - 1])
        if number != last + 1:
            yield " " * (len(line) - len(line.lstrip())) + "# …"
        yield line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + " …"
        last = number
    if last != len(lines):
        yield "# …"
