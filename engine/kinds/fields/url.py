"""The address of a web page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from random import Random
from typing import Any
from urllib.parse import SplitResult, urlsplit

from engine.kinds.values.hosts import read_host
from engine.kinds.values.text import TextSought, problem, shown, too_long, typed
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text

LONGEST = 2_000
_NEVER = re.compile(r"[\s<>\"\\^`{|}]")

DOC = Doc(
    Text(
        "网址，只收 http:// 和 https://；页面上显示成链接，新窗口打开。",
        "The address of a web page, http:// and https:// only; pages show it as a link that opens apart.",
    ),
    "website: {type: url, title: {zh: 网站, en: Website}}",
)


class UrlKind(TextSought):
    """No keys of its own."""

    name = "url"
    schema: Mapping[str, Any] = {}
    widget = "url"

    def parse(self, raw: Any, field: Field) -> str | None:
        """`https://Example.com/a?b=1` → scheme and host in small letters, the rest as it is."""
        text = typed(raw, Text("带引号的网址", "a web address as text"))
        if text is None:
            return None
        if len(text) > LONGEST:
            raise too_long(LONGEST)
        parts = _split(text)
        if parts is None:
            raise problem(
                "not-a-url",
                "「{given}」不是网址；请写全，以 https:// 或 http:// 开头",
                "“{given}” is not a web address; write all of it, beginning with https:// or http://",
                given=shown(text),
            )
        return parts

    def sample(self, field: Field, random: Random) -> str:
        """Of a domain that is nobody's."""
        return f"https://example.com/goods/{random.randrange(10_000)}"


def _split(text: str) -> str | None:
    """The address in its one form; None for what is none, and for one that carries a name or password of a user."""
    if _NEVER.search(text):
        return None
    try:
        parts: SplitResult = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not text.lower().startswith(f"{parts.scheme}://"):
        return None
    host = _host(parts.hostname or "")
    if host is None or port == 0 or parts.netloc.endswith(":"):
        return None
    place = host if port is None else f"{host}:{port}"
    return parts._replace(netloc=place).geturl()


def _host(given: str) -> str | None:
    try:
        address = ip_address(given)
    except ValueError:
        return given if given == "localhost" else read_host(given)
    return f"[{address}]" if isinstance(address, IPv6Address) else str(address)


KIND = UrlKind()
