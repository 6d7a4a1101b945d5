"""What other tools, and people, call kinds of fields and steps → what they are called here. Words for hints only."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from engine.model.text import Text

_LINES = """
text: 文本 文字 单行文本 字符串 string str varchar char
long_text: 多行文本 长文本 备注 textarea multiline
integer: 整数 数量 int number 数字
decimal: 小数 number 数字 float double numeric
money: 金额 货币 价格 钱 currency amount price
date: 日期 day
datetime: 时间 日期时间 时刻 timestamp time
boolean: 是否 勾选 开关 bool checkbox yesno
duration: 时长 用时 工时 耗时 timespan interval elapsed
choices: 多选 复选 多个选项 multiselect multi_select checkboxes multichoice
tags: 标签 标记 关键词 labels keywords
email: 邮箱 邮件 电子邮箱 mail e_mail
url: 网址 链接 网站 website link_url uri hyperlink
person: 人员 用户 负责人 成员 user member people assignee
barcode: 条码 条形码 商品条码 ean upc gtin
json: 对象 原始数据 object dict jsonb
choice: 选项 单选 下拉 枚举 select enum option dropdown
phone: 电话 手机 手机号 mobile tel
region: 地区 省份 地址 省市区 address province
link: 关联 引用 外键 relation reference lookup foreign_key
serial: 编号 单号 流水号 自动编号 autonumber sequence
formula: 公式 计算 computed calculated expression
state: 状态 流程 status
notify: 通知 提醒 发消息 email mail message send alert
set: 赋值 修改 设置 assign edit
transition: 流转 move advance
create: 新建 新增 insert add
update: 更新 modify
created: 新建 新建时 创建 insert new on_insert
updated: 更新 修改 修改时 changed edited on_update
deleted: 删除 删除时 removed on_delete
enters: 进入 状态变为 entered
leaves: 离开 left
"""
_KIN = MappingProxyType(
    {kind: words.split() for kind, _, words in (line.partition(": ") for line in _LINES.split("\n") if line)}
)


def kin(word: str, known: Iterable[str]) -> Text | None:
    """'Did you mean', by what the word means; `known`: the kinds that there are in this place."""
    meant = [kind for kind in known if word.casefold() in _KIN.get(kind, ())]
    if not meant:
        return None
    return Text("是不是想写 {a}？", "Did you mean {b}?").fill(a=" 或 ".join(meant), b=" or ".join(meant))
