"""Files: photos, papers, tables. The field holds their ids; the bytes lie outside the database."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.values.media import GROUPS
from engine.kinds.values.text import problem, wrong_type
from engine.language.sqltypes import WordList
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import TEXT, Type, TypeKind

MOST_FILES = 50
USUAL_FILES = 10
LARGEST = 30
USUAL_SIZE = 20
MEGABYTE = 1024 * 1024
_ID = re.compile(r"[a-z0-9]{26}")
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

DOC = Doc(
    Text(
        "文件：照片、PDF、表格等。max 是最多几个（不写是 10），accept 是收哪几类，max_size 是每个最多几 MB（不写是 20）。",
        "Files: photos, papers, tables. `max` says how many at most (10 if left out), `accept` which kinds, "
        "`max_size` how many MB each may have (20 if left out).",
    ),
    "photos: {type: attachment, max: 5, accept: [image, pdf], max_size: 10}",
)


class AttachmentKind:
    """`max`: most files; `accept`: groups of kinds of file (all, unless said); `max_size`: MB that one file may have."""

    name = "attachment"
    schema: Mapping[str, Any] = {
        "max": {"type": "integer", "minimum": 1, "maximum": MOST_FILES},
        "accept": {"type": "array", "items": {"enum": list(GROUPS)}, "minItems": 1, "uniqueItems": True},
        "max_size": {"type": "integer", "minimum": 1, "maximum": LARGEST},
        "default": False,
        "unique": False,
    }
    widget = "files"

    def type(self, options: Mapping[str, Any]) -> Type:
        """A list of texts."""
        return Type(TypeKind.LIST, element=TEXT)

    def parse(self, raw: Any, field: Field) -> tuple[str, ...] | None:
        """A list of ids, or the same as JSON text (what a form brings); whose files they are is for the write path to see."""
        given = _listed(raw)
        if not given:
            return None
        most = int(field.options.get("max", USUAL_FILES))
        if len(given) > most:
            raise problem("too-many", "最多 {n} 个文件", "At most {n} files", n=most)
        if not all(isinstance(id, str) and _ID.fullmatch(id) for id in given):
            raise problem(
                "not-a-file",
                "这里要已上传文件的编号；请先上传文件",
                "This takes the ids of files: upload the file first",
            )
        return tuple(sorted(set(given)))

    def to_json(self, value: Any, field: Field) -> Any:
        """The ids, the file that came first first: an id begins with its time."""
        return None if value is None else list(value)

    def column(self, field: Field) -> TypeEngine[Any]:
        """A set of ids, as every list is kept."""
        return WordList()

    def sample(self, field: Field, random: Random) -> tuple[str, ...]:
        """Looks like the id of a file; no such file is meant."""
        return ("".join(random.choices(_ALPHABET, k=26)),)


def _listed(raw: Any) -> list[Any] | tuple[Any, ...]:
    if raw is None:
        return ()
    if isinstance(raw, str):
        text = raw[:10_000].strip()
        try:
            raw = json.loads(text) if text else []
        except (ValueError, RecursionError):
            raw = [text]
    if not isinstance(raw, list | tuple):
        raise wrong_type(raw, Text("一列文件编号", "a list of ids of files"))
    return raw


KIND = AttachmentKind()
