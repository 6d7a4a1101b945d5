"""functions.md and functions.zh-CN.md: every function, aggregate and lookup of the expression language."""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.functions import FUNCTIONS
from engine.language.functions.protocol import Function
from engine.language.related_docs import DOCS, USAGES
from engine.model.text import Text
from tools.reference.entries import chained, page
from tools.reference.sample import RECORDS

_TITLE = Text("函数", "Functions")
_INTRODUCTION = Text(
    f"""表达式里能用的函数、对子记录和整张表的聚合、查找。例子左边是表达式，箭头右边是结果（也是一个表达式）；测试在下面这张订单上算过，
用生成的 Python、SQLite 和参照实现各一遍。应用见[步骤](steps.zh-CN.md)。

```yaml
{RECORDS}```""",
    f"""The functions of expressions, aggregates over children and tables, and lookups. An example is an expression, an arrow,
and the result (an expression too); a test evaluates it on the order below, on generated Python, SQLite and the reference. The
app is on the page of [steps](steps.md).

```yaml
{RECORDS}```""",
)
_RELATED = Text(
    "里面的名称是那些记录的字段，`this.` 是外面这条记录。",
    "Bare names inside are fields of those records; `this.` is the record around.",
)
_NOT_YET = Text("这一版还不能用。", "This version cannot run it yet.")
_WORDS = Text("写成句子是「{words}」。", "In sentences it reads “{words}”.")


def pages() -> Mapping[str, str]:
    """Both languages."""
    own = {name: _entry(function) for name, function in FUNCTIONS.items()}
    related = {
        name: chained([_code(USAGES[name]), doc.about, _RELATED, _code(doc.example)], "\n\n") for name, doc in DOCS.items()
    }
    return page("functions", _TITLE, _INTRODUCTION, {**own, **related})


def _entry(function: Function) -> Text:
    manual = function.manual
    parts = [_code(manual.usage), manual.about]
    if manual.words.zh != "{0}":
        parts.append(_WORDS.fill(words=manual.words))
    return chained([*parts, _code(manual.example) if function.backs else _NOT_YET], "\n\n")


def _code(text: str) -> Text:
    return Text.of(f"```expr\n{text}\n```")
