"""Where an outbound call may go: judges URLs and the addresses that names resolve to.

Here, apart from the HTTP code, because it is the whole of the rule and must be readable in one piece. It must not connect
to anything. Non-public networks: https://www.iana.org/assignments/iana-ipv4-special-registry/ and
https://www.iana.org/assignments/iana-ipv6-special-registry/ ."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from connectors import errors
from engine.model.connector import SourceError
from engine.model.text import Text

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(n)
    for n in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Only 2000::/3 is handed out as global unicast; loopback, mapped, translated (64:ff9b::/96), unique local, link local and
# multicast all lie outside of it. Inside, tunnels carry an IPv4 address of anybody's choice.
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(ipaddress.IPv6Network(n) for n in ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"])

_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.ASCII)
_NUMBER_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)

_NOT_HTTP = Text("只支持 http 和 https", "only http and https are possible")
_PLAIN = Text("必须用 https", "https is required")
_ODD = Text("地址写法不正常", "the address is oddly written")
_USERINFO = Text("地址里不能带用户名或密码", "the address may not carry a user name or password")
_NUMBER = Text("主机名是数字的变形写法", "the host is a disguised number")
_PRIVATE = Text("它是内部地址", "it is not a public address")


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Hosts that calls may reach though private, and by plain http: (host, port), port None for every port."""

    entries: frozenset[tuple[str, int | None]] = field(default_factory=frozenset)

    @staticmethod
    def parse(text: str) -> AllowedHosts:
        """From `127.0.0.1:9000, shop.lan, [::1]:80`. Raises ValueError naming the entry that is none."""
        return AllowedHosts(frozenset(_entry(part.strip()) for part in text.split(",") if part.strip()))

    def has(self, host: str, port: int) -> bool:
        """Whether this very host, as written, is allowed on this port."""
        return (host, port) in self.entries or (host, None) in self.entries


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be called as far as its text goes. `host` without brackets, lower case; `origin` is canonical."""

    scheme: str
    host: str
    port: int
    path: str
    allowed: bool

    @property
    def origin(self) -> str:
        """`scheme://host:port`, rebuilt from its parts so that no second parser can read it differently."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def url(self) -> str:
        """The canonical URL."""
        return self.origin + self.path


def target(url: str, allowed: AllowedHosts) -> Target:
    """Judge a URL by its text. Raises SourceError (`address`). Names still have to be resolved and judged by `check`."""
    shown = re.sub(r"//[^/@]*@", "//", url)[:100]
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise errors.address(shown.encode("ascii", "replace").decode(), _ODD)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise errors.address(shown, _ODD) from None
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise errors.address(shown, _NOT_HTTP)
    if "@" in parts.netloc:
        raise errors.address(shown, _USERINFO)
    if port == 0 or parts.netloc.endswith(":"):
        raise errors.address(shown, _ODD)
    host = _host(parts.netloc)
    number = port or (443 if scheme == "https" else 80)
    free = allowed.has(host, number)
    if scheme == "http" and not free:
        raise errors.address(host, _PLAIN)
    literal = _literal(host)
    if not free and (literal is not None and not public(literal)):
        raise errors.address(host, _PRIVATE)
    if not free and literal is None and "." not in host:
        raise errors.address(host, _PRIVATE)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(scheme, host, number, path, free)


def check(host: str, found: Iterable[str], *, allowed: bool) -> tuple[str, ...]:
    """The addresses that a name resolved to, if a call may go there: *all* must be public unless the host is allowed.
    Raises SourceError (`address`), or `unreachable` when there are none."""
    addresses = tuple(dict.fromkeys(found))
    if not addresses:
        raise errors.unreachable(host)
    for text in addresses:
        address = _literal(text)
        if address is None or not (allowed or public(address)):
            raise errors.address(host, _PRIVATE)
    return addresses


def public(address: Address) -> bool:
    """Whether an address belongs to the public internet and hides no other one."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    if address.scope_id is not None or address not in _OPEN_V6:
        return False
    return not any(address in network for network in _CLOSED_V6)


def _host(netloc: str) -> str:
    """The host of a URL: a proper name, a dotted quad or a bracketed IPv6 address; all disguises refused."""
    text = netloc.lower()
    if text.startswith("["):
        host = text[1:].partition("]")[0]
        if isinstance(_literal(host), ipaddress.IPv6Address):
            return str(_literal(host))
        raise errors.address(netloc, _ODD)
    host = text.partition(":")[0]
    if isinstance(_literal(host), ipaddress.IPv4Address):
        return host
    # `2130706433`, `127.1`, `0x7f.1`, `0177.0.0.1`: resolvers of the system read them as IPv4 addresses. Anything whose
    # last label is a number is an IPv4 address to a browser too (https://url.spec.whatwg.org/#ends-in-a-number-checker).
    if _NUMBER_LABEL.fullmatch(host.rstrip(".").rpartition(".")[2]):
        raise errors.address(host, _NUMBER)
    if not _NAME.fullmatch(host):
        raise errors.address(host, _ODD)
    return host


def _literal(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _entry(text: str) -> tuple[str, int | None]:
    bracket = re.fullmatch(r"\[([0-9a-fA-F:.]+)\](?::([0-9]{1,5}))?", text)
    plain = re.fullmatch(r"([^:\[\]/@]+)(?::([0-9]{1,5}))?", text)
    match = bracket or plain
    if match is None:
        raise ValueError(f"DAJIAN_ALLOW_PRIVATE_HOSTS: '{text}' is neither a host nor host:port")
    try:
        host = _host(f"[{match[1]}]" if bracket else match[1])
    except SourceError:
        raise ValueError(f"DAJIAN_ALLOW_PRIVATE_HOSTS: '{text}' is neither a host nor host:port") from None
    port = int(match[2]) if match[2] else None
    if port is not None and not 0 < port < 65536:
        raise ValueError(f"DAJIAN_ALLOW_PRIVATE_HOSTS: '{text}' has no such port")
    return host, port
