"""The order tracking template, damaged: lines lost, doubled and swapped, bytes and words changed. Loading it always ends with
an app or with problems that name their places."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.catalogue import load as load_catalogue
from engine.definition.load import load
from engine.definition.read import read_folder
from engine.model.diagnostic import Severity
from tests.unit.definition.loading import REGISTRY

FILES = read_folder(Path(__file__).parents[2] / "templates_market" / "order_tracking")
WHOLE = b"".join(FILES.values())
CATALOGUE = load_catalogue()
TOKENS = [
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b": ",
        b":",
        b"- ",
        b"? ",
        b"&a ",
        b"*a",
        b"!!x ",
        b"|\n",
        b">\n",
        b"'",
        b'"',
        b"#",
        b"\n",
        b"\t",
    ),
    *(b"\0", b"---\n", b"<<: ", b"null", b"true", b"1e9", b"0x", b"\xff", b"\xef\xbb\xbf", "中".encode(), b"{{", b"}}"),
    *(b"this", b"old.", b"user.", b"not ", b"(" * 50, b"**", b"lambda:", b"all: true", b"from: ", b"when: {created: orders}"),
]
POSITION = st.integers(0, 10_000)


def _check(data: bytes) -> None:
    loaded = load({"app.yaml": data}, CATALOGUE, REGISTRY)
    errors = [d for d in loaded.diagnostics if d.severity is Severity.ERROR]
    assert loaded.app is not None or errors
    for d in loaded.diagnostics:
        assert d.message.zh
        assert d.message.en
        assert "\n" not in str(d.span)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(["delete", "double", "swap", "indent"]), POSITION, POSITION), min_size=1, max_size=6))
def test_lines_changed(changes: list[tuple[str, int, int]]) -> None:
    lines = WHOLE.splitlines(keepends=True)
    for how, first, second in changes:
        a, b = first % len(lines), second % len(lines)
        if how == "delete":
            del lines[a]
        elif how == "double":
            lines.insert(b, lines[a])
        elif how == "swap":
            lines[a], lines[b] = lines[b], lines[a]
        else:
            lines[a] = b"  " + lines[a]
    _check(b"".join(lines))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 3), st.binary(max_size=3)), min_size=1, max_size=8))
def test_bytes_changed(changes: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(WHOLE)
    for at, length, new in changes:
        data[at : at + length] = new
    _check(bytes(data))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 8), st.sampled_from(TOKENS)), min_size=1, max_size=4))
def test_words_changed(changes: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(WHOLE)
    for at, length, new in changes:
        data[at : at + length] = new
    _check(bytes(data))


def test_undamaged_it_is_an_app() -> None:
    assert load({"app.yaml": WHOLE}, CATALOGUE, REGISTRY).app is not None
