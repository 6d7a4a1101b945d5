"""Outbound HTTP: the only way by which connectors call out.

Here, because a definition written by one person makes the *server* call an address: each name is resolved once, judged, and
the connection goes to that very address, while TLS and the Host header keep the name. No redirects, no proxies from the
environment, bounded size, and a total time that a dripping source cannot stretch. It must not know any product or protocol."""

from __future__ import annotations

import math
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpcore
import httpx

from connectors import addresses, errors
from connectors.addresses import AllowedHosts

Resolve = Callable[[str, int], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, between two reads, and for the whole call; bytes of a body."""

    connect: float = 10
    read: float = 30
    total: float = 60
    body: int = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `headers` lower case; `seconds` the call took."""

    host: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class Outbound:
    """Opens sessions under one set of rules; holds no connection itself, so it can be shared by threads."""

    def __init__(
        self,
        allowed: AllowedHosts | None = None,
        *,
        limits: Limits | None = None,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.allowed = allowed or AllowedHosts()
        self._limits = limits or Limits()
        self._resolve = resolve or _resolve
        # Made once: reading the authorities takes longer than many a call.
        self._tls = tls or httpx.create_ssl_context()

    def open(self) -> Session:
        """A session for one thread, to be closed (`with`)."""
        backend = _Backend(self.allowed, self._resolve)
        return Session(self.allowed, self._limits, backend, self._tls)


class Session:
    """Calls of one thread that may share a connection to the same host."""

    def __init__(self, allowed: AllowedHosts, limits: Limits, backend: _Backend, tls: ssl.SSLContext) -> None:
        self._allowed, self._limits, self._backend = allowed, limits, backend
        timeout = httpx.Timeout(limits.read, connect=limits.connect)
        # trust_env: neither proxies nor .netrc of the environment may reroute a call or add a password to it.
        self._client = httpx.Client(
            transport=_Transport(backend, tls), timeout=timeout, trust_env=False, follow_redirects=False
        )

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a body, read the whole answer of any status except redirects. Raises SourceError: `address`, `unreachable`,
        `timeout`, `too_large`, `settings` (redirect)."""
        place = addresses.target(url, self._allowed)
        begun = time.monotonic()
        self._backend.deadline = begun + self._limits.total
        try:
            # identity: a compressed answer could be small on the line and huge in memory.
            ours = {**headers, "Accept-Encoding": "identity"}
            with self._client.stream("POST", place.url, content=body, headers=ours) as response:
                if 300 <= response.status_code < 400:
                    raise errors.redirect(place.host, response.status_code)
                content = self._read(response, place.host)
        except (httpcore.TimeoutException, httpx.TimeoutException):
            raise errors.timeout(place.host, self._limits.total) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError, httpx.InvalidURL, OSError):
            raise errors.unreachable(place.host) from None
        headers_back = {name.lower(): value for name, value in response.headers.items()}
        return Answer(place.host, response.status_code, headers_back, content, time.monotonic() - begun)

    def _read(self, response: httpx.Response, host: str) -> bytes:
        if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
            raise errors.not_json(host, page=False)
        parts: list[bytes] = []
        size = 0
        for part in response.iter_raw():
            size += len(part)
            if size > self._limits.body:
                raise errors.too_large(host, self._limits.body)
            parts.append(part)
        return b"".join(parts)


def retry_after(answer: Answer) -> float | None:
    """Seconds that the source asks to wait (RFC 9110, 10.2.3; only the form in seconds), if it says so sensibly."""
    try:
        seconds = float(answer.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


class _Transport(httpx.BaseTransport):
    """httpx over a pool whose connections are made by our backend."""

    def __init__(self, backend: _Backend, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=tls, max_connections=1, network_backend=backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=url,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        if not isinstance(answer.stream, Iterable):
            raise httpcore.ProtocolError
        stream = _Body(answer.stream, answer.close)
        return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=answer.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, parts: Iterable[bytes], close: Callable[[], None]) -> None:
        self._parts, self._close = parts, close

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)

    def close(self) -> None:
        self._close()


class _Backend(httpcore.NetworkBackend):
    """Makes connections: resolve once, judge, connect to that address. `deadline` (monotonic) binds every read and write."""

    def __init__(self, allowed: AllowedHosts, resolve: Resolve) -> None:
        self.deadline = math.inf
        self._allowed, self._resolve = allowed, resolve
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        name = host.strip("[]")
        try:
            found = tuple(self._resolve(name, port))
        except OSError:
            raise errors.unreachable(name) from None
        judged = addresses.check(name, found, allowed=self._allowed.has(name, port))
        failed: Exception = errors.unreachable(name)
        for address in judged[:3]:
            try:
                stream = self._inner.connect_tcp(address, port, self.left(timeout))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            return _Stream(stream, self)
        raise failed

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise errors.unreachable(path)

    def left(self, timeout: float | None) -> float:
        """The smaller of a step's own limit and what is left of the whole call."""
        rest = self.deadline - time.monotonic()
        if rest <= 0:
            raise httpcore.ReadTimeout
        return rest if timeout is None else min(rest, timeout)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, backend: _Backend) -> None:
        self._inner, self._backend = inner, backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._backend.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._backend.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._backend.left(timeout)), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _resolve(host: str, port: int) -> tuple[str, ...]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(str(entry[4][0]) for entry in found)
