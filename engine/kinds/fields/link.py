"""A link to a record of another table (or the same). The other side sees it as a child list under `inverse`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.kinds.values.text import TextKept, problem, typed
from engine.language.sqltypes import words
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text
from engine.model.types import Type, TypeKind

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

DOC = Doc(
    Text(
        "指向另一张表（或本表）的一条记录；inverse 给对方一个子记录列表；on_delete 说对方被删时怎么办。",
        "Points to a record of another table (or the same). `inverse` names the list that the other side gets; "
        "`on_delete` says what happens when that record goes.",
    ),
    "order: {type: link, to: orders, inverse: parcels, on_delete: cascade}",
)


class LinkKind(TextKept):
    """`to`: the table; `inverse`: the name of the list on the other side; `on_delete`: what happens here when the record
    there goes: refuse (unless said otherwise), clear or cascade."""

    name = "link"
    schema: Mapping[str, Any] = {
        "to": {"type": "string", "x-required": True},
        "inverse": {"type": "string"},
        "on_delete": {"enum": ["refuse", "clear", "cascade"]},
        "default": False,
    }
    widget = "link"

    def type(self, options: Mapping[str, Any]) -> Type:
        """A record of the table."""
        return Type(TypeKind.RECORD, table=str(options["to"]))

    def parse(self, raw: Any, field: Field) -> str | None:
        """The other record's id; whether it is there is for the write path to see."""
        text = typed(raw, Text("一条记录的编号（id）", "the id of a record"))
        if text is not None and not _ID.fullmatch(text):
            raise problem(
                "not-an-id",
                "这不是记录的编号（id）；请从列表里选一条",
                "This is not the id of a record; choose one from the list",
            )
        return text

    def column(self, field: Field) -> TypeEngine[Any]:
        """Text of an id's length."""
        return words(26)

    def sample(self, field: Field, random: Random) -> str:
        """Looks like an id; no such record is meant."""
        return "".join(random.choices(_ALPHABET, k=26))


KIND = LinkKind()
