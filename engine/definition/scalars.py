"""What an unquoted value means: YAML 1.2's core scalars, but for numbers that people do not mean as such.

`on`, `yes`, `12:30`, dates and `1_000` are text in YAML 1.2 anyway. Of what it calls numbers, `0012`, `+86`, `1e3`, `0x1F`,
`0o17`, `.inf` and whatever has more digits than a number here can hold stay text, because they are order numbers, dialling
codes and SKUs far more often than numbers; where a number is needed, the checker says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from engine.definition.nodes import Plain

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})?\.[0-9]{1,18}")
_CONSTANTS: Mapping[str, Plain] = MappingProxyType(
    {
        **dict.fromkeys(("true", "True", "TRUE"), True),
        **dict.fromkeys(("false", "False", "FALSE"), False),
        **dict.fromkeys(("null", "Null", "NULL", "~", "")),
    }
)


def resolve(text: str) -> Plain:
    """The value of an unquoted scalar."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text
