"""JSON in, strictly: what two programs could read in two ways, or what would cost us without bound, is refused with its place.

400 for what is no acceptable JSON text (encoding, syntax, NaN, duplicate names, depth), 422 for JSON that is not what was asked
for (type, unknown members, text that cannot be stored). Numbers are int or Decimal, never binary floats."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Request

from engine.model.problem import Fault, Problem, invalid
from engine.model.text import Text, storable

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_DIGITS = 60
MAX_EXPONENT = 60


@dataclass(frozen=True, slots=True)
class _Flaw:
    """Stands in a parsed value where something is wrong, until the walk that knows the path finds it."""

    code: str
    message: Text


_NOT_FINITE = _Flaw("not_a_number", Text("NaN 和 Infinity 不是 JSON 里的数", "NaN and Infinity are not numbers in JSON"))
_TOO_LONG = _Flaw("number_too_long", Text(f"数字最多 {MAX_DIGITS} 位", f"A number has at most {MAX_DIGITS} digits"))
_TWICE = _Flaw("duplicate_name", Text("同一个名字出现了两次", "The same name stands here twice"))
_BAD_TEXT = _Flaw("bad_text", Text("文字里有不能保存的字符（NUL 或半个代理对）", "The text holds NUL or half a surrogate pair"))


def read_json(request: Request, *, empty: Any = None) -> Any:
    """The request's body; `empty` stands for no body at all, if given. Raises Problem 400, 413, 415 or 422."""
    raw = _bytes(request)
    if not raw and empty is not None:
        return empty
    if request.mimetype and not _is_json(request.mimetype):
        raise _problem(415, "not_json_type", Text("请求体要用 application/json", "Send the body as application/json"))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        where = Text("第 {n} 个字节起不是 UTF-8", "Not UTF-8 from byte {n} on").fill(n=error.start + 1)
        raise _problem(400, "not_utf8", where) from None
    return parse(text)


def parse(text: str) -> Any:
    """Strict JSON text → value. Raises Problem 400 or 422."""
    _check_depth(text)
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_int=_integer, parse_float=_decimal, parse_constant=lambda _: _NOT_FINITE
        )
    except json.JSONDecodeError as error:
        place = Text("第 {line} 行第 {column} 列不是 JSON", "Not JSON at line {line}, column {column}")
        raise _problem(400, "not_json", place.fill(line=error.lineno, column=error.colno)) from None
    flaws = tuple(Fault(path, flaw.code, flaw.message) for path, flaw in _flaws(value))
    if flaws and any(fault.code != _BAD_TEXT.code for fault in flaws):
        raise _problem(400, flaws[0].code, flaws[0].message, flaws[:100])
    if flaws:
        raise invalid(flaws[:100])
    return value


def members(value: Any, known: Sequence[str], path: str = "") -> Mapping[str, Any]:
    """An object with no other members than those known. Raises Problem 422."""
    if not isinstance(value, dict):
        raise invalid((Fault(path, "not_an_object", Text("这里要一个对象 {…}", "An object {…} belongs here")),))
    unknown = [name for name in value if name not in known]
    if unknown:
        text = Text("没有 {name} 这个成员；可以有：{known}", "There is no member {name}; there may be: {known}")
        listed = ", ".join(known) or "–"
        raise invalid(tuple(Fault(_under(path, n), "unknown_member", text.fill(name=n, known=listed)) for n in unknown[:100]))
    return value


def object_at(body: Mapping[str, Any], name: str, path: str = "") -> Mapping[str, Any]:
    """The member `name`, an object; {} when it is left out. Raises Problem 422."""
    value = body.get(name, {})
    return members(value, tuple(value) if isinstance(value, dict) else (), _under(path, name))


def lists_at(body: Mapping[str, Any], name: str, path: str = "") -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The member `name`, an object of lists of objects. Raises Problem 422."""
    lists = object_at(body, name, path)
    for key, rows in lists.items():
        place = _under(_under(path, name), key)
        if not isinstance(rows, list):
            raise invalid((Fault(place, "not_a_list", Text("这里要一个列表 […]", "A list […] belongs here")),))
        for index, row in enumerate(rows):
            members(row, tuple(row) if isinstance(row, dict) else (), f"{place}[{index}]")
    return lists


def _bytes(request: Request) -> bytes:
    too_long = _problem(413, "too_large", Text("请求体最多 1 MB", "A body has at most 1 MB"))
    if (request.content_length or 0) > MAX_BYTES:
        raise too_long
    raw = request.stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise too_long
    return raw


def _is_json(mimetype: str) -> bool:
    return mimetype == "application/json" or mimetype.endswith("+json")


def _check_depth(text: str) -> None:
    """Before the parser, which recurses."""
    depth, quoted, skip = 0, False, False
    for index, letter in enumerate(text):
        if quoted:
            if skip:
                skip = False
            elif letter == "\\":
                skip = True
            elif letter == '"':
                quoted = False
        elif letter == '"':
            quoted = True
        elif letter in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                place = Text("第 {n} 个字符处嵌套超过 {max} 层", "More than {max} levels deep at character {n}")
                raise _problem(400, "too_deep", place.fill(n=index + 1, max=MAX_DEPTH))
        elif letter in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        result[name] = _TWICE if name in result else value
    return result


def _integer(text: str) -> int | _Flaw:
    return int(text) if len(text) <= MAX_DIGITS else _TOO_LONG


def _decimal(text: str) -> Decimal | _Flaw:
    if len(text) > MAX_DIGITS:
        return _TOO_LONG
    number = Decimal(text)
    return number if abs(number.adjusted()) <= MAX_EXPONENT else _TOO_LONG


def _flaws(value: Any) -> Iterator[tuple[str, _Flaw]]:
    # Depth is bounded by _check_depth, so this recursion is too.
    yield from _walk("", value)


def _walk(path: str, value: Any) -> Iterator[tuple[str, _Flaw]]:
    match value:
        case _Flaw():
            yield path, value
        case str():
            if not storable(value):
                yield path, _BAD_TEXT
        case dict():
            for name, inner in value.items():
                place = _under(path, name if storable(name) else repr(name))
                if not storable(name):
                    yield place, _BAD_TEXT
                yield from _walk(place, inner)
        case list():
            for index, inner in enumerate(value):
                yield from _walk(f"{path}[{index}]", inner)


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _problem(status: int, code: str, detail: Text, errors: tuple[Fault, ...] = ()) -> Problem:
    return Problem(status, code, Text("请求读不懂", "The request cannot be read"), detail, errors)
