"""definition.schema.json: what editors check and complete a definition by."""

from __future__ import annotations

import json
from collections.abc import Mapping

from engine.definition.published import published
from engine.kinds.registry import Registry


def pages() -> Mapping[str, str]:
    """The schema as a file."""
    return {"definition.schema.json": json.dumps(published(Registry.load()), ensure_ascii=False, indent=2) + "\n"}
