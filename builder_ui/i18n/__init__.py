"""The words of the pages: English message ids, one `.po` file per language, read at start without a compile step.

`_()` answers in the language of the request. Texts of definitions and problems are not here: they carry both (`Text`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask import g

FOLDER = Path(__file__).parent
LANGUAGES: Mapping[str, str] = MappingProxyType({"zh_CN": "中文", "en": "English"})
# An entry that an island uses carries this word as an extracted comment (`#. js`).
ISLAND = "js"


@dataclass(frozen=True, slots=True)
class Words:
    """One language's messages. `islands` holds those that scripts use. A missing message is its id, which is plain English."""

    locale: str
    messages: Mapping[str, str]
    plurals: Mapping[tuple[str, str], tuple[str, ...]]
    islands: Mapping[str, str]

    def gettext(self, message: str) -> str:
        """The message in this language, slots (`%(name)s`) unfilled."""
        return self.messages.get(message) or message

    def ngettext(self, one: str, many: str, number: int) -> str:
        """As gettext for a message that depends on a number."""
        forms = self.plurals.get((one, many), ())
        if len(forms) == 1 and forms[0]:
            return forms[0]
        return one if number == 1 else many

    @property
    def tag(self) -> str:
        """The language as HTML names it: `zh-CN`, `en`."""
        return self.locale.replace("_", "-")


def load_words() -> Mapping[str, Words]:
    """Every language in this folder."""
    return MappingProxyType({locale: _read(locale) for locale in LANGUAGES})


def _read(locale: str) -> Words:
    with (FOLDER / f"{locale}.po").open("rb") as file:
        catalogue = read_po(file, locale=locale)
    messages: dict[str, str] = {}
    plurals: dict[tuple[str, str], tuple[str, ...]] = {}
    islands: dict[str, str] = {}
    for entry in catalogue:
        if not entry.id:
            continue
        if isinstance(entry.id, tuple | list):
            plurals[entry.id[0], entry.id[1]] = tuple(entry.string or ())
        else:
            messages[entry.id] = str(entry.string)
            if ISLAND in entry.auto_comments:
                islands[entry.id] = _text(entry)
    return Words(locale, MappingProxyType(messages), MappingProxyType(plurals), MappingProxyType(islands))


def _text(entry: Message) -> str:
    return str(entry.string) or str(entry.id)


def words() -> Words:
    """The words of the request's language."""
    found: Words = g.words
    return found


def _(message: str, **slots: object) -> str:
    """A message in the language of the request, its slots filled."""
    text = words().gettext(message)
    return text % slots if slots else text


def ngettext(one: str, many: str, number: int, **slots: object) -> str:
    """As `_` for a message that depends on a number, which is itself a slot (`%(num)s`)."""
    return words().ngettext(one, many, number) % {"num": number, **slots}


def choose_locale(*wishes: str | None) -> str:
    """The first wish that names a language we speak: `en`, `en-GB`, `zh`, `zh_CN` …; else Chinese."""
    for wish in wishes:
        for part in re.split(r"[,\s]+", wish or ""):
            language = part.split(";")[0].strip().lower().replace("_", "-").split("-")[0]
            if language == "en":
                return "en"
            if language == "zh":
                return "zh_CN"
    return "zh_CN"
