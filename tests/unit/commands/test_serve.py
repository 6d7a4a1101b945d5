"""Listening: what is refused before the application sees it."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import waitress
from flask import Flask

from engine.commands.kit import Context, House
from engine.commands.serve import MOST_BYTES, run_house


class Settings:
    host = "127.0.0.1"
    address = "http://127.0.0.1"

    def __init__(self, port: int) -> None:
        self.port = port


class Kit:
    def web(self, house: House) -> Flask:
        return Flask("quiet")

    @contextmanager
    def work(self, house: House) -> Iterator[None]:
        yield


class Standing:
    def __init__(self, port: int) -> None:
        self.settings, self.kit, self.console = Settings(port), Kit(), None


def test_a_body_larger_than_any_we_take_is_refused_before_it_is_kept(monkeypatch: Any) -> None:
    made: list[Any] = []
    create = waitress.create_server

    def remembered(web: Flask, **settings: Any) -> Any:
        made.append(create(web, **settings))
        return made[0]

    monkeypatch.setattr(waitress, "create_server", remembered)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ready = threading.Event()
    context = cast(Context, Standing(port))
    thread = threading.Thread(target=lambda: run_house(context, cast(House, None), ready.set), daemon=True)
    thread.start()
    assert ready.wait(10)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", str(MOST_BYTES + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
    made[0].close()
    thread.join(10)
