"""Checks the settings of a connection against a manifest before anything is called.

Here, because what a person typed wrong must be answered at once, in words, naming the setting and never its value."""

from __future__ import annotations

from collections.abc import Mapping

from connectors import addresses, errors
from connectors.addresses import AllowedHosts
from connectors.manifest import Manifest, Setting
from engine.model.connector import SourceError
from engine.model.text import Text

_EMPTY = Text("“{title}”没有填写", "“{title}” is empty")
_FORM = Text("“{title}”的写法不对，应形如 {example}", "“{title}” is not well-formed; it should look like {example}")
_CHARACTERS = Text("“{title}”含有不能用的字符", "“{title}” has characters that cannot be sent")


def complete(manifest: Manifest, given: Mapping[str, str], allowed: AllowedHosts) -> dict[str, str]:
    """All settings of the manifest, trimmed; a `host` becomes an origin such as `https://name.myshopify.com`. Raises
    SourceError (`settings`, `address`)."""
    return {name: _one(setting, given.get(name, ""), allowed) for name, setting in manifest.settings.items()}


def _one(setting: Setting, raw: str, allowed: AllowedHosts) -> str:
    value = raw.strip()
    if not value:
        raise _wrong(setting, _EMPTY)
    if setting.kind == "host":
        return _origin(setting, value, allowed)
    # They travel in headers: a line break would add another header.
    if not all("!" <= character <= "~" for character in value):
        raise _wrong(setting, _CHARACTERS)
    if setting.pattern is not None and not setting.pattern.fullmatch(value):
        raise _wrong(setting, _FORM)
    return value


def _origin(setting: Setting, value: str, allowed: AllowedHosts) -> str:
    """A host of the product's own pattern is called by https; any other one only if it is explicitly allowed."""
    bare = value.removeprefix("https://").rstrip("/").lower()
    if setting.pattern is None or setting.pattern.fullmatch(bare):
        return addresses.target(f"https://{bare}", allowed).origin
    if "://" in value:
        place = addresses.target(value, allowed)
        if place.allowed and place.path == "/":
            return place.origin
    raise _wrong(setting, _FORM)


def _wrong(setting: Setting, problem: Text) -> SourceError:
    return errors.settings(problem.fill(title=setting.title, example=setting.example))
