"""Requests that no client should send: bodies, parameters and headers of every bad kind, for any route."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st
from werkzeug.routing import Rule

LONG = 200_000
DEEP = 50_000

# Name → the bytes of a body that no program may send.
BODIES: Mapping[str, bytes] = {
    "NaN": b'{"values": {"remark": NaN}}',
    "Infinity": b'{"values": {"amount": -Infinity}}',
    "duplicate keys": b'{"values": {"remark": "a", "remark": "b"}}',
    "5,000 digits": b'{"values": {"amount": ' + b"9" * 5_000 + b"}}",
    "5,000 places": b'{"values": {"amount": 0.' + b"1" * 5_000 + b"}}",
    "a huge exponent": b'{"values": {"amount": 1e999999999}}',
    "a tiny exponent": b'{"values": {"amount": 1e-999999999}}',
    "50,000 deep": b"[" * DEEP,
    "50,000 deep in an object": b'{"a":' * DEEP,
    "half a character": b'{"values": {"remark": "\\ud800"}}',
    "half a name": b'{"values": {"\\udfff": 1}}',
    "NUL": b'{"values": {"remark": "a\\u0000b"}}',
    "a raw NUL": b'{"values": {"remark": "a\x00b"}}',
    "10 MB": b'{"values": {"remark": "' + b"x" * 10_000_000 + b'"}}',
    "a BOM": b"\xef\xbb\xbf{}",
    "UTF-16": '{"values": {}}'.encode("utf-16"),
    "UTF-32": '{"values": {}}'.encode("utf-32"),
    "no UTF-8": b'{"values": {"remark": "\xff\xfe"}}',
    "GBK": '{"values": {"remark": "小心"}}'.encode("gbk"),
    "half a body": b'{"values": {',
    "two bodies": b"{}{}",
    "a comment": b"{/* */}",
    "single quotes": b"{'values': {}}",
    "a long name": b'{"values": {"' + b"n" * LONG + b'": 1}}',
    "a text": b'"values"',
    "a number": b"5",
    "null": b"null",
    "unknown members": b'{"valeus": {}, "id": "x"}',
    "values in a list": b'{"values": []}',
    "children of another kind": b'{"values": {}, "children": {"items": {}}}',
    "children in rows of another kind": b'{"values": {}, "children": {"items": [5]}}',
    "a list of what is no row": b'[1, null, [], "x"]',
    "an unknown field": b'{"values": {"nothing_like_it": 1}}',
    "a wrong type": b'{"values": {"remark": {"a": [1]}, "amount": [], "channel": 5}}',
}

TEXTS = (
    "",
    "-0",
    "1e999999999",
    "NaN",
    "9" * 5_000,
    "x" * LONG,
    "(" * 5_000,
    "'; DROP TABLE orders; --",
    "\u202e\u200b\ufeff",
    "１２３",
    "../../etc/passwd",
    "%",
    "_",
    "\\",
    "\ufffd",
    "0" * 26,
    "amount > " + "9" * 100,
    "amount / 0 > 1",
    "remark == 'a\\x00b'",
    "'\\ud800' in remark",
    "created_at > '9999-99-99'",
    "waiting > 10**10",
    "channel == 'pos' and amount >= -1e400",
    "0001-01-01",
    "99999-12-31T25:61:61+99:99",
    "{}",
    "[]",
    "null",
)
# What stands in an address as it is: not every one of them is a text.
RAW = ("%00", "a%00b", "%ED%A0%80", "%FF%FE", "%E4%BD", "..%2F..", "%25", "x" * 3_000, "%E2%80%AE", "null", "-1", "0", "a+b")
HEADERS: Mapping[str, tuple[str, ...]] = {
    "If-Match": ("", "*", "3", '"' + "9" * 400 + '"', 'W/"1"', '"-1"', '"٣"', '"1", "2"'),
    "Idempotency-Key": ("", "k", "x" * 201, "ü", "a b", "\t"),
    "Prefer": ("return=minimal", "x" * 5_000),
    "Accept-Language": ("en", "xx;q=NaN", "x" * 5_000, ",,,;;;"),
    "Content-Type": ("", "text/plain", "multipart/form-data", "application/json; charset=utf-16", "x/" + "y" * 5_000),
    "If-None-Match": ("*", '"', "x" * 5_000),
    "Range": ("bytes=9-1", "bytes=-", "x"),
    "User-Agent": ("", "x" * 5_000, "\x80\xff"),
    "Cookie": ('dajian_session="\\000"', "dajian_locale=%00", "dajian_said=" + "x" * 5_000),
}
PARAMETERS = ("where", "sort", "fields", "search", "limit", "cursor", "count", "since", "app", "field", "as", "next", "filter")
FIELDS = (
    "name",
    "password",
    "remark",
    "channel",
    "amount",
    "order_no",
    "version",
    "was-remark",
    "items.0.quantity",
    "locale",
    "key",
)


def addresses(rule: Rule, known: Mapping[str, tuple[str, ...]]) -> st.SearchStrategy[str]:
    """Addresses of a route: some of its parts are real (`known`, by name), some are not."""
    parts = rule.rule.split("<")
    made = st.just(parts[0])
    for part in parts[1:]:
        name, rest = part.split(">", 1)
        values = st.sampled_from((*known.get(name.rpartition(":")[2], ("x",)), *known.get(name, ()), *RAW))
        made = st.builds(lambda a, b, c: a + b + c, made, values, st.just(rest))
    return made


def anything() -> st.SearchStrategy[Any]:
    """JSON of any shape."""
    leaf = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.sampled_from(TEXTS[:-6]) | st.text(max_size=8)
    names = st.sampled_from(("values", "children", "items", *FIELDS)) | st.text(max_size=5)
    return st.recursive(
        leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=8
    )


def bodies() -> st.SearchStrategy[bytes]:
    """The bad ones, and JSON of any shape."""
    small = [body for name, body in BODIES.items() if name != "10 MB"]
    rows = st.dictionaries(st.sampled_from(FIELDS), anything(), max_size=4)
    shaped = st.fixed_dictionaries(
        {}, optional={"values": rows, "children": st.fixed_dictionaries({}, optional={"items": st.lists(rows, max_size=2)})}
    )
    listed = shaped | st.lists(shaped, max_size=3)
    return st.sampled_from(small) | (anything() | listed).map(lambda value: json.dumps(value).encode())


def queries() -> st.SearchStrategy[str]:
    """Query strings."""
    text = st.sampled_from(TEXTS) | st.text(max_size=10)
    pairs = st.tuples(st.sampled_from(PARAMETERS), text).map(_pair) | st.tuples(
        st.sampled_from(PARAMETERS), st.sampled_from(RAW)
    ).map("=".join)
    return st.lists(pairs, max_size=3).map("&".join)


def _pair(pair: tuple[str, str]) -> str:
    return f"{pair[0]}={quote(pair[1][:5_000], safe='', errors='replace')}"


def headers() -> st.SearchStrategy[dict[str, str]]:
    """A few headers."""
    each = st.sampled_from(sorted(HEADERS)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(HEADERS[name])))
    return st.lists(each, max_size=3).map(dict)
