"""The in-process worker: runs what is due, and settles the database on the disk each second. Any number of processes may
start one; a lease lets one lead."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from engine.model.connector import SourceError
from engine.model.problem import Problem
from engine.model.text import Text
from engine.runtime.core import Core
from engine.runtime.file_care import Sweeper
from engine.runtime.pull import due, postpone, run_pull
from engine.runtime.rows import Place
from engine.runtime.tend import tend
from engine.storage import leases

LEASE_SECONDS = 30.0
TICK_SECONDS = 1.0
BROKEN = Text("内部出错了，详情在服务日志里", "Something went wrong inside: the server's log says what")
log = logging.getLogger("dajian.worker")

Settings = Callable[[str, str], Mapping[str, str]]


class Worker:
    """`settings(app, connection)` gives a connection's settings with its secrets; raises Problem when one is not there."""

    def __init__(self, core: Core, settings: Settings) -> None:
        self._core = core
        self._settings = settings
        self._holder = core.new_id()
        self._sweeper = Sweeper(core)
        self._stop = threading.Event()
        # Apart, since a slow source may keep a tick for minutes and the disk must not wait for it.
        turns = (("worker", self._lead), ("settler", core.database.settle))
        self._threads = [threading.Thread(target=self._run, args=(turn,), name=name, daemon=True) for name, turn in turns]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the work at hand; at most a few seconds."""
        self._stop.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=10)

    def _run(self, turn: Callable[[], None]) -> None:
        while not self._stop.wait(TICK_SECONDS):
            try:
                turn()
            except Problem as problem:
                log.warning("%s: %s", threading.current_thread().name, problem)
            except Exception:
                # A worker that dies silently forgets everybody's orders: say it and go on with the next tick.
                log.exception("the worker's turn failed")

    def _lead(self) -> None:
        if self._leads():
            self.tick()

    def _leads(self) -> bool:
        with self._core.database.write() as connection:
            return leases.take(connection, "worker", self._holder, LEASE_SECONDS)

    def tick(self) -> None:
        """Run everything that is due now, once."""
        self._sweeper.tick()
        for app, connection, stream in due(self._core):
            if self._stop.is_set():
                return
            self._pull(Place(app, connection, stream))
        tend(self._core)

    def _pull(self, place: Place) -> None:
        """One pull. Whatever goes wrong with it is kept in its state and stops no other."""
        try:
            run_pull(self._core, place.app, place.connection, place.stream, self._settings(place.app, place.connection))
        except SourceError as error:
            log.warning("pull %s: %s", ".".join(place.key), error.message.en)
        except Problem as problem:
            log.warning("pull %s: %s", ".".join(place.key), problem)
            postpone(self._core, place, problem.detail)
        except Exception:
            log.exception("pull %s failed", ".".join(place.key))
            postpone(self._core, place, BROKEN)
