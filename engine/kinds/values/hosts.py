"""Names of machines in mail and web addresses, also in other letters than English ones (IDNA 2008, by the idna package)."""

from __future__ import annotations

import re
import unicodedata

import idna

LONGEST = 253
_LABEL = re.compile(r"[a-z0-9-]{1,63}")


def read_host(text: str) -> str | None:
    """A full name (`例子.公司`, `XN--FSQU00A.xn--55qx5d`, `Mail.Example.com`) in small letters and its own script; None if
    it is none. One machine has one form, however it was written."""
    if not text or len(text) > LONGEST or "." not in text:
        return None
    try:
        ascii_form = idna.encode(text, uts46=True, std3_rules=True).decode("ascii")
        labels = ascii_form.split(".")
        if not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
            return None
        return unicodedata.normalize("NFC", idna.decode(ascii_form))
    except (idna.IDNAError, UnicodeError):
        return None
