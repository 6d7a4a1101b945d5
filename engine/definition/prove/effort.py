"""How much work the search for circles may be in all. Of its own, because one large app has many circles, each with many
chains: bounded one by one, they would still take minutes together."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.walk import walk
from engine.model.tree import Node

# Nodes of questions, for all circles and for one: some seconds, and about one. What can be decided rarely takes a few thousand.
_MOST, _MOST_OF_ONE = 48_000, 12_000
_STEP = 20  # of following a chain one link further, in nodes
_REPEATED = 3  # of a question that has been answered before


@dataclass(slots=True)
class Effort:
    """Nodes of conditions that may still be put to the solver, whose work grows with them: `left` in all, `here` for the circle
    that is being looked at."""

    left: int = _MOST
    here: int = _MOST_OF_ONE

    def begin(self) -> None:
        """The next circle."""
        self.here = _MOST_OF_ONE

    @property
    def exhausted(self) -> bool:
        """Is there nothing left for any circle?"""
        return self.left < 0

    @property
    def spent(self) -> bool:
        """Is there nothing left for this one?"""
        return self.exhausted or self.here < 0

    def step(self) -> None:
        """One link of a chain."""
        self._take(_STEP)

    def ask(self, question: Node, *, answered: bool = False) -> None:
        """One question; `answered`: it has been put before."""
        self._take(_REPEATED if answered else _STEP + sum(1 for _ in walk(question)))

    def _take(self, nodes: int) -> None:
        self.left -= nodes
        self.here -= nodes
