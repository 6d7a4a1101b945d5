"""Pictures drawn anew: without what a camera writes into them (place, device, time), upright, in one frame, and not too large.

Whoever opens somebody else's picture opens a possible attack; so formats are few, the size is looked at before anything is
unpacked, and one picture is unpacked at a time."""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

# Unpacked, a point takes 4 bytes; a JPEG is unpacked smaller at once, so a larger one is welcome.
MOST_POINTS = 24_000_000
MOST_POINTS_OF_JPEG = 64_000_000
SHOWN_SIDE = 2_560
SMALL_SIDE = 320
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_QUALITY = 85


class Unreadable(Exception):
    """Not a picture after all, or a broken one."""


class TooManyPoints(Exception):
    """A picture that would take too much memory."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`width` and `height` as it is shown; `show` and `small` are PNG where something is transparent, else JPEG."""

    width: int
    height: int
    show: bytes
    small: bytes


class Painter:
    """Draws one picture at a time, whoever asks."""

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def draw(self, path: Path) -> Picture:
        """The picture in a file, drawn anew in two sizes. Raises Unreadable, TooManyPoints."""
        with self._turn, warnings.catch_warnings():
            # Its own warning comes at another size than our bound.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            try:
                return _draw(path)
            except Image.DecompressionBombError as error:
                raise TooManyPoints from error
            except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError) as error:
                # Pillow's readers raise all of these for broken files.
                raise Unreadable(str(error)) from error


_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112


def _draw(path: Path) -> Picture:
    with Image.open(path, formats=_FORMATS) as opened:
        if opened.width * opened.height > (MOST_POINTS_OF_JPEG if opened.format == "JPEG" else MOST_POINTS):
            raise TooManyPoints
        turn = opened.getexif().get(_ORIENTATION, 1)
        width, height = opened.size
        opened.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))
        shown = _plain(opened)
    if turn in _UPRIGHT:
        shown = shown.transpose(_UPRIGHT[turn])
    small = shown.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    if turn in (5, 6, 7, 8):
        width, height = height, width
    return Picture(width, height, _packed(shown), _packed(small))


def _plain(picture: Image.Image) -> Image.Image:
    """Red, green, blue (and how transparent), nothing else: no palette, no ink, no notes."""
    transparent = picture.mode in ("LA", "PA", "RGBA", "RGBa") or "transparency" in picture.info
    points = picture.convert("RGBA" if transparent else "RGB")
    points.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.LANCZOS)
    # A new sheet takes over the points and none of the notes.
    drawn = Image.new(points.mode, points.size)
    drawn.paste(points)
    return drawn


def _packed(picture: Image.Image) -> bytes:
    into = io.BytesIO()
    if picture.mode == "RGBA":
        picture.save(into, "PNG")
    else:
        picture.save(into, "JPEG", quality=_QUALITY, progressive=True)
    return into.getvalue()
