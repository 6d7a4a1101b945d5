"""How much work the search for circles may be in all. Of its own, because one large app has many circles, each with many
chains: bounded one by one, they would still take minutes together."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.walk import walk
from engine.model.tree import Node

_MOST = 40_000  # nodes of questions: some seconds
_STEP = 20  # of following a chain one link further, in nodes
_REPEATED = 3  # of a question that has been answered before


@dataclass(slots=True)
class Effort:
    """`left`: nodes of conditions that may still be put to the solver, whose work grows with them."""

    left: int = _MOST

    @property
    def spent(self) -> bool:
        """Is there nothing left?"""
        return self.left < 0

    def step(self) -> None:
        """One link of a chain."""
        self.left -= _STEP

    def ask(self, question: Node, *, answered: bool = False) -> None:
        """One question; `answered`: it has been put before."""
        self.left -= _REPEATED if answered else _STEP + sum(1 for _ in walk(question))
