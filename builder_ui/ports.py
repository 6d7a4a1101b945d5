"""What the web needs from outside the engine. The engine's own parts are used as they are: they lie below in the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

Json = Mapping[str, Any]


class Settings(Protocol):
    """What the house was started with."""

    @property
    def locale(self) -> str: ...
    @property
    def timezone(self) -> str: ...
    @property
    def base_url(self) -> str | None: ...
