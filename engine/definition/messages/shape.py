"""What can be wrong with the shape of the content: keys, kinds of values, names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.message import Message, error

SHAPE: Mapping[str, Message] = MappingProxyType(
    {
        "unknown-key": error("这里没有「{name}」这一项", "There is no “{name}” here"),
        "missing-key": error("缺少「{name}」", "“{name}” is missing", ("补上 {name}: …", "Add {name}: …")),
        "wrong-type": error("这里要{wanted}，写的是{given}", "This takes {wanted}, not {given}"),
        "bad-value": error("「{given}」不行：{rule}", "“{given}” will not do: {rule}"),
        "empty": error("这里不能是空的", "This cannot be empty"),
        "bad-name": error(
            "「{name}」不能作名字",
            "“{name}” cannot be a name",
            (
                "名字用小写字母开头，只含小写字母、数字和下划线，最多 40 个字；中文写在 title 里",
                "Begin with a small letter; small letters, digits and underscores only, at most 40; put other text into title",
            ),
        ),
        "reserved-name": error(
            "「{name}」是保留的名字",
            "“{name}” is a reserved name",
            ("换一个名字，例如 {other}", "Take another one, such as {other}"),
        ),
        "name-clash": error(
            "「{name}」已经是{what}的名字", "“{name}” is already the name of {what}", ("换一个名字", "Take another name")
        ),
        "bad-duration": error(
            "「{given}」不是时长", "“{given}” is not a length of time", ("写成 15m、2h 或 3d", "Write 15m, 2h or 3d")
        ),
        "bad-default": error("默认值不对：{why}", "The default will not do: {why}"),
        "one-of": error("这里要写一样，且只能一样：{names}", "Exactly one of these belongs here: {names}"),
    }
)
