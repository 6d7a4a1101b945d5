"""A value out of a closed list, given by its name or by the title that people see."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from random import Random
from typing import Any

from engine.kinds.values.text import TextKept, problem, shown, typed
from engine.model.app import Choice, Field
from engine.model.text import Text
from engine.model.types import Type, TypeKind

MANY = 8
# The option of a kind whose values a definition lists: name → title.
CHOICES: Mapping[str, Any] = {
    "type": "object",
    "examples": [{"normal": "Normal", "urgent": "Urgent"}],
    "minProperties": 1,
    "maxProperties": 5_000,
    "additionalProperties": {"$ref": "#/$defs/choice"},
    "x-required": True,
}


class NameKept(TextKept):
    """What kinds have in common whose value is one name out of the field's choices."""

    def type(self, options: Mapping[str, Any]) -> Type:
        """TEXT out of a closed set: `options["choices"]`, for a state put there from the flow."""
        return Type(TypeKind.TEXT, options=tuple(options.get("choices", ())))

    def parse(self, raw: Any, field: Field) -> str | None:
        """A name, or its title where only one bears it."""
        return read_name(raw, field.choices)

    def sample(self, field: Field, random: Random) -> str:
        """Any of them."""
        return random.choice(list(field.choices))


def read_name(raw: Any, choices: Mapping[str, Choice]) -> str | None:
    """The choice's name; by name first, then by a title that only one choice bears. None for empty."""
    text = typed(raw, Text("一个选项", "one of the choices"))
    if text is None or text in choices:
        return text
    wanted = text.casefold()
    found = [c.name for c in choices.values() if wanted in {c.title.zh.casefold(), c.title.en.casefold(), c.name.casefold()}]
    if len(found) == 1:
        return found[0]
    if found:
        raise problem(
            "ambiguous",
            "「{given}」对得上几个选项：{names}；请写选项的名字",
            "“{given}” fits several choices: {names}; give the name",
            given=shown(text),
            names=", ".join(found),
        )
    raise _unknown(text, choices)


def _unknown(text: str, choices: Mapping[str, Choice]) -> Exception:
    near = get_close_matches(text, choices, n=1)
    picked = [choices[name] for name in near] or list(choices.values())[:MANY]
    more = "…" if not near and len(choices) > MANY else ""
    return problem(
        "not-a-choice",
        "没有「{given}」这个选项；可以是：{names}",
        "There is no choice “{given}”; it can be: {names}",
        given=shown(text),
        names=Text("、".join(c.title.zh for c in picked) + more, ", ".join(c.name for c in picked) + more),
    )
