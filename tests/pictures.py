"""Files for tests, made on the spot: pictures with what a camera writes into them, papers, packages."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

SECRET = b"31.2304N 121.4737E"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def photo(width: int = 60, height: int = 40, *, orientation: int = 1, format: str = "JPEG", mode: str = "RGB") -> bytes:
    """A picture, its left half dark, with a place in its notes."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste("black", (0, 0, width // 2, height))
    picture = picture.convert(mode)
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010E] = SECRET.decode()
    into = io.BytesIO()
    picture.save(into, format, exif=notes)
    return into.getvalue()


def package(*names: str) -> bytes:
    """A zip with these files in it."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return into.getvalue()


XLSX = package("[Content_Types].xml", "xl/workbook.xml")
DOCX = package("[Content_Types].xml", "word/document.xml")
MACROS = package("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")
