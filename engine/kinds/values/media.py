"""What a file is, told from its content and never from its name: the few kinds of file that attachments take.

Sources of the magic numbers: the formats' own specifications (PNG, JPEG/JFIF, GIF89a, RIFF/WebP, ISO 32000, PKWARE APPNOTE)."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

_HEAD = 1024
_PROBE = 64 * 1024
_MOST_PARTS = 20_000
MOST_NAME = 120
# Controls, and the signs that turn the direction of writing: `photo`, such a sign, `gpj.exe` would look like a picture.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_RESERVED = re.compile(r'[\\/:*?"<>|]+')
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Media:
    """`group`: the word that `accept` uses; `endings`: of names, the usual one first."""

    type: str
    group: str
    endings: tuple[str, ...]

    @property
    def picture(self) -> bool:
        """Is it one that we can draw anew?"""
        return self.group == "image"


PNG = Media("image/png", "image", ("png",))
JPEG = Media("image/jpeg", "image", ("jpg", "jpeg", "jfif"))
WEBP = Media("image/webp", "image", ("webp",))
GIF = Media("image/gif", "image", ("gif",))
PDF = Media("application/pdf", "pdf", ("pdf",))
XLSX = Media("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "excel", ("xlsx",))
DOCX = Media("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "word", ("docx",))
ZIP = Media("application/zip", "zip", ("zip",))
CSV = Media("text/csv", "text", ("csv",))
TXT = Media("text/plain", "text", ("txt", "log", "md"))

ALL = (PNG, JPEG, WEBP, GIF, PDF, XLSX, DOCX, ZIP, CSV, TXT)
GROUPS = tuple(dict.fromkeys(media.group for media in ALL))
BY_TYPE: Mapping[str, Media] = {media.type: media for media in ALL}


def sniff(file: BinaryIO, name: str) -> Media | None:
    """What the content is; None for what no attachment may be. `name` settles only what the content leaves open: a table in
    text is a CSV when it is called so."""
    file.seek(0)
    probe = file.read(_PROBE)
    head = probe[:_HEAD]
    for start, media in ((b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"GIF87a", GIF), (b"GIF89a", GIF)):
        if head.startswith(start):
            return media
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if b"%PDF-" in head:
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(file)
    if probe and _is_text(probe):
        return CSV if _ending(name) in CSV.endings else TXT
    return None


def _package(file: BinaryIO) -> Media | None:
    """A zip by what is in it. Office files with macros are programs, and not taken."""
    try:
        with zipfile.ZipFile(file) as packed:
            parts = set(packed.namelist()[:_MOST_PARTS])
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        return None
    if "[Content_Types].xml" in parts:
        return XLSX if "xl/workbook.xml" in parts else DOCX if "word/document.xml" in parts else None
    return ZIP


def _is_text(probe: bytes) -> bool:
    if _NOT_TEXT.search(probe):
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the probe may end within a letter
            try:
                probe[: len(probe) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def clean_name(given: str, media: Media) -> str:
    """The name as people gave it, without paths and signs that cannot be seen, ending in what the content is."""
    name = _UNSEEN.sub("", unicodedata.normalize("NFC", given))
    name = _RESERVED.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem, dot, ending = name.rpartition(".")
    known = ending.lower() in {e for m in ALL for e in m.endings}
    if dot and ending.lower() in media.endings:
        return f"{stem[: MOST_NAME - len(ending) - 1] or media.group}.{ending}"
    stem = stem if dot and known else name
    return f"{stem[: MOST_NAME - len(media.endings[0]) - 1] or media.group}.{media.endings[0]}"


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()
