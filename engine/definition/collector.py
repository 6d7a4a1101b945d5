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
    """Pauses it for the block. The switch is the whole process's: who turns it off turns it on again, and who finds it off
    leaves it alone. So of blocks that overlap in several threads none leaves it off, and it is never off for longer than one
    of them takes."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
