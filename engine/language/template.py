"""Text templates: `"{order_no} 已待审 {elapsed}"`, expressions in braces. `{{` and `}}` are braces themselves. Not Jinja: a
template can do nothing but name values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.language.expression import read_expression
from engine.language.reading import Listener
from engine.language.report import diagnose
from engine.model.diagnostic import DefinitionError, Diagnostic, Span
from engine.model.text import Text
from engine.model.tree import Expression, Template
from engine.model.types import Scope

Part = str | Expression
LONGEST = 10_000


def read_template(
    value: str | Mapping[str, str], scope: Scope, *, span: Span, path: str, listen: Listener | None = None
) -> Template:
    """One text for both languages or a map by locale; a missing language falls back to the other. `span` is the place of the
    text (of the map when there is one). `listen` is told what the expressions in it were read as. Raises DefinitionError with
    all that was found."""
    texts = {"": value} if isinstance(value, str) else dict(value)
    found: list[Diagnostic] = []
    read: dict[str, tuple[Part, ...]] = {}
    for locale, text in texts.items():
        place = span if isinstance(value, str) else Span(span.file, span.line, 0)
        try:
            read[locale] = _parts(text, scope, place, f"{path}.{locale}" if locale else path, listen)
        except DefinitionError as error:
            found.extend(error.diagnostics)
    if found:
        raise DefinitionError(found)
    one = next(iter(read.values()), ())
    zh = read.get("zh") or read.get("en") or one
    return Template(zh, read.get("en") or zh, span)


def render(template: Template, locale: str, value: Callable[[Expression], str]) -> str:
    """The text in a locale; `value` shows an expression to whoever receives it."""
    parts = template.en if locale.lower().startswith("en") else template.zh
    return "".join(part if isinstance(part, str) else value(part) for part in parts)


def _parts(text: str, scope: Scope, span: Span, path: str, listen: Listener | None) -> tuple[Part, ...]:
    if len(text) > LONGEST:
        raise DefinitionError([_problem(Text("文字太长", "The text is too long"), span, path, 0)])
    parts: list[Part] = []
    plain: list[str] = []
    position = 0
    while position < len(text):
        char = text[position]
        if text.startswith(("{{", "}}"), position):
            plain.append(char)
            position += 2
        elif char == "{":
            end = _closing(text, position + 1)
            if end < 0:
                raise DefinitionError([_problem(Text("{ 没有收尾", "A { is not closed"), span, path, position)])
            parts.append("".join(plain))
            plain = []
            inside, place = text[position + 1 : end], _at(span, position + 1)
            parts.append(read_expression(inside, scope, span=place, path=path, listen=_shifted(listen, position + 1)))
            position = end + 1
        elif char == "}":
            raise DefinitionError([_problem(Text("多了一个 }", "A } too many"), span, path, position)])
        else:
            plain.append(char)
            position += 1
    parts.append("".join(plain))
    return tuple(part for part in parts if part != "")


def _shifted(listen: Listener | None, offset: int) -> Listener | None:
    """The same listener, told where in the template the expression begins."""
    return None if listen is None else lambda parts: listen(replace(parts, offset=offset))


def _closing(text: str, position: int) -> int:
    """Where the brace closes; braces inside quotes do not count."""
    quote = ""
    for at in range(position, len(text)):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "}":
            return at
    return -1


def _at(span: Span, offset: int) -> Span:
    return Span(span.file, span.line, span.column + offset if span.column else 0)


def _problem(message: Text, span: Span, path: str, offset: int) -> Diagnostic:
    return diagnose("template", span, offset, path, message=message)
