"""Published expressions as functions: each is generated once per program and then only called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.language.env import Env
from engine.language.python import compile_python
from engine.model.tree import Expression

Function = Callable[..., Any]


class Compiled:
    """Expression → its generated function. Keeps the expression beside it, so an id is never used again by another."""

    def __init__(self) -> None:
        self._functions: dict[int, tuple[Expression, Function]] = {}

    def __call__(
        self, expression: Expression, record: Mapping[str, Any], env: Env, inner: Mapping[str, Any] | None = None
    ) -> Any:
        """The expression's value for a record (and an inner one)."""
        held = self._functions.get(id(expression))
        if held is None:
            held = (expression, compile_python(expression))
            self._functions[id(expression)] = held
        return held[1](record, env) if inner is None else held[1](record, env, inner)
