"""A value out of a closed list, given by its name or by the title that people see."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from engine.kinds.values.text import problem, shown, typed, wrong_type
from engine.model.app import Choice
from engine.model.text import Text

MANY = 8


def read_name(raw: Any, choices: Mapping[str, Choice]) -> str | None:
    """The choice's name; by name first, then by a title that only one choice bears. None for empty."""
    if raw is not None and not isinstance(raw, str):
        raise wrong_type(raw, Text("一个选项", "one of the choices"))
    text = typed(raw)
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
