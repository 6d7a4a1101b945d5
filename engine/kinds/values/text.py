"""What kinds that take typed text share: widths, blanks, characters that no field may hold. Knows nothing of one kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.protocols import ValueProblem
from engine.language.sqltypes import words
from engine.model.app import Field
from engine.model.text import Text
from engine.model.types import TEXT, Type

# Full-width ASCII only. Unicode's own folding (NFKC) would also turn `1²` into `12`.
WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE5: 0xA5, 0x3000: 0x20, 0xA0: 0x20}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
SHOWN = 30
LONGEST_TYPED = 10_000
_ANY = Text("文字", "text")


class TextKept:
    """What kinds have in common whose value is a text, in Python, in JSON and in the database."""

    def type(self, options: Mapping[str, Any]) -> Type:
        """TEXT."""
        return TEXT

    def to_json(self, value: Any, field: Field) -> Any:
        """The text."""
        return value

    def column(self, field: Field) -> TypeEngine[Any]:
        """Text."""
        return words()


class TextSought(TextKept):
    """Such a kind whose texts people search for a part of. Implements protocols.Sought."""

    def sought(self, text: str) -> tuple[str, ...]:
        """Any part of it."""
        return (text,)


def shown(raw: object) -> str:
    """A short form of what was given, for a message."""
    if isinstance(raw, int) and not isinstance(raw, bool) and raw.bit_length() > 128:
        return "…"
    text = _SURROGATE.sub("�", _CONTROL.sub("�", raw if isinstance(raw, str) else repr(raw)[: SHOWN * 4]))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def problem(code: str, zh: str, en: str, **slots: object) -> ValueProblem:
    """A refusal in both languages with its slots filled."""
    return ValueProblem(code, Text(zh, en).fill(**slots))


def clean(raw: str) -> str:
    """The text, refused when it holds what no text may: NUL and other control characters, halves of characters."""
    if _CONTROL.search(raw):
        raise problem(
            "control-character",
            "文字里有看不见的控制字符，请删掉后重输",
            "There are invisible control characters in the text; remove them",
        )
    if _SURROGATE.search(raw):
        raise problem(
            "broken-character", "文字里有残缺的字符，请重新输入", "There are broken characters in the text; type it again"
        )
    return raw


def typed(raw: Any, wanted: Text = _ANY) -> str | None:
    """What a person typed for a number, a date or a name: half width, trimmed; None for blank or None. `raw` text only;
    `wanted` is what is asked for instead of anything else."""
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise wrong_type(raw, wanted)
    if len(raw) > LONGEST_TYPED:
        raise too_long(LONGEST_TYPED)
    return clean(raw).translate(WIDTHS).strip() or None


def read_text(raw: Any, most: int, *, lines: bool = False) -> str | None:
    """Text as it was written, without the blanks around it; None for blank or None. At most `most` characters; `lines`: it
    may have several, parted by `\\n`."""
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise wrong_type(raw, _ANY)
    # What is far too long is not looked at: that would take as long as it is.
    text = clean(raw.strip()) if len(raw) <= most * 4 + SHOWN else raw
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > most:
        raise too_long(most)
    if not lines and (len(text.splitlines()) > 1 or "\t" in text):
        raise problem("one-line", "这里只能写一行，请去掉换行和制表符", "This takes one line; remove line breaks and tabs")
    return text or None


def too_long(most: int) -> ValueProblem:
    """More characters than there is room for."""
    return problem("too-long", "太长：最多 {n} 个字", "Too long: at most {n} characters", n=most)


def wrong_type(raw: object, wanted: Text) -> ValueProblem:
    """A JSON value of another type than the kind takes."""
    return problem(
        "wrong-type", "这里要{wanted}，给的是{given}", "This takes {wanted}, not {given}", wanted=wanted, given=_type_name(raw)
    )


def _type_name(raw: object) -> Text:
    names: tuple[tuple[type | tuple[type, ...], Text], ...] = (
        (bool, Text("是/否", "true/false")),
        ((int, float, Decimal), Text("数字", "a number")),
        (str, Text("文字", "text")),
        ((list, tuple, set, frozenset), Text("一个列表", "a list")),
        (dict, Text("一组值", "an object")),
        ((date, timedelta), Text("时间", "a time")),
    )
    return next((text for kind, text in names if isinstance(raw, kind)), Text("别的东西", "something else"))
