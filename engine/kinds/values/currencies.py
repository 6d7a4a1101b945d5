"""Currencies: how many places their amounts have (ISO 4217), and by which signs and words people know them (CLDR, by Babel)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from babel.core import Locale
from babel.numbers import get_territory_currencies

# The organisation's own.
HOME = "CNY"
# ISO 4217 where it is not two. (CLDR's digits follow what people do with cash, which loses what a bank books.)
_PLACES = MappingProxyType(
    {
        "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0,
        "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
        "CLF": 4, "UYW": 4,
    }
)  # fmt: skip
# What people write besides; a sign that several currencies share is each one's own in its own field.
_ALSO: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "CNY": ("¥", "RMB", "元", "圆", "块"),
        "JPY": ("¥", "円"),
        "USD": ("$", "美金"),
        "EUR": ("€",),
        "GBP": ("£",),
        "HKD": ("HK$", "港币"),
        "TWD": ("NT$", "台币"),
        "KRW": ("₩",),
    }
)
# Not the clock's own day: a definition must not stop being one overnight.
_SINCE = date(2026, 1, 1)
_LANGUAGES = ("zh_Hans", "en")


def places(currency: str) -> int:
    """Decimal places of an amount."""
    return _PLACES.get(currency, 2)


@cache
def currencies() -> tuple[str, ...]:
    """The codes of all money that has been legal tender somewhere since 2026, sorted."""
    territories = [str(each) for each in Locale("en").territories]
    found = {code for each in territories if len(each) == 2 for code in get_territory_currencies(each, start_date=_SINCE)}
    return tuple(sorted(found))


@cache
def marks(currency: str) -> tuple[str, ...]:
    """Its code, signs and names, longest first, in capitals."""
    found = {currency, *_ALSO.get(currency, ())}
    for language in _LANGUAGES:
        locale = Locale.parse(language)
        found |= {str(locale.currency_symbols.get(currency, currency)), str(locale.currencies.get(currency, currency))}
    folded = {each.upper().replace("￥", "¥") for each in found}
    return tuple(sorted(folded, key=lambda mark: (-len(mark), mark)))


@cache
def known_marks() -> Mapping[str, tuple[str, ...]]:
    """Sign, code or name → the currencies that go by it."""
    found: dict[str, tuple[str, ...]] = {}
    for currency in currencies():
        for mark in marks(currency):
            found[mark] = (*found.get(mark, ()), currency)
    return MappingProxyType(found)
