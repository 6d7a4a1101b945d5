"""Every problem this package can report, in one table: code, severity, sentence and remedy in both languages.

One place, so that each code has a test and a line in the reference. The expression language has its own codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from engine.model.diagnostic import Diagnostic, Severity, Span
from engine.model.text import Text

LISTED = 12
ALIKE = 0.72


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence and its remedy, with `{slots}`."""

    severity: Severity
    text: Text
    hint: Text | None


def _error(zh: str, en: str, hint: tuple[str, str] | None = None) -> Message:
    return Message(Severity.ERROR, Text(zh, en), Text(*hint) if hint else None)


_READING = {
    "bad-encoding": _error(
        "这个文件不是 UTF-8 编码",
        "This file is not UTF-8",
        ("用编辑器另存为 UTF-8（可能现在是 GBK）", "Save it as UTF-8 in your editor (it may be GBK)"),
    ),
    "bad-character": _error("这里有看不见的控制字符", "There is an invisible control character here", ("删掉它", "Delete it")),
    "too-large": _error(
        "文件太大：{what}", "The file is too large: {what}", ("把它拆成几个文件", "Split it into several files")
    ),
    "too-deep": _error("缩进超过 {most} 层", "Nested deeper than {most} levels", ("层数写少一些", "Use fewer levels")),
    "bad-yaml": _error("这里读不懂：{what}", "This cannot be read: {what}", ("{remedy}", "{remedy}")),
    "alias": _error(
        "不支持锚点和引用（& 和 *）",
        "Anchors and aliases (& and *) are not taken",
        ("把内容直接写出来", "Write the content out"),
    ),
    "tag": _error(
        "不支持标签（!）", "Tags (!) are not taken", ("去掉标签；要文字就加引号", "Remove the tag; for text use quotes")
    ),
    "duplicate-key": _error(
        "「{name}」写了两次，前一次在第 {line} 行",
        "“{name}” stands twice; first in line {line}",
        ("留一个", "Keep one of them"),
    ),
    "bad-key": _error("这里的键要是一个名字", "A key must be a name here", None),
    "several-documents": _error(
        "一个文件里只能有一份内容", "A file holds one document", ("去掉 ---，或拆成几个文件", "Remove ---, or split the file")
    ),
    "not-a-map": _error(
        "文件里应当是「名字: 内容」", "The file should hold `name: content`", ("例如 app: my_app", "For example app: my_app")
    ),
    "no-files": _error("这里没有 .yaml 文件", "There are no .yaml files here", ("先写 app.yaml", "Begin with app.yaml")),
    "duplicate-name": _error(
        "「{name}」在 {other} 已经写过", "“{name}” stands in {other} already", ("留一个", "Keep one of them")
    ),
}

_SHAPE = {
    "unknown-key": _error("这里没有「{name}」这一项", "There is no “{name}” here"),
    "missing-key": _error("缺少「{name}」", "“{name}” is missing", ("补上 {name}: …", "Add {name}: …")),
    "wrong-type": _error("这里要{wanted}，写的是{given}", "This takes {wanted}, not {given}"),
    "bad-value": _error("「{given}」不行：{rule}", "“{given}” will not do: {rule}"),
    "empty": _error("这里不能是空的", "This cannot be empty"),
    "bad-name": _error(
        "「{name}」不能作名字",
        "“{name}” cannot be a name",
        (
            "名字用小写字母开头，只含小写字母、数字和下划线，最多 40 个字；中文写在 title 里",
            "Begin with a small letter; small letters, digits and underscores only, at most 40; put other text into title",
        ),
    ),
    "reserved-name": _error(
        "「{name}」是保留的名字",
        "“{name}” is a reserved name",
        ("换一个名字，例如 {other}", "Take another one, such as {other}"),
    ),
    "name-clash": _error(
        "「{name}」已经是{what}的名字", "“{name}” is already the name of {what}", ("换一个名字", "Take another name")
    ),
    "bad-duration": _error(
        "「{given}」不是时长", "“{given}” is not a length of time", ("写成 15m、2h 或 3d", "Write 15m, 2h or 3d")
    ),
    "bad-default": _error("默认值不对：{why}", "The default will not do: {why}"),
    "one-of": _error("这里要写一样，且只能一样：{names}", "Exactly one of these belongs here: {names}"),
}

_NAMES = {
    "unknown-role": _error("没有「{name}」这个角色", "There is no role “{name}”"),
    "unknown-table": _error("没有「{name}」这张表", "There is no table “{name}”"),
    "unknown-field": _error("「{table}」里没有「{name}」这个字段", "“{table}” has no field “{name}”"),
    "unknown-state": _error("没有「{name}」这个状态", "There is no state “{name}”"),
    "unknown-transition": _error("「{table}」没有「{name}」这个流转", "“{table}” has no transition “{name}”"),
    "unknown-kind": _error("没有「{name}」这种{what}", "There is no {what} of the kind “{name}”"),
    "unknown-connector": _error("没有「{name}」这个连接器", "There is no connector “{name}”"),
    "unknown-setting": _error(
        "连接器「{connector}」没有「{name}」这个设置", "The connector “{connector}” has no setting “{name}”"
    ),
    "unknown-stream": _error("连接器「{connector}」不能拉取「{name}」", "The connector “{connector}” has no stream “{name}”"),
    "unknown-list": _error("「{stream}」的一行里没有「{name}」这个列表", "A row of “{stream}” has no list “{name}”"),
    "unknown-children": _error("「{table}」没有「{name}」这个子表", "“{table}” has no child list “{name}”"),
    "unknown-channel": _error("没有「{name}」这个通知渠道", "There is no channel “{name}”"),
}

_MEANING = {
    "formula-cycle": _error(
        "公式互相引用，绕成了圈：{names}",
        "These formulas go round in a circle: {names}",
        ("改掉其中一个", "Change one of them"),
    ),
    "no-flow": _error("「{table}」没有流程（flow）", "“{table}” has no flow", ("给它写一个 flow", "Give it a flow")),
    "state-without-flow": _error(
        "状态字段「{name}」没有流程",
        "The state field “{name}” has no flow",
        ("写上 flow: {field: {name}, …}", "Add flow: {field: {name}, …}"),
    ),
    "not-a-state": _error(
        "「{name}」不是状态字段", "“{name}” is not a state field", ("把它的 type 写成 state", "Give it type: state")
    ),
    "one-initial": _error(
        "要有一个、且只有一个初始状态",
        "There must be exactly one initial state",
        ("给一个状态写上 initial: true", "Give one state initial: true"),
    ),
    "unreachable-state": _error(
        "从初始状态到不了「{name}」",
        "“{name}” cannot be reached from the initial state",
        ("加一个流转到它，或删掉它", "Add a transition to it, or remove it"),
    ),
    "dead-end-state": _error(
        "「{name}」进得去、出不来",
        "There is no way out of “{name}”",
        ("加一个流转，或写上 final: true", "Add a transition, or final: true"),
    ),
    "not-for-a-key": _error(
        "「{name}」不能用在 keys 或 unique 里",
        "“{name}” cannot be part of a key",
        ("键要用存下来的短值字段", "Keys take stored, short fields"),
    ),
    "not-written": _error("「{name}」不能这样写入：{why}", "“{name}” cannot be written here: {why}"),
    "lacks-required": _error(
        "缺少必填字段：{names}",
        "Required fields are missing: {names}",
        ("补上，或给它们默认值", "Add them, or give them a default"),
    ),
    "formula-reveals": _error(
        "「{role}」能看公式「{name}」，就能推出它看不到的「{hidden}」",
        "“{role}” may read the formula “{name}”, which gives away “{hidden}”",
        ("写上 {name}: none", "Write {name}: none"),
    ),
    "not-by-system": _error(
        "规则不能走「{name}」：它的 by 里没有 system",
        "A rule cannot take “{name}”: its by does not name system",
        ("在 by 里加上 system", "Add system to its by"),
    ),
    "not-a-key": _error(
        "match 要正好是一组 keys 或一个 unique 字段：{names}",
        "match must be one of the keys or a unique field: {names}",
        ("在表里写上 keys: [[{names}]]", "Add keys: [[{names}]] to the table"),
    ),
    "not-mapped": _error(
        "「{name}」没有写在 map 里", "“{name}” is not in map", ("在 map 里写上它的值", "Give its value in map")
    ),
    "missing-setting": _error(
        "缺少设置「{name}」：{what}",
        "The setting “{name}” is missing: {what}",
        ('写上 {name}: "secret:…"', 'Add {name}: "secret:…"'),
    ),
    "secret-in-text": _error(
        "密钥不能写在这里",
        "A secret must not stand here",
        ('用 dajian secret set 存好，这里写 "secret:名字"', 'Store it with dajian secret set and write "secret:name" here'),
    ),
}

_NOTES = {
    "unused-role": Message(
        Severity.WARNING,
        Text("角色「{name}」什么也不能看、不能做", "The role “{name}” can see and do nothing"),
        Text("给它权限，或删掉它", "Give it permissions, or remove it"),
    ),
    "role-cannot": Message(
        Severity.WARNING,
        Text(
            "「{role}」可以走「{name}」，但不能填它要的「{field}」",
            "“{role}” may take “{name}” but cannot fill in “{field}”, which it needs",
        ),
        Text("在权限里让它能改 {field}", "Let it edit {field}"),
    ),
    "role-blind": Message(
        Severity.WARNING,
        Text("「{role}」可以走「{name}」，但看不到「{table}」", "“{role}” may take “{name}” but cannot see “{table}”"),
        Text("在权限里让它能看", "Let it read the table"),
    ),
    "not-running-yet": Message(
        Severity.PENDING, Text("{what}：已收下，这一版还不运行", "{what}: accepted, not running yet in this version"), None
    ),
}

MESSAGES: Mapping[str, Message] = MappingProxyType({**_READING, **_SHAPE, **_NAMES, **_MEANING, **_NOTES})


def diagnose(code: str, span: Span, path: str, *, hint: Text | None = None, **slots: object) -> Diagnostic:
    """The problem `code` at a place. `slots` fill the sentence and its remedy; `hint` replaces the remedy."""
    message = MESSAGES[code]
    remedy = hint if hint is not None else (message.hint.fill(**slots) if message.hint else None)
    return Diagnostic(code, message.severity, path, span, message.text.fill(**slots), remedy)


def instead(name: str, known: Iterable[str]) -> Text | None:
    """'Did you mean', else what there is (when it is not much)."""
    names = list(known)
    near = get_close_matches(name, names, n=1, cutoff=ALIKE)
    if near:
        return Text("是不是想写 {near}？", "Did you mean {near}?").fill(near=near[0])
    if 0 < len(names) <= LISTED:
        return Text("可以写：{a}", "It can be: {b}").fill(a="、".join(names), b=", ".join(names))
    return None
