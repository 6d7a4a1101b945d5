"""An app that has a field of every kind, for tests and pictures of how each is written, filtered, shown and typed."""

from __future__ import annotations

APP = """
app: kinds
title: {zh: 各种字段, en: Every kind}
version: 1.0.0
roles:
  clerk: {title: {zh: 客服, en: Clerk}}
  guest: {title: {zh: 访客, en: Guest}}
tables:
  shops:
    title: {zh: 店铺, en: Shops}
    display: name
    fields:
      name: {type: text, required: true}
  parcels:
    title: {zh: 包裹, en: Parcels}
    display: number
    fields:
      number: {type: serial, format: "P{number:04d}", title: {zh: 编号, en: Number}}
      name: {type: text, title: {zh: 收件人, en: Recipient}}
      note: {type: long_text, title: {zh: 备注, en: Note}}
      pieces: {type: integer, title: {zh: 件数, en: Pieces}}
      weight: {type: decimal, scale: 3, title: {zh: 重量, en: Weight}}
      freight: {type: money, title: {zh: 运费, en: Freight}}
      duty: {type: money, currency: USD, title: {zh: 关税, en: Duty}}
      deposit: {type: money, currency: JPY, title: {zh: 押金, en: Deposit}}
      fragile: {type: boolean, title: {zh: 易碎, en: Fragile}}
      wanted: {type: date, title: {zh: 期望送达, en: Wanted by}, habit: day_first}
      paid: {type: datetime, title: {zh: 付款时间, en: Paid at}, habit: month_first}
      handling: {type: duration, title: {zh: 处理时长, en: Handling time}, default: 1:30}
      channel: {type: choice, choices: {web: {zh: 网店, en: Web}, phone: {zh: 电话, en: Phone}}, title: {zh: 渠道, en: Channel}}
      services:
        type: choices
        title: {zh: 服务, en: Services}
        choices: {wrap: {zh: 礼品包装, en: Gift wrap}, card: {zh: 贺卡, en: Card}, photo: {zh: 拍照, en: Photo}}
        default: [wrap]
      tags: {type: tags, title: {zh: 标签, en: Tags}}
      shop: {type: link, to: shops, inverse: parcels, title: {zh: 店铺, en: Shop}}
      phone: {type: phone, title: {zh: 电话, en: Phone}}
      email: {type: email, title: {zh: 邮箱, en: E-mail}}
      site: {type: url, title: {zh: 网址, en: Web page}}
      province: {type: region, title: {zh: 省份, en: Province}}
      assignee: {type: person, title: {zh: 负责人, en: Assignee}}
      barcode: {type: barcode, title: {zh: 条码, en: Bar code}}
      raw: {type: json, title: {zh: 原始数据, en: Raw data}}
      total: {type: formula, value: "freight + 1", title: {zh: 合计, en: Total}}
      marks: {type: formula, value: "len(tags) + len(services)", title: {zh: 标记数, en: Marks}}
      of_shop: {type: formula, value: "shop.name", title: {zh: 店名, en: Name of the shop}}
      status: {type: state, title: {zh: 状态, en: State}}
    checks:
      one_service: {must: "len(services) <= 2", otherwise: flag, message: {zh: 服务太多, en: Too many services}}
    flow:
      field: status
      states: {open: {title: {zh: 待办, en: Open}, initial: true}, done: {title: {zh: 完成, en: Done}, final: true}}
      transitions:
        finish: {from: open, to: done, by: [clerk], needs: [assignee, services], title: {zh: 完成, en: Finish}}
permissions:
  clerk:
    shops: {read: {all: true}, create: [name]}
    parcels:
      create: [name, note, pieces, weight, freight, duty, deposit, fragile, wanted, paid, handling, channel, services, tags,
        shop, phone, email, site, province, assignee, barcode, raw]
      read: {all: true}
      edit: {name: true, note: true, pieces: true, weight: true, freight: true, duty: true, deposit: true, fragile: true,
        wanted: true, paid: true, handling: true, channel: true, services: true, tags: true, shop: true, phone: true,
        email: true, site: true, province: true, assignee: true, barcode: true, raw: true}
  guest:
    parcels:
      records: "assignee == user.name"
      read: {number: true, name: true, assignee: true, tags: masked, raw: masked, handling: masked, services: "'vip' in tags"}
rules:
  mark:
    when: {created: parcels}
    if: "'VIP' in tags and assignee != user.name"
    then:
      - set: {note: "'VIP'"}
boards:
  desk:
    of: parcels
    kind: kanban
    by: status
    card: [number, name, deposit, services, tags, assignee, handling, waiting]
  table:
    of: parcels
    kind: grid
    columns: [number, services, tags, assignee, handling, duty, deposit, email, site, barcode, raw]
"""
FILES = {"app.yaml": APP.encode()}
# What somebody types or sends → how it is answered.
VALUES = {
    "name": ("王伟", "王伟"),
    "note": ("两件\n轻放", "两件\n轻放"),
    "pieces": ("１２", 12),
    "weight": ("1.250", "1.250"),
    "freight": ("￥1,234.50", "1234.50"),
    "duty": ("$12.5", "12.50"),
    "deposit": ("1,500円", "1500"),
    "fragile": ("是", True),
    "wanted": ("1/2/2026", "2026-02-01"),
    "paid": ("10/2/2017 10:56", "2017-10-02T02:56:00Z"),
    "handling": ("1天3小时", 97_200),
    "channel": ("网店", "web"),
    "services": ("礼品包装、贺卡", ["card", "wrap"]),
    "tags": ("VIP, 易碎", ["VIP", "易碎"]),
    "phone": ("021-61234567 转 801", "02161234567x801"),
    "email": ("Wang@Example.com", "Wang@example.com"),
    "site": ("https://Example.com/a", "https://example.com/a"),
    "province": ("浙江省", "浙江"),
    "assignee": ("小林", "小林"),
    "barcode": ("690 1234 56789 2", "6901234567892"),
    "raw": ('{"b": 1, "a": [2.50]}', {"a": [2.5], "b": 1}),
}
