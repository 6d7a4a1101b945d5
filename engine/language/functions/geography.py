"""in_region: does a province, under any of its names, lie in a region? The names are in engine.language.regions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_

from engine.language.functions.checks import constant_text, count, of
from engine.language.functions.protocol import Function, Manual, Misuse, PythonWriter, Site, SqlWriter
from engine.language.regions import PROVINCES, REGIONS, names_in
from engine.language.report import did_you_mean, nearest
from engine.model.text import Text
from engine.model.tree import Call, Constant, Node
from engine.model.types import BOOLEAN, Type, TypeKind

_USAGE = "in_region(province, '华东')"


def _check(arguments: tuple[Node, ...], _: Site) -> Type:
    count(arguments, 2, _USAGE)
    of(arguments, 0, TypeKind.TEXT, usage=_USAGE)
    region = constant_text(arguments, 1, _USAGE)
    if names_in(region) is None:
        near = nearest(region, (*REGIONS, *PROVINCES))
        raise Misuse(Text(f"没有叫 {region} 的大区", f"There is no region {region}"), did_you_mean(near or region, REGIONS), 1)
    return BOOLEAN


def _names(call: Call) -> frozenset[str]:
    node = call.arguments[1]
    return (names_in(str(node.value)) if isinstance(node, Constant) else None) or frozenset()


def _run(place: str | None, region: str) -> bool:
    return place in (names_in(region) or ())


def _write(writer: PythonWriter, call: Call) -> str:
    return f"({writer.value(call.arguments[0])} in {writer.bind(_names(call))})"


def _sql(writer: SqlWriter, call: Call, negated: bool) -> ColumnElement[Any]:
    column, names = writer.value(call.arguments[0]), sorted(_names(call))
    return or_(column.not_in(names), column.is_(None)) if negated else column.in_(names)


_MANUAL = Manual(
    usage=_USAGE,
    words=Text("{0}在{1}", "{0} is in {1}"),
    negated=Text("{0}不在{1}", "{0} is not in {1}"),
    about=Text(
        "省份（任何写法：浙江、浙江省、Zhejiang、ZJ）在不在一个大区或省里；空不在任何地方。",
        "Does a province, however it is written (浙江, 浙江省, Zhejiang, ZJ), lie in a region or province? Empty lies nowhere.",
    ),
    example="in_region('浙江省', '华东') → True",
    asks=True,
)

FUNCTIONS = (Function("in_region", _MANUAL, _check, _run, _sql, write=_write),)
