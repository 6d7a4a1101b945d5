"""A person of the house: who does it, who asked for it, who answers for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from random import Random
from typing import Any

from engine.kinds.values.text import TextKept, problem, shown, typed
from engine.model.app import Field
from engine.model.doc import Doc
from engine.model.text import Text

LONGEST = 40
_NAME = re.compile(r"\w[\w.@+-]*")

DOC = Doc(
    Text(
        "一位用户；存的是登录名，页面显示称呼。记录范围写 assignee == user.name。",
        "A user of this house, kept by the name they sign in with; pages show how they are called. A scope says "
        "`assignee == user.name`.",
    ),
    "assignee: {type: person, title: {zh: 负责人, en: Assignee}}",
)


class PersonKind(TextKept):
    """No keys of its own. The value is the user's name: it never changes, and `user.name`, `user.lead` and `created_by` are
    such names too."""

    name = "person"
    schema: Mapping[str, Any] = {"default": False}
    widget = "person"

    def parse(self, raw: Any, field: Field) -> str | None:
        """A user's name; whether there is such a user is for the write path to see."""
        text = typed(raw, Text("一位用户的名字", "the name of a user"))
        if text is None:
            return None
        name = unicodedata.normalize("NFC", text)
        if not _NAME.fullmatch(name) or len(name) > LONGEST:
            raise problem(
                "not-a-person",
                "「{given}」不是用户名；请从名单里选一位",
                "“{given}” is not the name of a user; choose one from the list",
                given=shown(text),
            )
        return name

    def sample(self, field: Field, random: Random) -> str:
        """Looks like a name; nobody is meant."""
        return random.choice(("wangwei", "li.na", "陈晨", "zhang@dept"))


KIND = PersonKind()
