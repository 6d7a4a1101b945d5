"""Files made to crash, hang or swell whoever reads them: name → the definition's files. Made on demand, since some are 5 MB."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Files = Mapping[str, bytes]
FULL = 5 * 1024 * 1024
_REPEATED = {
    "brackets": "[",
    "braces": "{",
    "closing brackets": "]",
    "closing braces": "}",
    "dashes": "- ",
    "questions": "? ",
    "quotes": "'",
    "double quotes": '"',
    "tabs": "\t",
    "spaces": " ",
    "lines": "\n",
    "carriage returns": "\r",
    "NULs": "\0",
    "colons": ":",
    "colons and spaces": ": ",
    "commas": ",",
    "remarks": "#",
    "bars": "|",
    "folds": ">",
    "anchors": "&a ",
    "bare anchors": "&",
    "aliases": "*a ",
    "tags": "!x ",
    "bare tags": "!",
    "directives": "%YAML 1.2\n",
    "percents": "%",
    "ats": "@",
    "back-quotes": "`",
    "backslashes": "\\",
    "words": "word ",
    "one letter": "a",
    "documents": "---\n",
    "document ends": "...\n",
    "same key": "a: 1\n",
    "maps in braces": "{a: ",
    "maps in lists": "[{a: ",
    "list of lists": "- [",
    "complex keys": "? a\n",
    "keys without values": "a\n",
    "list entries": "- a\n",
    "byte order marks": "\ufeff",
    "line separators": "\u2028",
    "emoji": "\U0001f600",
    "high letters": "ａ",
    "indents": "a:\n ",
    "merge keys": "<<: {a: 1}\n",
    "flow questions": "[? ",
    "empty maps": "{}",
    "words and commas": "a, ",
}


def repeated() -> dict[str, Callable[[], Files]]:
    """5 MB of one thing: alone, as a value, and in a list."""
    found: dict[str, Callable[[], Files]] = {}
    for name, piece in _REPEATED.items():
        for where, before in (
            ("alone", ""),
            ("in brackets", "app: s\nroles: ["),
            ("quoted", 'title: "'),
        ):
            found[f"5 MB of {name}, {where}"] = lambda piece=piece, before=before: {"app.yaml": _full(before, piece)}  # type: ignore[misc]
    return found


def _full(before: str, piece: str) -> bytes:
    start, unit = before.encode(), piece.encode()
    return start + unit * ((FULL - len(start)) // len(unit))


_ONE_FILE: Mapping[str, Callable[[], bytes]] = {
    "depth in brackets": lambda: b"app: s\nroles: " + b"[" * 60_000 + b"]" * 60_000,
    "depth in braces": lambda: b"app: s\nroles: " + b"{a: " * 60_000 + b"}" * 60_000,
    "depth in dashes": lambda: b"app: s\nroles: " + b"\n" + b"- " * 60_000,
    "depth in lines": lambda: b"".join(b" " * n + b"a:\n" for n in range(3_000)),
    "depth just taken": lambda: b"app: s\ntables: " + b"{a: " * 98 + b"1" + b"}" * 98,
    "billion laughs": lambda: _laughs(9),
    "billion laughs in maps": lambda: (
        b"a0: &a0 {x: 1}\n" + b"".join(b"a%d: &a%d {x: *a%d, y: *a%d}\n" % (n, n, n - 1, n - 1) for n in range(1, 60))
    ),
    "anchors a million times": lambda: b"a:\n" + b"- &x\n" * 1_000_000,
    "an alias to itself": lambda: b"a: &a [*a]",
    "python objects": lambda: (
        b"a: !!python/object/apply:os.system ['true']\nb: !!python/name:os.system\nc: !!python/object:os.x {}"
    ),
    "merge of lists": lambda: b"a: &a {b: 1}\nc: {<<: [*a, *a]}",
    "surrogates": lambda: b"app: \xed\xa0\x80" * 100_000,
    "latin-1": lambda: "app: caf\xe9".encode("latin-1") * 400_000,
    "GBK": lambda: ("标题: 订单\n" * 400_000).encode("gbk"),
    "UTF-16": lambda: ("title: 订单\n" * 150_000).encode("utf-16"),
    "UTF-32": lambda: ("title: 订单\n" * 100_000).encode("utf-32"),
    "half a character": lambda: b"app: " + "中".encode()[:2],
    "gzip": lambda: b"\x1f\x8b\x08\x00" + bytes(range(256)) * 10_000,
    "nothing but zeros": lambda: bytes(FULL),
    "a key of 1 MB": lambda: b"a" * 1_000_000 + b": 1",
    "keys of 1 MB": lambda: b"".join(b"%d" % n + b"k" * 1_000_000 + b": 1\n" for n in range(5)),
    "a quoted key of 1 MB": lambda: b'"' + b"a" * 1_000_000 + b'": 1',
    "a complex key of 1 MB": lambda: b"? |\n " + b"a" * 1_000_000 + b"\n: 1",
    "an integer of 5 MB": lambda: b"version: " + b"9" * (FULL - 20),
    "a decimal of 5 MB": lambda: b"version: 0." + b"9" * (FULL - 20),
    "integers past conversion": lambda: b"version: " + b"9" * 5_000,
    "100,000 keys": lambda: b"".join(b"k%d: 1\n" % n for n in range(100_000)),
    "100,000 long keys": lambda: b"".join(b"k%045d: 1\n" % n for n in range(90_000)),
    "escapes": lambda: b'title: "' + b"\\U0001F600" * 500_000 + b'"',
    "long lines in a block": lambda: b"title: |\n" + b"".join(b"  %s\n" % (b"x" * 1_000) for _ in range(5_000)),
    "too large": lambda: bytes(FULL + 1),
}
_SEVERAL_FILES: Mapping[str, Callable[[], Files]] = {
    "1,000 files": lambda: {f"f{n}.yaml": b"a: 1\n" for n in range(1_000)},
    "500 files with the same entries": lambda: {f"f{n}.yaml": b"app: s\nroles: {a: {}}\n" for n in range(500)},
    "500 files of many parts": lambda: {f"f{n}.yaml": b"roles: [" + b"1," * 5_000 + b"]" for n in range(500)},
    "500 files of roles": lambda: {
        f"f{n}.yaml": b"roles: {" + b"".join(b"r%d_%d: {}," % (n, k) for k in range(80)) + b"}" for n in range(500)
    },
    "20 files of 5 MB": lambda: {f"f{n}.yaml": b"title: " + b"a" * (FULL - 100) for n in range(20)},
    "names of files": lambda: dict.fromkeys(("", "..", "a" * 5000, "x\x00y.yaml", "�.yaml"), b"app: s"),
}


def texts() -> dict[str, Callable[[], Files]]:
    """Everything that is about the text and not about what it says."""
    one = {name: lambda make=make: {"app.yaml": make()} for name, make in _ONE_FILE.items()}  # type: ignore[misc]
    return {**one, **_SEVERAL_FILES}


def _laughs(levels: int) -> bytes:
    lines = [b"l0: &l0 [" + b",".join([b"x"] * 9) + b"]\n"]
    lines += [b"l%d: &l%d [" % (n, n) + b",".join([b"*l%d" % (n - 1)] * 9) + b"]\n" for n in range(1, levels)]
    return b"".join(lines)
