from __future__ import annotations

import io
from typing import Any

import pytest

from engine.kinds.protocols import ValueProblem
from engine.kinds.values.media import CSV, JPEG, PDF, TXT, Media, clean_name, sniff
from tests import pictures
from tests.unit.kinds.making import parse

A, B = "a" * 26, "b" * 26


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ([A, B], (A, B)),
        ([A, A], (A,)),
        ((A,), (A,)),
        (f'["{A}"]', (A,)),
        (A, (A,)),
        ([], None),
        ("", None),
        ("[]", None),
        (None, None),
    ],
)
def test_ids_come_as_a_list_or_as_the_text_of_a_form(raw: Any, value: Any) -> None:
    assert parse("attachment", raw) == value


@pytest.mark.parametrize(
    "raw", [5, True, {"a": 1}, [5], [[A]], ["../x"], "[" * 9_000, "x", f'["{A}', "\ud800", ["\x00" * 26], "null5"]
)
def test_what_is_no_list_of_ids_is_refused(raw: Any) -> None:
    with pytest.raises(ValueProblem):
        parse("attachment", raw)


def test_more_files_than_the_field_takes_are_refused() -> None:
    with pytest.raises(ValueProblem, match="At most 1 files"):
        parse("attachment", [A, B], max=1)


@pytest.mark.parametrize(
    ("given", "media", "name"),
    [
        ("照片.JPG", JPEG, "照片.JPG"),
        ("C:\\fakepath\\a.jpeg", JPEG, "a.jpeg"),
        ("../../etc/passwd", TXT, "passwd.txt"),
        ("photo\u202egpj.exe", JPEG, "photogpj.exe.jpg"),
        ("a.png", JPEG, "a.jpg"),
        ("", PDF, "pdf.pdf"),
        (".pdf", PDF, "pdf.pdf"),
        ("...", PDF, "pdf.pdf"),
        ("a\x00\n<b>.pdf", PDF, "a_b_.pdf"),
        ("长" * 500 + ".csv", CSV, "长" * 116 + ".csv"),
        ("v1.2 final", PDF, "v1.2 final.pdf"),
        ("\ud800.pdf", PDF, "pdf.pdf"),
    ],
)
def test_names_are_cleaned_and_end_in_what_the_content_is(given: str, media: Media, name: str) -> None:
    assert clean_name(given, media) == name


@pytest.mark.parametrize(
    ("data", "group"),
    [
        (pictures.PDF, "pdf"),
        (pictures.XLSX, "excel"),
        (pictures.DOCX, "word"),
        (pictures.package("a.txt"), "zip"),
        ("编号".encode() * 30_000, "text"),
        ("编号".encode("gbk") * 30_001, "text"),
        (pictures.MACROS, None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
        (b"", None),
        (b"text with \x00 in it", None),
    ],
)
def test_a_file_is_what_its_content_is(data: bytes, group: str | None) -> None:
    media = sniff(io.BytesIO(data), "a.pdf")
    assert (media.group if media else None) == group
