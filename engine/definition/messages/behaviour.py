"""What an app would do that nobody meant: rules that loop, flows that lead nowhere, values given away."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.message import Message, error, note, warning

_LOOPS = {
    "rule-loop": error(
        "这些规则互相触发，停不下来：{chain}",
        "These rules set each other off without end: {chain}",
        (
            "给其中一条加上条件，让它做过一次之后不再成立",
            "Give one of them a condition that no longer holds once it has done its work",
        ),
    ),
    "rule-loop-undecided": note(
        "这些规则可能互相触发，判断不了会不会停：{chain}；要看「{what}」",
        "These rules may set each other off, and whether they end cannot be decided: {chain}; it depends on “{what}”",
        ("条件里写上做过之后就会变的字段，就能判断", "A condition on a field that the rule itself changes can be decided"),
    ),
}

_FLOWS = {
    "never-entered": error(
        "「{name}」永远进不去：通向它的流转（{moves}）没有人做得成",
        "“{name}” is never entered: nobody can make the transitions that lead to it ({moves})",
        ("改它们的 guard、by，或者 by 里角色的范围", "Change their guard, their by, or the scope of the roles in it"),
    ),
    "never-left": error(
        "「{name}」进得去、出不来：离开它的流转（{moves}）没有人做得成",
        "There is no way out of “{name}”: nobody can make the transitions that leave it ({moves})",
        ("改它们的 guard、by，或写上 final: true", "Change their guard or by, or write final: true"),
    ),
    "nobody-takes": warning(
        "没有谁会做「{name}」：by 里只有 system，可是没有规则、提醒或连接会做它",
        "Nobody takes “{name}”: its by names system only, and no rule, alert or connection takes it",
        ("在 by 里加上角色，或写一条规则", "Add a role to its by, or write a rule"),
    ),
    "role-never-there": warning(
        "「{role}」做不成「{name}」：能做的时候（{states}），记录不在它的范围里",
        "“{role}” can never make “{name}”: where it is possible ({states}), no record is in its scope",
        ("改它的 records，或从 by 里去掉它", "Change its records, or take it out of by"),
    ),
    "role-cannot-then": warning(
        "「{role}」可以走「{name}」，但在{states}时不能填它要的「{field}」",
        "“{role}” may take “{name}”, but while the record is in {states} it cannot fill in “{field}”, which that needs",
        ("让它那时也能改 {field}", "Let it edit {field} then"),
    ),
    "approval-never": warning(
        "「{name}」的这一条审批从来用不上：条件不会成立",
        "This approval of “{name}” is never asked for: its condition cannot hold",
        ("改条件，或删掉这一条", "Change the condition, or remove it"),
    ),
    "approver-blind": warning(
        "「{name}」要「{role}」审批，但它那时看不到「{table}」的记录",
        "“{name}” needs the approval of “{role}”, who cannot see the record of “{table}” then",
        ("在权限里让它能看", "Let it read the table"),
    ),
    "approval-twice": warning(
        "「{name}」会同时要「{role}」审批两次：另一条在第 {line} 行",
        "“{name}” asks “{role}” for two approvals at once: the other stands in line {line}",
        ("让两条的条件互不重叠，或合成一条", "Let their conditions exclude each other, or make one of them"),
    ),
}

_SECRETS = {
    "formula-reveals": error(
        "「{role}」能看公式「{name}」，就能推出它看不到的「{hidden}」",
        "“{role}” may read the formula “{name}”, which gives away “{hidden}”",
        ("写上 {name}: none", "Write {name}: none"),
    ),
    "formula-may-reveal": note(
        "「{role}」能看公式「{name}」；它会不会露出看不到的「{hidden}」，判断不了，要看「{what}」",
        "“{role}” may read the formula “{name}”; whether it gives away “{hidden}” cannot be decided: it depends on “{what}”",
        ("拿不准就写 {name}: none", "If in doubt, write {name}: none"),
    ),
    "rule-reveals": error(
        "「{role}」能看「{target}」，规则却把它看不到的「{hidden}」写了进去",
        "“{role}” may read “{target}”, into which the rule writes “{hidden}”, which it may not see",
        (
            "在它的权限里把 {target} 写成 none，或不写这个值",
            "Write {target}: none in its permissions, or do not write this value",
        ),
    ),
    "rule-may-reveal": note(
        "「{role}」能看「{target}」；规则写进去的「{hidden}」它该不该看，判断不了，要看「{what}」",
        "“{role}” may read “{target}”; whether it may see “{hidden}”, which the rule writes there, cannot be decided: "
        "it depends on “{what}”",
        ("拿不准就在它的权限里把 {target} 写成 none", "If in doubt, write {target}: none in its permissions"),
    ),
}

BEHAVIOUR: Mapping[str, Message] = MappingProxyType({**_LOOPS, **_FLOWS, **_SECRETS})
