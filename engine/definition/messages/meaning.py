"""Well-formed parts that do not go together."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.message import Message, error

MEANING: Mapping[str, Message] = MappingProxyType(
    {
        "formula-cycle": error(
            "公式互相引用，绕成了圈：{names}",
            "These formulas go round in a circle: {names}",
            ("改掉其中一个", "Change one of them"),
        ),
        "no-flow": error("「{table}」没有流程（flow）", "“{table}” has no flow", ("给它写一个 flow", "Give it a flow")),
        "state-without-flow": error(
            "状态字段「{name}」没有流程",
            "The state field “{name}” has no flow",
            ("写上 flow: {field: {name}, …}", "Add flow: {field: {name}, …}"),
        ),
        "not-a-state": error(
            "「{name}」不是状态字段", "“{name}” is not a state field", ("把它的 type 写成 state", "Give it type: state")
        ),
        "one-initial": error(
            "要有一个、且只有一个初始状态",
            "There must be exactly one initial state",
            ("给一个状态写上 initial: true", "Give one state initial: true"),
        ),
        "unreachable-state": error(
            "从初始状态到不了「{name}」",
            "“{name}” cannot be reached from the initial state",
            ("加一个流转到它，或删掉它", "Add a transition to it, or remove it"),
        ),
        "dead-end-state": error(
            "「{name}」进得去、出不来",
            "There is no way out of “{name}”",
            ("加一个流转，或写上 final: true", "Add a transition, or final: true"),
        ),
        "not-for-a-key": error(
            "「{name}」不能用在 keys 或 unique 里",
            "“{name}” cannot be part of a key",
            ("键要用存下来的短值字段", "Keys take stored, short fields"),
        ),
        "not-written": error("「{name}」不能这样写入：{why}", "“{name}” cannot be written here: {why}"),
        "lacks-required": error(
            "缺少必填字段：{names}",
            "Required fields are missing: {names}",
            ("补上，或给它们默认值", "Add them, or give them a default"),
        ),
        "clears-required": error(
            "「{name}」必填，但 on_delete: clear 会把它清空",
            "“{name}” is required, but on_delete: clear would empty it",
            ("写 on_delete: refuse 或 cascade，或去掉 required", "Write on_delete: refuse or cascade, or take required away"),
        ),
        "was-declared": error(
            "was: {old} 不对：「{old}」还在定义里",
            "was: {old} is not right: “{old}” is still declared",
            (
                "改过名就把 was 去掉；没改名就别写；两个名字对调要发布两次，中间先用第三个名字",
                "Take was away once the renaming is done, or where there is none; to exchange two names publish twice, "
                "with a third in between",
            ),
        ),
        "was-twice": error(
            "不能有两个都是从「{old}」改名来的",
            "Two things cannot both have been “{old}”",
            ("只在一处写 was: {old}", "Write was: {old} in one place only"),
        ),
        "not-by-system": error(
            "规则不能走「{name}」：它的 by 里没有 system",
            "A rule cannot take “{name}”: its by does not name system",
            ("在 by 里加上 system", "Add system to its by"),
        ),
        "not-watched": error(
            "「{name}」是打开时现算的，它的改动看不出来",
            "“{name}” is worked out when it is read, so no change of it can be seen",
            ("写它用到的字段", "Name the fields that it is made of"),
        ),
        "record-gone": error(
            "触发它的「{table}」记录已经删除：不能再改、再指向它，通知里也放不了它的内容",
            "The record of “{table}” that sets this off is deleted: it cannot be changed, pointed at or shown any more",
            ("把要留下的内容写进别的记录", "Keep what is needed in another record"),
        ),
        "not-a-key": error(
            "match 要正好是一组 keys 或一个 unique 字段：{names}",
            "match must be one of the keys or a unique field: {names}",
            ("在表里写上 keys: [[{names}]]", "Add keys: [[{names}]] to the table"),
        ),
        "not-mapped": error(
            "「{name}」没有写在 map 里", "“{name}” is not in map", ("在 map 里写上它的值", "Give its value in map")
        ),
        "missing-setting": error(
            "缺少设置「{name}」：{what}",
            "The setting “{name}” is missing: {what}",
            ('写上 {name}: "secret:…"', 'Add {name}: "secret:…"'),
        ),
        "secret-in-text": error(
            "密钥不能写在这里",
            "A secret must not stand here",
            ('用 dajian secret set 存好，这里写 "secret:名字"', 'Store it with dajian secret set and write "secret:name" here'),
        ),
    }
)
