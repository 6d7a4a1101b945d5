"""What the proofs over a whole definition find: rules that never fire, loops, values given away, what stays undecided."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.message import Message

PROOFS: Mapping[str, Message] = MappingProxyType({})
