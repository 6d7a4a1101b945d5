"""Every problem the expression language can report, in one table: code, severity, meaning and remedy in both languages.

What people read at a place is mostly a sentence made there, which knows the names and types; this table says in general what
the code stands for, is what the reference prints, and is what the place says where it has nothing to add. No code that is
not in it can be reported. The definition around the expressions has a table of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.message import Message, error

_SPLIT = ("拆成几个公式字段", "Split it into several formula fields")
_A_VALUE = ("写一个字段、常量或函数", "Write a field, a constant or a function")

_TEXT = {
    "no-expression": error(
        "这里要写一个表达式", "An expression is missing here", ("例如 amount > 100", "For example amount > 100")
    ),
    "syntax": error(
        "从这里起读不懂", "Cannot be read from here on", ("看看括号、引号和运算符", "Look at brackets, quotes and operators")
    ),
    "look-alike": error(
        "这里有一个看着像、其实不是的字符，或者看不见的字符",
        "A character that only looks like the usual one, or cannot be seen",
        ("用半角英文重新输入", "Type it again in plain Latin characters"),
    ),
    "assignment": error(
        "这里是比较，不能赋值", "This is a comparison; nothing is assigned", ("相等用 ==", "Use == for equality")
    ),
    "operator": error(
        "没有这种运算",
        "There is no such operator",
        ("可以用 + - * /、== != < <= > >=、in、and、or、not", "There are + - * /, == != < <= > >=, in, and, or, not"),
    ),
    "number": error("数字要写成普通小数", "Write numbers as plain decimals", ("例如 1000 或 0.5", "For example 1000 or 0.5")),
    "template": error(
        "文字里的花括号不成对，或文字太长",
        "The braces in this text do not match, or it is too long",
        ("要写花括号本身，就写两个", "Double a brace to write the brace itself"),
    ),
}

_LIMITS = {
    "too-long": error(
        "表达式太长：{n} 个字符，最多 {most} 个", "The expression is too long: {n} characters, at most {most}", _SPLIT
    ),
    "too-nested": error("嵌套太深：最多 {most} 层", "Nested too deeply: at most {most} levels", _SPLIT),
    "too-big": error("表达式太大：最多 {most} 个部分", "The expression is too big: at most {most} parts", _SPLIT),
    "too-complex": error("表达式太复杂，数据库跑不动", "The expression is too complicated for the database", _SPLIT),
    "too-many-digits": error(
        "数字位数太多，放不下",
        "More digits than there is room for",
        ("用 round(…) 取整，或少乘几次", "Use round(…), or multiply less"),
    ),
}

_LEFT_OUT = {
    "no-attributes": error(
        "点号只能跟在关联字段或 this、old、user、source 后面",
        "A dot can only follow a link field, or this, old, user, source",
        ("关联字段用点号：customer.level", "Follow a link with a dot: customer.level"),
    ),
    "no-subscripts": error(
        "不能用方括号取值", "No subscripts", ("关联字段用点号：customer.level", "Follow a link with a dot: customer.level")
    ),
    "no-lambda": error("不能用 lambda", "No lambda", ("直接写条件", "Write the condition itself")),
    "no-f-string": error("不能用 f 字符串", "No f-strings", ("用 concat(a, b)", "Use concat(a, b)")),
    "no-comprehension": error("不能用推导式", "No comprehensions", ("用 count、sum、any、all", "Use count, sum, any, all")),
    "no-such-syntax": error(
        "这种写法不能用",
        "This is not part of the language",
        ("只有值、比较、运算、函数和聚合", "There are values, comparisons, operators, functions and aggregates"),
    ),
}

_NAMES = {
    "unknown-name": error(
        "这里没有这个名称",
        "There is no such name here",
        ("用字段的名称，不是标题；文字加引号", "Use the field's name, not its title; put texts in quotes"),
    ),
    "unknown-function": error("没有这个函数", "There is no such function", ("看看函数一览", "Look at the list of functions")),
    "unknown-option": error(
        "没有这个选项", "There is no such option", ("用 choices 或 states 里的名称", "Use a name out of choices or states")
    ),
}

_TYPES = {
    "mixed-types": error(
        "这两种类型不能放在一起，或这里要另一种类型",
        "These types do not go together, or another type is needed here",
        ("两边用同一种类型", "Use one type on both sides"),
    ),
    "not-a-condition": error(
        "这里要一个条件", "A condition is needed here", ("例如 x == 1、not empty(x)", "For example x == 1, not empty(x)")
    ),
    "not-a-value": error("这里要一个值", "A value is needed here", _A_VALUE),
    "not-a-constant": error(
        "列表里只能写常量", "Only constants may stand in the list", ("用 or 连接几个比较", "Join several comparisons with or")
    ),
    "wrong-argument": error(
        "函数的参数不对",
        "The function does not take these arguments",
        ("看看函数一览里的写法", "See how the list of functions writes it"),
    ),
    "blank": error(
        "空白文字按空保存，不能这样比较",
        "Blank text is stored as empty and cannot be compared like this",
        ("用 empty(x)", "Use empty(x)"),
    ),
}

MESSAGES: Mapping[str, Message] = MappingProxyType({**_TEXT, **_LIMITS, **_LEFT_OUT, **_NAMES, **_TYPES})
