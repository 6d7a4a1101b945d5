"""Bytes of a file → its text, which is UTF-8. What is not is refused with the place and what it looks like, because "not UTF-8"
alone helps nobody whose editor saved GBK without asking."""

from __future__ import annotations

import re

from engine.definition.messages import diagnose
from engine.model.diagnostic import DefinitionError, Diagnostic, Span
from engine.model.text import Text

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_SAMPLE = 65_536
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
# Where the frequent characters of each lie.
_FREQUENT = {"GBK": re.compile(rb"[\xb0-\xd7][\xa1-\xfe]"), "Big5": re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]")}
_MOSTLY = 0.6
_LONE = re.compile(rb"(?<![\x80-\xff])[\xa0-\xff](?![\x80-\xff])")
_LOOKS = Text("看来是 {name}", "it looks like {name}")
_OPEN_AS = Text("用编辑器按 {name} 打开，再另存为 UTF-8", "Open it as {name} in your editor and save it as UTF-8")
_DAMAGED = Text("大部分是，这里断了", "most of it is, and it breaks off here")
_TYPE_AGAIN = Text("把这个字重新输入一遍，或找回完好的文件", "Type this character again, or get the file back whole")
_UNKNOWN = Text("看不出是什么编码", "there is no telling what it is")


def decode(file: str, data: bytes) -> str:
    """The text without a byte order mark. Raises DefinitionError with the place of the first byte that does not fit."""
    wide = _sixteen(data)
    if wide is not None:
        raise DefinitionError([_other(Span(file, 1, 1), wide)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        span = place_after(file, data[: error.start].decode("utf-8", "replace").removeprefix("\ufeff"))
        raise DefinitionError([_narrow(span, data, error)]) from None
    found = UNPRINTABLE.search(text)
    if found:
        raise DefinitionError([diagnose("bad-character", place_after(file, text[: found.start()]), "")])
    return text


def place_after(file: str, before: str) -> Span:
    """The place after a piece of text."""
    return Span(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _sixteen(data: bytes) -> str | None:
    """UTF-16 and UTF-32 show by their mark, or by the zeros beside every Latin letter."""
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "UTF-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    sample = data[:_SAMPLE]
    zeros = sample[::2].count(0), sample[1::2].count(0)
    return "UTF-16" if max(zeros) > max(len(sample) / 8, 3) and min(zeros) * 4 < max(zeros) else None


def _narrow(span: Span, data: bytes, error: UnicodeDecodeError) -> Diagnostic:
    sample = data[max(error.start - _SAMPLE // 2, 0) : error.start + _SAMPLE // 2]
    replaced = sample.decode("utf-8", "replace")
    good = len(re.findall(r"[^\x00-\x7f\ufffd]", replaced))
    if error.reason == "unexpected end of data" or good > 2 * replaced.count("\ufffd"):
        return diagnose("bad-encoding", span, "", what=_DAMAGED, hint=_TYPE_AGAIN)
    pairs = _PAIR.findall(sample)
    shares = {name: sum(map(bool, map(form.fullmatch, pairs))) / max(len(pairs), 1) for name, form in _FREQUENT.items()}
    name = max(shares, key=lambda each: shares[each])
    if shares[name] >= _MOSTLY and "\ufffd" not in sample[sample.index(data[error.start]) :].decode(name, "replace")[:-1]:
        return _other(span, name)
    return _other(span, "Latin-1") if _LONE.search(sample) else diagnose("bad-encoding", span, "", what=_UNKNOWN)


def _other(span: Span, name: str) -> Diagnostic:
    return diagnose("bad-encoding", span, "", what=_LOOKS.fill(name=name), hint=_OPEN_AS.fill(name=name))
