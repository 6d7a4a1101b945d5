"""Outbound calls over real sockets: where connections are made, and that nothing is endless."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.addresses import AllowedHosts
from connectors.outbound import Answer, Limits, Outbound, retry_after
from engine.model.connector import SourceError

PATIENT = Limits(connect=10, read=10, total=10, body=50_000)
IMPATIENT = Limits(connect=1, read=0.4, total=0.6)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Listener:
    """A socket that counts the connections made to it and answers each with `answer`."""

    def __init__(self, answer: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None) -> None:
        self.connections = 0
        self.requests: list[bytes] = []
        self._answer, self._tls = answer, tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            request = b""
            # Closing over unread bytes would reset the connection and take the answer with it.
            while not request.endswith(b"\r\n\r\n{}"):
                part = connection.recv(65536)
                if not part:
                    return
                request += part
            self.requests.append(request)
            self._answer(connection)
        except OSError:
            pass
        finally:
            connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    made: list[Listener] = []

    def make(answer: bytes | Callable[[socket.socket], None] = OK, tls: ssl.SSLContext | None = None) -> Listener:
        made.append(Listener(answer if callable(answer) else lambda connection: connection.sendall(answer), tls))
        return made[-1]

    yield make
    for listener in made:
        listener.close()


def call(outbound: Outbound, url: str) -> Answer:
    with outbound.open() as session:
        return session.post(url, b"{}", {"X-Token": "t"})


def error(outbound: Outbound, url: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        call(outbound, url)
    return caught.value


def allowing(listener: Listener, limits: Limits = PATIENT) -> Outbound:
    return Outbound(AllowedHosts.parse(f"127.0.0.1:{listener.port}"), limits=limits)


def test_an_allowed_host_is_called(listen: Callable[..., Listener]) -> None:
    listener = listen()
    answer = call(allowing(listener), f"http://127.0.0.1:{listener.port}/a?b=1")
    assert (answer.status, answer.body, listener.connections) == (200, b"ok", 1)
    head = listener.requests[0].lower()
    assert head.startswith(b"post /a?b=1 http/1.1\r\n")
    assert f"host: 127.0.0.1:{listener.port}".encode() in head
    assert b"accept-encoding: identity" in head


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "localhost", "[::ffff:127.0.0.1]", "u@127.0.0.1"]
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_connection_is_made_to_a_refused_host(listen: Callable[..., Listener], host: str, scheme: str) -> None:
    listener = listen()
    assert error(Outbound(limits=PATIENT), f"{scheme}://{host}:{listener.port}/").code == "address"
    time.sleep(0.02)
    assert listener.connections == 0


def test_no_connection_is_made_when_a_name_resolves_to_a_private_address(listen: Callable[..., Listener]) -> None:
    listener = listen()
    outbound = Outbound(limits=PATIENT, resolve=lambda host, port: ["127.0.0.1"])
    assert error(outbound, f"https://shop.example.com:{listener.port}/").code == "address"
    time.sleep(0.02)
    assert listener.connections == 0


def test_a_name_is_resolved_once_and_that_very_address_is_used(listen: Callable[..., Listener]) -> None:
    """A name whose answer changes between check and use (rebinding) gains nothing: nobody asks a second time."""
    listener = listen()
    seen: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        seen.append(host)
        return ["127.0.0.1"] if len(seen) == 1 else ["127.0.0.2"]

    allowed = AllowedHosts.parse(f"shop.example.com:{listener.port}")
    outbound = Outbound(allowed, limits=PATIENT, resolve=resolve)
    assert call(outbound, f"http://shop.example.com:{listener.port}/").body == b"ok"
    assert (seen, listener.connections) == (["shop.example.com"], 1)


def test_tls_and_host_header_keep_the_name(listen: Callable[..., Listener], tmp_path: Path) -> None:
    names: list[str | None] = []
    server, client = _tls(tmp_path, "shop.example.com")
    server.sni_callback = lambda connection, name, context: names.append(name)
    listener = listen(OK, server)
    allowed = AllowedHosts.parse(f"shop.example.com:{listener.port}")
    outbound = Outbound(allowed, limits=PATIENT, resolve=lambda host, port: ["127.0.0.1"], tls=client)
    assert call(outbound, f"https://shop.example.com:{listener.port}/").body == b"ok"
    assert names == ["shop.example.com"]
    assert f"host: shop.example.com:{listener.port}".encode() in listener.requests[0].lower()


def test_a_certificate_for_another_name_is_refused(listen: Callable[..., Listener], tmp_path: Path) -> None:
    server, client = _tls(tmp_path, "other.example.com")
    listener = listen(OK, server)
    allowed = AllowedHosts.parse(f"shop.example.com:{listener.port}")
    outbound = Outbound(allowed, limits=PATIENT, resolve=lambda host, port: ["127.0.0.1"], tls=client)
    assert error(outbound, f"https://shop.example.com:{listener.port}/").code == "unreachable"
    assert listener.requests == []


def test_proxies_of_the_environment_are_ignored(listen: Callable[..., Listener], monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, listener = listen(), listen()
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    call(allowing(listener), f"http://127.0.0.1:{listener.port}/")
    assert (proxy.connections, listener.connections) == (0, 1)


def test_a_redirect_is_not_followed(listen: Callable[..., Listener]) -> None:
    inside = listen()
    location = f"http://127.0.0.1:{inside.port}/".encode()
    listener = listen(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n")
    assert error(allowing(listener), f"http://127.0.0.1:{listener.port}/").code == "settings"
    assert inside.connections == 0


def drip(begin: bytes) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.sendall(begin)
        for _ in range(600):
            connection.sendall(b"a")
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    "begin",
    [b"H", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"],
    ids=["status", "header", "body"],
)
def test_a_source_that_drips_is_cut_off_in_time(listen: Callable[..., Listener], begin: bytes) -> None:
    """Each byte comes well within the limit of a read; only the total counts."""
    listener = listen(drip(begin))
    begun = time.monotonic()
    assert error(allowing(listener, IMPATIENT), f"http://127.0.0.1:{listener.port}/").code == "timeout"
    assert time.monotonic() - begun < 20


def test_a_source_that_says_nothing_times_out(listen: Callable[..., Listener]) -> None:
    listener = listen(lambda connection: time.sleep(20))
    assert error(allowing(listener, IMPATIENT), f"http://127.0.0.1:{listener.port}/").code == "timeout"


@pytest.mark.parametrize("head", [b"Content-Length: 60000", b"Connection: close"])
def test_a_body_that_is_too_large(listen: Callable[..., Listener], head: bytes) -> None:
    listener = listen(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + b"x" * 60_000)
    assert error(allowing(listener), f"http://127.0.0.1:{listener.port}/").code == "too_large"


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"])
def test_broken_answers(listen: Callable[..., Listener], answer: bytes) -> None:
    listener = listen(answer)
    assert error(allowing(listener), f"http://127.0.0.1:{listener.port}/").code == "unreachable"


def test_nobody_there_and_no_such_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert error(Outbound(AllowedHosts.parse("127.0.0.1"), limits=PATIENT), f"http://127.0.0.1:{port}/").code == "unreachable"

    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror

    assert error(Outbound(limits=PATIENT, resolve=unknown), "https://no.example.com/").code == "unreachable"


def test_the_wish_to_wait_is_read_only_when_sensible() -> None:
    def said(text: str) -> float | None:
        return retry_after(Answer("h", 429, {"retry-after": text}, b"", 0))

    assert [said(text) for text in ("2.0", "3600", "nan", "inf", "-1", "soon", "")] == [
        2.0,
        3600.0,
        None,
        None,
        None,
        None,
        None,
    ]


def _tls(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for `name`, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    chain = folder / "chain.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chain.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return server, ssl.create_default_context(cafile=str(chain))
