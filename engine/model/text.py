"""Text for people in both languages, kept together from where it is written to where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


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
        """Both languages with `{slot}` replaced; a slot that is a Text goes in by its own language."""
        zh, en = self.zh, self.en
        for name, value in slots.items():
            both = value if isinstance(value, Text) else Text(str(value), str(value))
            zh, en = zh.replace("{" + name + "}", both.zh), en.replace("{" + name + "}", both.en)
        return Text(zh, en)
