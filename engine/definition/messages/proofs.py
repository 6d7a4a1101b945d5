"""What the proofs over a whole definition find: rules that never fire, loops, values given away, what stays undecided."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.definition.messages.behaviour import BEHAVIOUR
from engine.model.message import Message, error, note, warning

PROOFS: Mapping[str, Message] = MappingProxyType(
    {
        **BEHAVIOUR,
        "routing-overlap": error(
            "{rows}会同时成立，只许一条成立。例如：{witness}",
            "Rows {rows} can hold at once, and only one may. For example: {witness}",
            (
                "让一条排除另一条，例如加上 and not (…)；或改成 policy: first",
                "Make one exclude the other, such as with and not (…), or use policy: first",
            ),
        ),
        "overlap-undecided": note(
            "没法断定这些条会不会同时成立：{rows}。要看 {construct}，检查时看不到它的值",
            "Whether rows can hold at once is not decided: {rows}. It hangs on {construct}, which check cannot look into",
            (
                "写成互相排除的条件，例如加上 and not (…)",
                "Write them so that they exclude each other, such as with and not (…)",
            ),
        ),
        "routing-gap": warning(
            "分单「{title}」有漏：有的记录没有一条管，也没有 otherwise。例如：{witness}",
            "“{title}” leaves gaps: some records match no row, and there is no otherwise. For example: {witness}",
            ("加一条，或写上 otherwise", "Add a row, or an otherwise"),
        ),
        "gap-undecided": note(
            "没法断定分单「{title}」是不是每条记录都管到：要看 {construct}，检查时看不到它的值",
            "Whether “{title}” takes every record is not decided: it depends on {construct}, which check cannot look into",
            ("写上 otherwise", "Add an otherwise"),
        ),
        "row-shadowed": warning(
            "{rows}永远轮不到：它管的记录都先被{earlier}拿走了",
            "Row {rows} is never reached: all its records are taken by rows before it: {earlier}",
            ("把它移到前面，或删掉它", "Move it up, or remove it"),
        ),
        "row-never-holds": warning(
            "{rows}永远不会成立：没有记录满足它的 if",
            "Row {rows} can never hold: no record meets its if",
            ("改条件，或删掉这一条", "Change the condition, or remove the row"),
        ),
        "routing-too-large": note(
            "分单「{title}」太大，没能比完所有的条",
            "“{title}” is too large: not all of its rows have been compared",
            ("拆成几张分单表，或把条件写短", "Split it into several tables, or shorten the conditions"),
        ),
        "disagreement-too-large": note(
            "「{table}」上写同一字段的规则太多：只比较了 {most} 对",
            "Too many rules of “{table}” write the same fields: only {most} pairs have been compared",
            ("把这些规则改成一张分单表", "Make a routing table of these rules"),
        ),
        "rule-never-fires": warning(
            "规则「{name}」永远不会触发：到那时，没有记录满足它的 if",
            "The rule “{name}” never fires: at that moment, no record meets its if",
            ("改条件，或删掉这条规则", "Change the condition, or remove the rule"),
        ),
        "rules-disagree": warning(
            "「{later}」和「{earlier}」（第 {line} 行）打架：同一件事上，一个把「{field}」写成{two}，一个写成{one}；"
            "后面的「{later}」说了算。例如：{witness}",
            "“{later}” and “{earlier}” (line {line}) disagree: on one event one sets “{field}” to {two}, the other to {one}; "
            "“{later}” comes later and wins. For example: {witness}",
            ("让两个条件互相排除，或只留一个", "Make the conditions exclude each other, or keep one of them"),
        ),
        "never-holds": warning(
            "{what}永远不会成立：没有记录满足它",
            "This can never hold: {what}. No record meets it",
            ("改条件，或删掉它", "Change the condition, or remove it"),
        ),
    }
)
