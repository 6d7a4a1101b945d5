"""What stands in a template's folder: the definition, and beside it things that are not part of the app.

`*.yaml` is the definition, `cases.yaml` its tests. `about.json` describes it, `picture.*` shows it,
`sample/*.csv` is sample data and `demo/*.yaml` takes the place of files of the same name when the template is only shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from engine.definition.read import read_folder
from engine.model.text import Text

_PICTURES = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml"}


def overlay_files(folder: Path) -> dict[str, bytes]:
    """The definition with the files of `demo/` in place of those of the same name."""
    overlay = folder / "demo"
    files = read_folder(folder)
    return files | read_folder(overlay) if overlay.is_dir() else files


def description(folder: Path) -> Text:
    """What the template is for; empty when it does not say."""
    try:
        return Text.of(json.loads((folder / "about.json").read_text(encoding="utf-8"))["description"])
    except (OSError, ValueError, KeyError):
        return Text("", "")


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file and its media type."""

    data: bytes
    media_type: str


def picture(folder: Path) -> Picture | None:
    """The template's picture, if it has one."""
    for suffix, media_type in _PICTURES.items():
        file = folder / f"picture{suffix}"
        if file.is_file():
            return Picture(file.read_bytes(), media_type)
    return None


def template_folders(root: Path) -> dict[str, Path]:
    """Name → folder of each template, sorted."""
    folders = sorted(path for path in root.glob("*/") if (path / "app.yaml").is_file()) if root.is_dir() else []
    return {folder.name: folder for folder in folders}
