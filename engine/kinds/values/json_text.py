"""JSON objects and arrays out of requests and typed text, kept as one text. What readers could take differently is refused:
NaN, keys given twice, numbers that JavaScript would round."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import Any

from engine.kinds.protocols import ValueProblem
from engine.kinds.values.text import clean, problem, shown, too_long, wrong_type
from engine.model.text import Text
from engine.model.types import JsonText

LONGEST, DEEPEST, MOST = 20_000, 20, 5_000
EXACT = 2**53  # whole numbers up to here are exact in every reader
_WANTED = Text("JSON：{} 或 []", "JSON: {} or []")


def read_json(raw: Any) -> JsonText | None:
    """A dict, a list, or the text of one → its canonical text; None for empty. ValueProblem says what is wrong."""
    if isinstance(raw, JsonText):
        return raw
    if isinstance(raw, str):
        raw = _parsed(raw)
    if raw is None:
        return None
    if not isinstance(raw, (Mapping, list, tuple)):
        raise wrong_type(raw, _WANTED)
    text = json.dumps(_Walk().plain(raw, 1), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if len(text) > LONGEST:
        raise too_long(LONGEST)
    return JsonText(text)


def _parsed(raw: str) -> Any:
    if len(raw) > LONGEST * 4:
        raise too_long(LONGEST)
    if not raw.strip():
        return None
    try:
        return json.loads(
            clean(raw),
            parse_int=_whole,
            parse_float=_fraction,
            parse_constant=_refuse_number,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as error:
        raise problem(
            "not-json",
            "不是 JSON：第 {line} 行第 {column} 列看不懂；键和文字要用双引号",
            "This is not JSON: line {line}, column {column} cannot be read; keys and texts stand in double quotes",
            line=error.lineno,
            column=error.colno,
        ) from None
    except RecursionError:
        raise _too_deep() from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise problem("key-twice", "键「{key}」写了两次", "The key “{key}” is given twice", key=shown(twice))
    return found


def _whole(text: str) -> int:
    return int(text) if len(text) <= 17 else _refuse_number(text)


def _fraction(text: str) -> float:
    if len(text) > 40 or Decimal(repr(float(text))) != Decimal(text):
        raise _refused(text)
    return float(text)


class _Walk:
    """Goes through a value once, within bounds, and makes it plain."""

    def __init__(self) -> None:
        self.left = MOST

    def plain(self, value: Any, depth: int) -> Any:
        """Numbers in one form, texts clean, keys texts."""
        self.left -= 1
        if self.left < 0:
            raise problem("too-many", "太多：最多 {n} 个值", "Too much: at most {n} values", n=MOST)
        if depth > DEEPEST + 1:
            raise _too_deep()
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return clean(value) if len(value) <= LONGEST else _refuse_length()
        if isinstance(value, (int, float, Decimal)):
            return _number(value)
        if isinstance(value, Mapping):
            return {self._key(key): self.plain(each, depth + 1) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(each, depth + 1) for each in value]
        raise wrong_type(value, _WANTED)

    def _key(self, key: Any) -> str:
        if not isinstance(key, str):
            raise wrong_type(key, Text("带引号的键", "a key in quotes"))
        return clean(key) if len(key) <= LONGEST else _refuse_length()


def _number(value: float | Decimal) -> int | float:
    if isinstance(value, int):
        return value if abs(value) <= EXACT else _refuse_number(value)
    if isinstance(value, Decimal):
        if not value.is_finite() or Decimal(repr(float(value))) != value:
            raise _refused(value)
        value = float(value)
    if not isfinite(value) or abs(value) > EXACT:
        raise _refused(value)
    return int(value) if value.is_integer() else value


def _refuse_number(given: object) -> Any:
    raise _refused(given)


def _refused(given: object) -> ValueProblem:
    return problem(
        "not-exact",
        "数字「{given}」不是谁都能读准；请加引号写成文字",
        "The number “{given}” is not read alike everywhere; put it in quotes as text",
        given=shown(given),
    )


def _refuse_length() -> Any:
    raise too_long(LONGEST)


def _too_deep() -> ValueProblem:
    return problem("too-deep", "嵌套太深：最多 {n} 层", "Nested too deep: at most {n} levels", n=DEEPEST)
