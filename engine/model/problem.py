"""Why a request was not done: one shape for pages, REST (RFC 9457), command line and incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.model.diagnostic import Span
from engine.model.text import Text


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. `path` is a field or `items[2].price`; `span` the line of the definition that decided, if one did."""

    path: str
    code: str
    message: Text
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that would work instead: `kind` transition | reload | fill | sign_in; `name` of the transition or field."""

    kind: str
    name: str
    title: Text


@dataclass(eq=False)
class Problem(Exception):
    """Not frozen, since Python itself hangs a traceback on it. `status` is the HTTP status it answers with; never 5xx for
    what a user did. `facts`: extra members for programs."""

    status: int
    code: str
    title: Text
    detail: Text
    errors: tuple[Fault, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail.zh} / {self.detail.en}"


def invalid(errors: tuple[Fault, ...]) -> Problem:
    """Values that cannot be taken (422), all of them at once."""
    return Problem(
        422,
        "invalid",
        Text("有值不对", "Some values are not right"),
        Text("；".join(e.message.zh for e in errors), "; ".join(e.message.en for e in errors)),
        errors,
    )


def missing() -> Problem:
    """What is not there and what may not be seen answer alike (404)."""
    return Problem(
        404,
        "not_found",
        Text("没有这一项", "Not found"),
        Text("没有这一项，或者您看不到它", "There is no such thing, or you cannot see it"),
    )


def refused(code: str, detail: Text, *, span: Span | None = None, path: str = "", remedies: tuple[Remedy, ...] = ()) -> Problem:
    """Something the actor may see but not do (403); names the deciding line."""
    return Problem(403, code, Text("不能这样做", "Not allowed"), detail, (Fault(path, code, detail, span),), remedies)
