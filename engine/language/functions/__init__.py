"""The registry of functions: one file per group; each function declares its back ends."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.language.functions import generic, geography, number, text, time
from engine.language.functions.protocol import Function

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {each.name: each for group in (generic, text, number, time, geography) for each in group.FUNCTIONS}
)
