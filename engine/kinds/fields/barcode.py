"""The number under a bar code, its check digit checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Any

from engine.kinds.values.text import WIDTHS, TextSought, problem, shown, too_long, typed
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text

LONGEST = 80
# How many digits a GTIN of each symbology has, the check digit included (GS1 General Specifications).
_DIGITS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"ean13": (13,), "ean8": (8,), "upc": (12,), "itf14": (14,), "gtin": (8, 12, 13, 14)}
)
_CODE128 = re.compile(r"[ -~]+")

DOC = Doc(
    Text(
        "条码：symbology 是 ean13、ean8、upc、itf14、code128，不写是任意商品条码（gtin，8、12、13、14 位）。商品条码查校验位。",
        "A bar code: `symbology` is ean13, ean8, upc, itf14 or code128; left out, any trade item number (gtin: 8, 12, 13 or 14 "
        "digits). Check digits are checked.",
    ),
    "barcode: {type: barcode, symbology: ean13, unique: true}",
)


class BarcodeKind(TextSought):
    """`symbology`: which bars; any GTIN unless said."""

    name = "barcode"
    schema: Mapping[str, Any] = {"symbology": {"enum": [*_DIGITS, "code128"]}}
    widget = "barcode"

    def parse(self, raw: Any, field: Field) -> str | None:
        """`6901234567892`, `690 1234 56789 2`; of Code 128 any text of ASCII characters."""
        text = typed(raw, Text("带引号的条码", "a bar code as text"))
        if text is None:
            return None
        symbology = str(field.options.get("symbology", "gtin"))
        return _code128(text) if symbology == "code128" else _gtin(text, _DIGITS[symbology])

    def sought(self, text: str) -> tuple[str, ...]:
        """Any part of it, also as it is printed, with blanks in it."""
        digits = re.sub(r"[ -]", "", text.translate(WIDTHS))
        return tuple(dict.fromkeys((text, digits))) if digits.isdigit() else (text,)

    def sample(self, field: Field, random: Random) -> str:
        """A code of the field's symbology."""
        symbology = str(field.options.get("symbology", "gtin"))
        if symbology == "code128":
            return f"SF-{random.randrange(10**10):010d}"
        body = "".join(random.choices("0123456789", k=_DIGITS[symbology][-1] - 1))
        return body + check_digit(body)


def check_digit(body: str) -> str:
    """The digit that follows: from the right, every other digit counts threefold, and all of it makes whole tens."""
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(body)))
    return str(-total % 10)


def _gtin(text: str, lengths: tuple[int, ...]) -> str:
    digits = re.sub(r"[ -]", "", text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in lengths:
        raise problem(
            "not-a-barcode",
            "「{given}」不是条码；要 {counts} 位数字",
            "“{given}” is not a bar code; it has {counts} digits",
            given=shown(text),
            counts=Text("、".join(map(str, lengths)), " or ".join(map(str, lengths))),
        )
    wanted = check_digit(digits[:-1])
    if digits[-1] != wanted:
        raise problem(
            "check-digit",
            "条码「{given}」的校验位不对：末位应是 {wanted}，请核对有没有抄错",
            "The check digit of “{given}” is wrong: the last should be {wanted}; look for a digit that was misread",
            given=shown(digits),
            wanted=wanted,
        )
    return digits


def _code128(text: str) -> str:
    if len(text) > LONGEST:
        raise too_long(LONGEST)
    if not _CODE128.fullmatch(text):
        raise problem(
            "not-a-barcode",
            "「{given}」不能印成 Code 128；只能用英文字母、数字和符号",
            "“{given}” cannot be printed in Code 128; it takes English letters, digits and signs",
            given=shown(text),
        )
    return text


KIND = BarcodeKind()
