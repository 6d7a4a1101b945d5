"""What is accepted and still worth a word."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.message import Message, pending, warning

NOTES: Mapping[str, Message] = MappingProxyType(
    {
        "unused-role": warning(
            "角色「{name}」什么也不能看、不能做",
            "The role “{name}” can see and do nothing",
            ("给它权限，或删掉它", "Give it permissions, or remove it"),
        ),
        "role-cannot": warning(
            "「{role}」可以走「{name}」，但不能填它要的「{field}」",
            "“{role}” may take “{name}” but cannot fill in “{field}”, which it needs",
            ("在权限里让它能改 {field}", "Let it edit {field}"),
        ),
        "role-blind": warning(
            "「{role}」可以走「{name}」，但看不到「{table}」",
            "“{role}” may take “{name}” but cannot see “{table}”",
            ("在权限里让它能看", "Let it read the table"),
        ),
        "not-running-yet": pending("{what}：已收下，这一版还不运行", "{what}: accepted, not running yet in this version"),
    }
)
