"""The reader: what was written stays what was written, and no text makes it slow, big or deep."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.definition import read
from engine.definition.nodes import MapNode, Scalar, plain
from engine.definition.read import LARGEST, read_folder, read_text
from engine.model.diagnostic import DefinitionError

LOADERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]


def _codes(data: bytes) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        read_text("f.yaml", data)
    return [d.code for d in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("no", "no"),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("0012", "0012"),
        ("2h", "2h"),
        ("1.0.0", "1.0.0"),
        ("1e3", "1e3"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("+5", "+5"),
        (".inf", ".inf"),
        ("NaN", "NaN"),
        ("2026-01-02", "2026-01-02"),
        ("-paid_at", "-paid_at"),
        ("=", "="),
        ("<<", "<<"),
        ("y", "y"),
        ("N", "N"),
        ("Yes", "Yes"),
        ("NO", "NO"),
        ("off", "off"),
        ("1:20:30", "1:20:30"),
        ("-0012", "-0012"),
        ("00", "00"),
        ("1e-3", "1e-3"),
        ("1.5E+17", "1.5E+17"),
        ("0x", "0x"),
        ("0b1", "0b1"),
        ("1_000.50", "1_000.50"),
        ("1,000", "1,000"),
        ("+86", "+86"),
        ("5.", "5."),
        ("00.5", "00.5"),
        (".", "."),
        ("..", ".."),
        ("-.inf", "-.inf"),
        (".NaN", ".NaN"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("20260102", 20260102),
        ("tRUE", "tRUE"),
        ("nULL", "nULL"),
        ("nil", "nil"),
        ("None", "None"),
        ("'~'", "~"),
        ("'null'", "null"),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("false", False),
        ("False", False),
        ("FALSE", False),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        (".5", Decimal("0.5")),
        ("-.5", Decimal("-0.5")),
        ("-0", 0),
        ("-0.0", Decimal("0.0")),
        ("999999999999999999", 999999999999999999),
        ("1000000000000000000", "1000000000000000000"),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-12", -12),
        ("12.50", Decimal("12.50")),
        ("'12'", "12"),
        ('"true"', "true"),
        ("9" * 5_000, "9" * 5_000),
    ],
)
def test_core_scalars(text: str, value: Any) -> None:
    got = plain(read_text("f.yaml", f"a: {text}\n".encode()))["a"]
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize("text", ["0012", "1e3", "True", ".5", "~", "12:30", "0x1F"])
def test_what_was_written_is_kept_beside_what_it_means(text: str) -> None:
    node = read_text("f.yaml", f"a: {text}\n".encode()).items["a"]
    assert isinstance(node, Scalar)
    assert node.text == text


def test_spans_point_at_the_first_character() -> None:
    root = read_text("f.yaml", "中文: {a: \"x 中\", b: 'y'}\nlist:\n  - z\n".encode())
    assert isinstance(root, MapNode)
    inner = root.items["中文"]
    assert isinstance(inner, MapNode)
    a, b = inner.items["a"], inner.items["b"]
    assert isinstance(a, Scalar)
    assert isinstance(b, Scalar)
    assert (str(a.span), str(a.inside)) == ("f.yaml:1:9", "f.yaml:1:10")
    assert (str(b.span), str(b.inside)) == ("f.yaml:1:19", "f.yaml:1:20")
    assert str(root.keys["list"]) == "f.yaml:2:1"
    assert str(inner.keys["b"]) == "f.yaml:1:16"


def test_a_bom_is_no_part_of_the_text() -> None:
    root = read_text("f.yaml", b"\xef\xbb\xbfapp: shop\r\ntitle: x\r\n")
    assert plain(root) == {"app": "shop", "title": "x"}
    assert root.keys["app"].column == 1


@pytest.mark.parametrize("empty", [b"", b"\n\n", b"# only a remark\n", b"---\n", b"null\n"])
def test_an_empty_file_is_an_empty_map(empty: bytes) -> None:
    assert plain(read_text("f.yaml", empty)) == {}


@pytest.mark.parametrize("loader", LOADERS)
def test_a_comma_inside_braces_belongs_to_the_text(loader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "_LOADER", loader)
    assert plain(read_text("f", b"t: {zh: x, en: Shipped, not signed}")) == {"t": {"zh": "x", "en": "Shipped, not signed"}}
    assert plain(read_text("f", b"t: {en: A, b c, D e, zh: f}")) == {"t": {"en": "A, b c, D e", "zh": "f"}}
    # What looks like a name has lost its value; what stands in quotes has ended.
    assert plain(read_text("f", b"t: {en: A, required}")) == {"t": {"en": "A", "required": None}}
    assert plain(read_text("f", b't: {en: "A", b c}')) == {"t": {"en": "A", "b c": None}}
    assert plain(read_text("f", b"t: {en: A, b c: }")) == {"t": {"en": "A", "b c": None}}


BILLION = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n".encode() for n in range(9)
)
HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("billion laughs", lambda: BILLION, "alias"),
    ("one alias", lambda: b"a: &x 1\nb: *x\n", "alias"),
    ("merge of an alias", lambda: b"a: &x {b: 1}\nc: {<<: *x}\n", "alias"),
    ("deep lists", lambda: b"[" * 50_000, "too-deep"),
    ("deep maps", lambda: b"{a: " * 50_000, "too-deep"),
    ("deep dashes", lambda: b"- " * 50_000, "too-deep"),
    ("deep lines", lambda: b"".join(b" " * n + b"a:\n" for n in range(2_000)), "too-deep"),
    ("ten megabytes", lambda: b"a: b\n" * 2_000_000, "too-large"),
    ("many entries", lambda: b"a: [" + b"1," * 1_000_000 + b"]", "too-large"),
    ("python object", lambda: b"!!python/object/apply:os.system [id]", "tag"),
    ("binary", lambda: b"a: !!binary aGk=", "tag"),
    ("local tag", lambda: b"a: !secret x", "tag"),
    ("bare tag", lambda: b"a: ! x", "tag"),
    ("twice the same key", lambda: b"a: 1\nb: 2\na: 3\n", "duplicate-key"),
    ("twice in braces", lambda: b"a: {b: 1, b: 2}", "duplicate-key"),
    ("twice by quotes", lambda: b"a: 1\n'a': 2", "duplicate-key"),
    ("GBK", lambda: "标题: 订单".encode("gbk"), "bad-encoding"),
    ("UTF-16", lambda: "a: b".encode("utf-16"), "bad-encoding"),
    ("lone surrogate", lambda: b"a: \xed\xa0\x80", "bad-encoding"),
    ("cut short", lambda: "a: 中".encode()[:-1], "bad-encoding"),
    ("NUL", lambda: b"a: \x00", "bad-character"),
    ("escape", lambda: b"a: \x1b[31m", "bad-character"),
    ("bell through an escape", lambda: b'a: "\\a"', "bad-character"),
    ("surrogate through an escape", lambda: b'a: "\\ud800"', "bad-yaml"),
    ("list as a key", lambda: b"? [1]\n: 2", "bad-key"),
    ("no key", lambda: b"'': 2", "bad-key"),
    ("two documents", lambda: b"a: 1\n---\nb: 2", "several-documents"),
    ("a list", lambda: b"- a", "not-a-map"),
    ("a word", lambda: b"hello", "not-a-map"),
    ("open quote", lambda: b'a: "b', "bad-yaml"),
    ("tab", lambda: b"a:\n\tb: 1", "bad-yaml"),
    ("percent", lambda: b"%YAML 9.9\n---\na: 1", "bad-yaml"),
    ("undefined handle", lambda: b"a: !x!y 1", "bad-yaml"),
]


@pytest.mark.parametrize(("name", "made", "code"), HOSTILE, ids=[name for name, _, _ in HOSTILE])
def test_hostile(name: str, made: Callable[[], bytes], code: str) -> None:
    assert _codes(made())[0] == code


def test_at_most_twenty_problems_of_a_file() -> None:
    assert len(_codes(b"".join(b"a: *x\n" for _ in range(1_000)))) == 20


def test_a_big_scalar_is_read() -> None:
    root = read_text("f.yaml", b"a: " + b"x" * (LARGEST - 10))
    assert len(plain(root)["a"]) == LARGEST - 10


def test_a_folder(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", "cases.yaml", ".hidden.yaml", "notes.txt", "c.yml"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "d.yaml").write_bytes(b"")
    (tmp_path / "big.yaml").write_bytes(b"#" * (LARGEST * 2))
    files = read_folder(tmp_path)
    assert list(files) == ["a.yaml", "b.yaml", "big.yaml"]
    assert sum(map(len, files.values())) == LARGEST + 1


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_files(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DefinitionError) as caught:
        read_folder(tmp_path / name)
    assert [d.code for d in caught.value.diagnostics] == ["no-files"]
