"""What an office person writes wrong, and the place and remedy that they get: one mistake, one message."""

from __future__ import annotations

import pytest

from tests.unit.definition.loading import load_text

APP = """
app: shop
roles:
  clerk: {title: 客服}
  boss: {title: {zh: 主管, en: Manager}}
tables:
  orders:
    title: 订单
    fields:
      amount: {type: money, title: 实付金额}
      remark: {type: text, title: 备注}
      status: {type: state, title: 状态}
    flow:
      field: status
      states:
        pending: {title: 待审核, initial: true}
        done: {title: 已完成, final: true}
      transitions:
        approve: {title: 审核, from: pending, to: done, by: [clerk, system]}
permissions:
  clerk:
    orders:
      create: [amount]
      read: {all: true}
  boss:
    orders: {read: {all: true}}
rules:
  small:
    when: {created: orders}
    if: "amount < 500"
    then:
      - transition: approve
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "column", "zh"),
    [
        ("{type: money, title: 实付", "{type: 金额, title: 实付", "unknown-kind", 22, "是不是想写 money？"),
        ("{type: money, title: 实付", "{type: number, title: 实付", "unknown-kind", 22, "是不是想写 decimal 或 integer？"),
        ("amount: {type", "amount：{type", "bad-yaml", 13, "写成半角 : 加一个空格"),
        ("amount: {type: money", "amount: {type：money", "bad-yaml", 20, "写成半角 : 加一个空格"),
        ("amount: {type: money, title: ", "amount: {type: money, title:", "bad-yaml", 34, "冒号后面空一格：名字: 内容"),
        ("{type: money, title", "{type: money， title", "bad-yaml", 27, "写成半角 , 加一个空格"),
        ("amount: {type", "amount:{type", "bad-yaml", 13, "冒号后面空一格：名字: 内容"),
        ("      remark:", "\tremark:", "bad-yaml", 1, "换成空格"),
        ("      remark:", "     remark:", "bad-yaml", 6, "同一级的行从同一列开始；下一级多空两格"),
        ("""    if: "amount < 500\"""", "    if: 'pending' == status", "bad-yaml", 19, "整句外面加双引号"),
        ("  clerk: {title", "  - boss\n  clerk: {title", "bad-yaml", 3, "同一级只用一种写法"),
        ("by: [clerk, system]", "by: [客服, system]", "unknown-role", 60, "是不是想写 clerk（客服）？"),
        ("by: [clerk, system]", "by: [clerk, 系统]", "unknown-role", 67, "可以写：clerk、boss、system"),
        ("by: [clerk, system]", "by: clerk", "wrong-type", 59, "写成列表：[clerk]"),
        ("from: pending", "from: 待审核", "unknown-state", 36, "是不是想写 pending（待审核）？"),
        ("create: [amount]", "create: [备注]", "unknown-field", 16, "是不是想写 remark（备注）？"),
        ("read: {all: true}\n  boss", "read: all\n  boss", "wrong-type", 13, "例如 {all: true}"),
        ("  clerk:\n    orders", "  客服:\n    orders", "unknown-role", 3, "是不是想写 clerk（客服）？"),
        ("  boss:\n    orders", "  Manager:\n    orders", "unknown-role", 3, "是不是想写 boss（Manager）？"),
        ("created: orders", "created: 订单", "unknown-table", 21, "是不是想写 orders（订单）？"),
        ("when: {created: orders}", "when: created orders", "wrong-type", 11, "例如 {created: orders}"),
        ("transition: approve", "transition: 审核", "unknown-transition", 21, "是不是想写 approve（审核）？"),
        ("- transition: approve", "- approve", "wrong-type", 9, "例如 {transition: approve}"),
        ("- transition: approve", "- email: {to: x}", "unknown-kind", 9, "是不是想写 notify？"),
        ("title: 已完成, final: true", "title: 已完成, final: 是", "wrong-type", 35, "写成 true"),
        ("title: 备注}", "title: 备注", "bad-yaml", 15, "用逗号隔开，补上 }；文字里有冒号或花括号就加引号"),
    ],
)
def test_one_mistake_one_message(old: str, new: str, code: str, column: int, zh: str) -> None:
    assert APP.count(old) == 1, old
    found = load_text(APP.replace(old, new)).diagnostics
    assert [(d.code, d.span.column, d.hint.zh if d.hint else None) for d in found] == [(code, column, zh)]


def test_the_app_itself_is_right() -> None:
    assert load_text(APP).diagnostics == ()


def test_working_hours_are_not_decided_and_break_nothing() -> None:
    text = APP.replace(
        "rules:\n",
        "routing:\n  late:\n    of: orders\n    when: {created: orders}\n    decides: remark\n    policy: only\n"
        "    rows:\n      - {if: 'workhours_between(created_at, now()) > 8', then: a}\n      - {if: 'amount > 5', then: b}\n"
        "    otherwise: c\nrules:\n",
    )
    assert [d.code for d in load_text(text).diagnostics] == ["overlap-undecided"]
