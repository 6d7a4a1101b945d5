"""Start a server of the bench as a process of its own, wait until it answers, and end it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WAIT_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int

    def spent(self) -> float:
        """Seconds of processor time so far, all threads; what a busy machine disturbs least. (Linux.)"""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(module: str, arguments: Sequence[str]) -> Iterator[Server]:
    """`python -m module *arguments PORT` while the block runs."""
    port = _free_port()
    process = subprocess.Popen([sys.executable, "-m", module, *arguments, str(port)], stdout=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it answered")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"no answer on port {port} within {WAIT_SECONDS} s")
