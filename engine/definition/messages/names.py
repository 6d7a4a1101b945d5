"""A name that points to nothing. The remedy names what there is, where that is not much."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.model.message import Message, error

NAMES: Mapping[str, Message] = MappingProxyType(
    {
        "unknown-role": error("没有「{name}」这个角色", "There is no role “{name}”"),
        "unknown-table": error("没有「{name}」这张表", "There is no table “{name}”"),
        "unknown-field": error("「{table}」里没有「{name}」这个字段", "“{table}” has no field “{name}”"),
        "unknown-state": error("没有「{name}」这个状态", "There is no state “{name}”"),
        "unknown-transition": error("「{table}」没有「{name}」这个流转", "“{table}” has no transition “{name}”"),
        "unknown-kind": error("没有「{name}」这种{what}", "There is no {what} of the kind “{name}”"),
        "unknown-connector": error("没有「{name}」这个连接器", "There is no connector “{name}”"),
        "unknown-setting": error(
            "连接器「{connector}」没有「{name}」这个设置", "The connector “{connector}” has no setting “{name}”"
        ),
        "unknown-stream": error(
            "连接器「{connector}」不能拉取「{name}」", "The connector “{connector}” has no stream “{name}”"
        ),
        "unknown-list": error("「{stream}」的一行里没有「{name}」这个列表", "A row of “{stream}” has no list “{name}”"),
        "unknown-children": error("「{table}」没有「{name}」这个子表", "“{table}” has no child list “{name}”"),
        "unknown-channel": error("没有「{name}」这个通知渠道", "There is no channel “{name}”"),
    }
)
