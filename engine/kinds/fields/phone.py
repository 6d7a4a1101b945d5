"""A telephone number, kept as digits so that a search by any part of it finds it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random
from typing import Any

from engine.kinds.values.text import WIDTHS, TextSought, problem, shown, typed
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text

_FILLING = re.compile(r"[\s\-–—().·]")
_NUMBER = re.compile(r"\+?[0-9]{5,15}")
_PART = re.compile(r"\+?[0-9]{2,15}")
_HOME = re.compile(r"^(?:\+86|0086|86(?=1[3-9][0-9]{9}$))")
_LEAST = 3  # digits after the country's that are worth looking for
_EXTENSION = re.compile(r"(.*?)\s*(?:转|分机号?|ext\.?|extension|x|#)[\s:.]*([0-9]{1,8})", re.IGNORECASE)
LONGEST = 80  # of what can be a number with an extension, blanks included: the pattern is not tried on more
_CHINA = re.compile(r"(?:\+86|0086|86)(1[3-9][0-9]{9})")

DOC = Doc(
    Text(
        "电话号码，只存数字，怎么写都查得到，分机号写在 x 后面；可以打码显示。",
        "A telephone number, kept as digits, so that any part of it finds it, an extension after `x`; can be shown masked.",
    ),
    "phone: {type: phone, title: {zh: 手机号, en: Phone}}",
)


class PhoneKind(TextSought):
    """No keys of its own."""

    name = "phone"
    schema: Mapping[str, Any] = {"default": False}
    widget = "phone"

    def parse(self, raw: Any, field: Field) -> str | None:
        """`138 0013 8000`, `+86-138-0013-8000`, `(021) 6123-4567`, `+1 202 555 0123` → digits, abroad with `+`;
        `021-61234567 转 801`, `ext. 801` → `02161234567x801`."""
        text = typed(raw, Text("带引号的电话号码", "a phone number as text"))
        if text is None:
            return None
        if "*" in text:
            raise problem("masked", "这是打了星号的号码，请填完整号码", "This number is masked; give the full number")
        number, extension = _parted(text)
        digits = _FILLING.sub("", number)
        if not _NUMBER.fullmatch(digits):
            raise problem(
                "not-a-phone",
                "「{given}」不是电话号码；请写 5 到 15 位数字，例如 13800138000",
                "“{given}” is not a phone number; give 5 to 15 digits such as 13800138000",
                given=shown(text),
            )
        at_home = _CHINA.fullmatch(digits)
        return (at_home[1] if at_home else digits) + extension

    def sought(self, text: str) -> tuple[str, ...]:
        """`138-0000 1234`, `+86 138` and `(021) 6123` as the digits that are kept; `+86` may stand before one that has none."""
        digits = _FILLING.sub("", text.translate(WIDTHS))
        if not _PART.fullmatch(digits):
            return (text,)
        at_home = _HOME.sub("", digits)
        return tuple(dict.fromkeys((digits, at_home) if len(at_home) >= _LEAST else (digits,)))

    def sample(self, field: Field, random: Random) -> str:
        """A number out of a mobile range."""
        return f"139{random.randrange(10**8):08d}"


def _parted(text: str) -> tuple[str, str]:
    """The number, and `x` with the extension behind it if there is one."""
    found = _EXTENSION.fullmatch(text) if len(text) <= LONGEST else None
    return (found[1], "x" + found[2]) if found is not None else (text, "")


KIND = PhoneKind()
