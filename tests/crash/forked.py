"""A child process that does one thing and may be killed in the middle of it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

MOST_SECONDS = 120


def forked(work: Callable[[], object]) -> int:
    """Do it in a child process: 0 when it came to its end, 1 for an exception, negative for a signal. The child begins as a
    copy of this process, so nothing of ours may be at work beside it: a lock that another thread holds would never be free
    there. A child that hangs all the same is ended."""
    for thread in threading.enumerate():
        if thread.name.startswith("ready"):
            thread.join()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(MOST_SECONDS)
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)
