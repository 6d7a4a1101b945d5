"""Python's cycle collector, paused while many objects are made that are all kept.

Here, because it goes through everything that is alive each time the number has grown by a quarter: half of the time of loading
a large definition. What a load makes is bounded by the reader's limits and holds hardly a cycle, so nothing piles up.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pauses it for the block. Of blocks that overlap in several threads the first to end may set it going again; none leaves
    it off."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
