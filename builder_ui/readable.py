"""What no text of ours may hold is refused at the door: NUL and halves of characters, in addresses, parameters and forms. One
database cannot keep them and the other would; bodies of JSON are read as strictly by builder_ui.api.bodies."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request

from engine.model.problem import Fault, Problem
from engine.model.text import Text, storable

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def readable() -> None:
    """Before each request. Raises Problem 400 with the name of the place."""
    faults = tuple(Fault(path, "bad_text", _BAD) for path, text in _texts() if not storable(text))
    if faults:
        raise Problem(400, "bad_text", Text("请求读不懂", "The request cannot be read"), _BAD, faults[:100])


_BAD = Text("文字里有不能保存的字符（NUL 或残缺的字符）", "The text holds NUL or a broken character, which cannot be kept")


def _texts() -> Iterator[tuple[str, str]]:
    yield "", request.path
    for name, value in request.args.items(multi=True):
        yield _place(name), name + value
    # A program's body is no form; and a file that it sends is read as it comes, not before anybody has looked who sends it.
    if request.method not in _SAFE and not request.path.startswith(("/api/", "/hooks/")):
        for name, value in request.form.items(multi=True):
            yield _place(name), name + value


def _place(name: str) -> str:
    return name if storable(name) else repr(name)[:100]
