"""Addresses of places in a definition: `rules.urgent.then[0]`, and what they are part of.

Here, so that a name which is none (`a.b`, refused with its own problem) cannot be mistaken for another entry: it is quoted.
"""

from __future__ import annotations

import json
import re

from engine.definition.sections import NAME_PATTERN

_NAME = re.compile(NAME_PATTERN)


def entry_path(section: str, name: str) -> str:
    """The address of an entry of a section."""
    return f"{section}.{name if _NAME.fullmatch(name) else json.dumps(name, ensure_ascii=False)}"


def entry_of(path: str) -> tuple[str, str] | None:
    """(section, entry) that an address lies in; None for a section itself."""
    section, _, rest = path.partition(".")
    if not rest:
        return None
    if rest.startswith('"'):
        return section, json.JSONDecoder().raw_decode(rest)[0]
    return section, re.split(r"[.\[]", rest, maxsplit=1)[0]
