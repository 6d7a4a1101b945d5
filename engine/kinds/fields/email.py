"""An e-mail address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from random import Random
from typing import Any

from engine.kinds.values.hosts import read_host
from engine.kinds.values.text import TextSought, problem, shown, typed
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text

LONGEST, LONGEST_NAME = 254, 64  # bytes, by RFC 5321
# RFC 5322's atoms with dots between them, and RFC 6531's letters of any script.
_ATOM = r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\W_])+"
_NAME = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")

DOC = Doc(
    Text(
        "电子邮箱，也收中文域名；域名不分大小写。",
        "An e-mail address, also with a domain in other scripts; capital letters in the domain mean nothing.",
    ),
    "email: {type: email, title: {zh: 邮箱, en: E-mail}, unique: true}",
)


class EmailKind(TextSought):
    """No keys of its own."""

    name = "email"
    schema: Mapping[str, Any] = {}
    widget = "email"

    def parse(self, raw: Any, field: Field) -> str | None:
        """`wang@example.com`, `王伟@例子.公司`, `mailto:wang@Example.COM` → with the domain in small letters."""
        text = typed(raw, Text("带引号的邮箱地址", "an e-mail address as text"))
        if text is None:
            return None
        name, at, host = text.removeprefix("mailto:").rpartition("@")
        name, domain = unicodedata.normalize("NFC", name), read_host(host)
        if not at or domain is None or not _NAME.fullmatch(name) or len(name.encode()) > LONGEST_NAME:
            raise problem(
                "not-an-email",
                "「{given}」不是邮箱地址；请写成 name@example.com",
                "“{given}” is not an e-mail address; write it like name@example.com",
                given=shown(text),
            )
        address = f"{name}@{domain}"
        if len(address.encode()) > LONGEST:
            raise problem("too-long", "太长：最多 {n} 个字节", "Too long: at most {n} bytes", n=LONGEST)
        return address

    def sample(self, field: Field, random: Random) -> str:
        """Of a domain that is nobody's."""
        return f"buyer{random.randrange(10_000)}@example.com"


KIND = EmailKind()
