"""Text for people in both languages, kept together from where it is written to where it is shown.

Here and nowhere else is a `{slot}` filled. A message is filled in one pass, so what goes into a slot (a title, a value) is
never itself read as a message, whatever braces it holds. `{n|day|days}` is the word for one or for several of the slot `n`.
It must not know where a message comes from or who reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SLOT = re.compile(r"\{(\w+)(?:\|([^{}|]*)\|([^{}|]*))?\}", re.ASCII)
_HAN = r"[\u3400-\u9fff]"
_LATIN = r"[A-Za-z0-9]"
# Where a slot and its surroundings meet, Chinese typography sets a space between Chinese and Latin letters or digits.
_BEFORE = (re.compile(_HAN), re.compile(rf"[-+−]?{_LATIN}"))
_AFTER = (re.compile(_LATIN), re.compile(_HAN))


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or label in Chinese and English. Chinese comes first; a missing language falls back to the other."""

    zh: str
    en: str

    @staticmethod
    def of(value: str | Mapping[str, str]) -> Text:
        """A definition's label: one string for both languages, or a map by locale (`zh`, `en`)."""
        if isinstance(value, str):
            return Text(value, value)
        zh = value.get("zh") or value.get("en") or ""
        return Text(zh, value.get("en") or zh)

    def to(self, locale: str) -> str:
        """The text for a locale name such as `zh_CN`, `zh-CN`, `en` or `en_GB`."""
        return self.en if locale.lower().startswith("en") else self.zh

    def fill(self, **slots: object) -> Text:
        """Both languages with `{slot}` replaced; a slot that is a Text goes in by its own language. Slots without a value
        stay as they are, to be filled later."""
        given = {name: _both(value) for name, value in slots.items()}
        zh = _SLOT.sub(lambda slot: _filled(slot, given[slot[1]].zh) if slot[1] in given else slot[0], self.zh)
        en = _SLOT.sub(lambda slot: _filled(slot, given[slot[1]].en) if slot[1] in given else slot[0], self.en)
        return Text(zh, en)

    def say(self, **slots: object) -> Text:
        """As `fill`, and in Chinese with the space that people expect between 大于 and 500."""
        given = {name: _both(value) for name, value in slots.items()}
        zh = _SLOT.sub(lambda slot: _spaced(slot, given[slot[1]].zh) if slot[1] in given else slot[0], self.zh)
        return Text(zh, self.fill(**slots).en)


def _both(value: object) -> Text:
    return value if isinstance(value, Text) else Text(str(value), str(value))


def _filled(slot: re.Match[str], value: str) -> str:
    one, several = slot[2], slot[3]
    if one is None:
        return value
    return one if value == "1" else several


def _spaced(slot: re.Match[str], value: str) -> str:
    before, after = slot.string[: slot.start()][-1:], slot.string[slot.end() :][:1]
    left = " " if _BEFORE[0].match(before) and _BEFORE[1].match(value) else ""
    right = " " if _AFTER[0].match(value[-1:]) and _AFTER[1].match(after) else ""
    return left + value + right


_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def storable(text: str) -> bool:
    """Can every database keep it? Not NUL, and not half a surrogate pair."""
    return _UNSTORABLE.search(text) is None
