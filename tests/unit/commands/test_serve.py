"""The server as it listens: on this machine only, with bounds, and believing no header about where a request came from."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from engine.commands.main import parser
from engine.commands.serve import MOST_BYTES, MOST_HEADERS, listen
from engine.commands.settings import Settings


def _echo(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    told = [environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], *(k for k in environ if k.startswith("HTTP_X_FORWARDED"))]
    return [" ".join(told).encode()]


@pytest.fixture
def server() -> Iterator[Any]:
    settings = replace(Settings.from_env({}), port=0)  # any that is free
    server = listen(settings, _echo, threads=1)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    server.trigger.pull_trigger(server.close)  # in its own thread, between two looks at its sockets
    thread.join(timeout=5)


def ask(server: Any, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", int(server.effective_port), timeout=10)
    connection.putrequest(method, "/")
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    return connection.getresponse()


def test_it_listens_on_this_machine_unless_told_otherwise(server: Any) -> None:
    assert server.effective_host == "127.0.0.1"
    assert Settings.from_env({"DAJIAN_HOST": "0.0.0.0"}).host == "0.0.0.0"


def test_a_client_cannot_say_where_it_comes_from(server: Any) -> None:
    answer = ask(server, X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https", X_Forwarded_Host="evil.example")
    assert answer.read() == b"127.0.0.1 http"


def test_what_is_too_large_is_refused_before_it_is_stored(server: Any) -> None:
    assert ask(server, "POST", Content_Length=str(MOST_BYTES + 1)).status == 413
    assert ask(server, X_Long="a" * (MOST_HEADERS + 1)).status == 431


def test_it_does_not_say_what_it_is(server: Any) -> None:
    assert ask(server).getheader("Server") is None


@pytest.mark.parametrize("words", [["--workers", "0"], ["--workers", "-3"], ["--port", "0"], ["--port", "70000"]])
def test_numbers_that_are_none_are_wrong_use(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["serve", *words])
    assert ended.value.code == 2
