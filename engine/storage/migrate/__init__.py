"""Plan and apply: what a definition needs of the database, shown before it is done, and done while people work on."""

from __future__ import annotations

from engine.storage.migrate.briefly import briefly
from engine.storage.migrate.fill import Filler
from engine.storage.migrate.matching import Wanted, declared
from engine.storage.migrate.pacing import STEADY, Pace
from engine.storage.migrate.plan import plan
from engine.storage.migrate.purge import Hidden, clear_left_over, hidden, purge
from engine.storage.migrate.steps import Migration, PlanStep, Refused, Risk
from engine.storage.migrate.swap import Publishing

__all__ = [
    "STEADY",
    "Filler",
    "Hidden",
    "Migration",
    "Pace",
    "PlanStep",
    "Publishing",
    "Refused",
    "Risk",
    "Wanted",
    "briefly",
    "clear_left_over",
    "declared",
    "hidden",
    "plan",
    "purge",
]
