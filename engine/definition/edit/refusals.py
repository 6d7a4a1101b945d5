"""Why a change to a definition's text is not made, as Problems that name the place and what to do instead."""

from __future__ import annotations

from collections.abc import Iterable

from engine.definition.messages import instead
from engine.model.diagnostic import Span
from engine.model.problem import Fault, Problem
from engine.model.text import Text

_TITLE = Text("定义不能这样改", "The definition cannot be changed like this")
_WHY = {
    "bad_path": Text(
        "「{path}」不是一个位置；写成 tables.orders.fields.amount 或 rules.x.then[0]",
        "“{path}” is not a place; write tables.orders.fields.amount or rules.x.then[0]",
    ),
    "unknown_path": Text("没有「{path}」{hint}", "There is no “{path}”{hint}"),
    "not_a_container": Text(
        "「{path}」里面不能再放东西：先把它改成「名字: 内容」或列表",
        "Nothing can be put into “{path}”: make it `name: content` or a list first",
    ),
    "name_taken": Text(
        "「{path}」已经有了：换一个名字，或修改它", "“{path}” is there already: take another name, or change it"
    ),
    "bad_name": Text(
        "「{name}」不能作名字：写一行文字，不要空着", "“{name}” cannot be a name: write one line of text, not nothing"
    ),
    "bad_value": Text("「{path}」的值写不进定义：{why}", "The value of “{path}” cannot be written: {why}"),
    "several_files": Text(
        "「{path}」分在几个文件里（{files}）：请逐项修改",
        "“{path}” is spread over several files ({files}): change its entries one by one",
    ),
    "into_itself": Text(
        "「{path}」不能移到它自己里面：选别的位置", "“{path}” cannot be moved into itself: choose another place"
    ),
    "comment_in_the_way": Text(
        "「{path}」带着注释，新的位置放不下注释：先在文件里移走注释",
        "“{path}” carries a comment and there is no room for one at the new place: move the comment in the file first",
    ),
    "odd_line_ends": Text(
        "文件 {file} 里有不寻常的换行符：用编辑器另存为普通换行再改",
        "{file} has unusual line ends: save it with ordinary ones in your editor, then change it",
    ),
    "not_exact": Text(
        "「{path}」这样改会动到别的内容，或写出来读不懂：请直接在文件里改。{why}",
        "Changing “{path}” like this would touch something else, or could not be read: change it in the file. {why}",
    ),
    "bad_edit": Text(
        "文件 {file} 的第 {start} 到 {end} 个字不能替换：超出文件，或与另一处重叠",
        "Characters {start} to {end} of {file} cannot be replaced: they lie outside, or overlap another change",
    ),
    "unknown_file": Text("没有文件 {file}{hint}", "There is no file {file}{hint}"),
}


def refusal(code: str, path: str, span: Span | None = None, **slots: object) -> Problem:
    """The refusal `code` at a place, to be raised."""
    detail = _WHY[code].fill(path=path, **slots)
    return Problem(422, "cannot_edit", _TITLE, detail, (Fault(path, code, detail, span),))


def unknown(path: str, name: object, known: Iterable[str], span: Span | None = None) -> Problem:
    """A place that is not there, with what may have been meant."""
    return refusal("unknown_path", path, span, hint=_meant(str(name), known))


def no_file(file: str, known: Iterable[str]) -> Problem:
    """A file that is not there."""
    return refusal("unknown_file", file, file=file, hint=_meant(file, known))


def _meant(name: str, known: Iterable[str]) -> Text:
    hint = instead(name, known)
    return Text(f"。{hint.zh}", f". {hint.en}") if hint else Text("", "")
