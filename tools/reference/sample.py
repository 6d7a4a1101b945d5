"""The small app that the examples of the reference stand in, and the records that they are evaluated on."""

from __future__ import annotations

APP = """\
app: sample
title: {zh: 示例, en: Sample}
version: 1.0.0
roles:
  clerk: {title: {zh: 客服, en: Customer service}}
tables:
  orders:
    title: {zh: 订单, en: Orders}
    fields:
      order_no: {type: text, title: {zh: 订单号, en: Order no.}}
      amount: {type: money, title: {zh: 金额, en: Amount}}
      remark: {type: text, title: {zh: 备注, en: Remark}}
      priority:
        type: choice
        title: {zh: 优先级, en: Priority}
        choices: {normal: {zh: 普通, en: Normal}, express: {zh: 加急, en: Express}}
      status: {type: state, title: {zh: 状态, en: State}}
    checks:
      adds_up: {must: "amount != sum(items, price * quantity)", otherwise: flag, message: {zh: 没有优惠, en: No discount}}
    flow:
      field: status
      states:
        pending: {title: {zh: 待审, en: Pending}, initial: true}
        approved: {title: {zh: 已审, en: Approved}, final: true}
      transitions:
        approve: {title: {zh: 审核通过, en: Approve}, from: pending, to: approved, by: [clerk, system]}
  items:
    title: {zh: 订单明细, en: Order items}
    fields:
      order: {type: link, to: orders, inverse: items, on_delete: cascade}
      quantity: {type: integer}
      price: {type: money}
      fragile: {type: boolean}
  tickets:
    title: {zh: 工单, en: Tickets}
    fields:
      order: {type: link, to: orders}
      kind: {type: choice, choices: {stuck: {zh: 卡单, en: Stuck}, carrier: {zh: 物流, en: Carrier}}}
permissions:
  clerk:
    orders: {read: {all: true}}
"""
RECORDS = """\
orders:
  - {id: SO-1, order_no: SO-1, amount: 480, priority: normal, status: pending, flags: [adds_up]}
items:
  - {order: SO-1, quantity: 2, price: 200, fragile: true}
  - {order: SO-1, quantity: 3, price: 20, fragile: false}
  - {order: SO-1, quantity: 1, price: 20}
"""
