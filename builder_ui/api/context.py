"""What a route of the API may reach. Made once in make_api and passed on."""

from __future__ import annotations

from dataclasses import dataclass

from builder_ui.ports import Settings
from engine.people.service import People
from engine.runtime.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a route may reach."""

    runtime: Runtime
    people: People
    settings: Settings
