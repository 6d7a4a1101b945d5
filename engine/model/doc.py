"""What a kind or a function says of itself to people who write definitions; the reference pages are made from it.

Here, because kinds and the language both say it. It must hold nothing that is not shown."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.text import Text


@dataclass(frozen=True, slots=True)
class Doc:
    """`about`: what it is for. `example`: for a kind YAML (a field's definition, a step, what stands after `when:`), for an
    aggregate `call → result`; a test runs it."""

    about: Text
    example: str
