"""A definition with every kind of place that names something, in several files and ways of writing; every name in it is unlike
any other word in it, so that a renaming can be foretold by replacing a word."""

from __future__ import annotations

from textwrap import dedent

TABLES = """
    app: house
    title: {zh: 全部, en: All of it}
    roles:
      agent: {title: 客服}
      "keeper": {title: 库管}
    people:
      shopname: {type: text}
      depot: {type: choice, choices: {hz: 杭州, fs: 佛山}, default: hz}   # where a person works
    tables:
      buyers:
        display: buyername
        fields:
          buyername: {type: text, required: true}
          'mobile': {type: phone, unique: true}
          rank: {type: choice, choices: {plain: 普通, "gold": 黄金}, default: "plain"}
      goods:
        fields:
          code: {type: text, unique: true}
          delicate: {type: boolean}
      sales:
        title: 订单
        display: saleno
        fields:
          saleno: {type: text}
          outlet: {type: text}
          buyer: {type: link, to: buyers, inverse: "bought"}
          store_room: {type: choice, choices: {hz: 杭州, fs: 佛山, byhand: 人工}}
          urgency: {type: choice, choices: {calm: 普通, fast: 加急}, default: calm}
          paid: {type: money}
          spent: {type: money}
          profit: {type: formula, value: "paid - spent"}
          total: {type: formula, value: 'sum(lines, price * number)'}
          grade: {type: formula, value: "'gold' if paid > 100 else buyer.rank"}
          notes: {type: long_text}
          paid_on: {type: datetime}
          stage: {type: state}
        keys:
          - [outlet, saleno]
        checks:
          adds_up:
            must: "paid == total"
            otherwise: flag
            message: 金额不符
        flow:
          field: stage
          states:
            fresh: {initial: true}
            seen: {}
            away: {final: true}
            gone: {final: true}
          transitions:
            look: {from: fresh, to: seen, by: [agent, system], guard: "store_room != 'byhand' and not empty(fresh_at)"}
            send: {from: [seen], to: away, by: [keeper, system], needs: [notes, seen_at]}
            drop:
              from: [fresh, seen]
              to: gone
              by: [agent]
              approvals:
                - {of: keeper, count: 2, if: "empty(paid) or paid >= 1000"}
      sale_lines:
        fields:
          sale: {type: link, to: sales, required: true, on_delete: cascade, inverse: lines}
          ware: {type: link, to: goods, required: true}
          lineno: {type: text}
          number: {type: integer, min: 1}
          price: {type: money}
      parcels:
        fields:
          of_sale: {type: link, to: "sales", required: true, inverse: parcel_list}
          frozen: {type: boolean, default: false}
"""

RIGHTS = """
    permissions:
      agent:
        buyers: {read: {buyername: true, mobile: {show: masked, find: exact}, rank: "rank in ['plain', 'gold']"}}
        sales:
          records: >-
            outlet == user.shopname and
            (store_room == user.depot or
            'agent' in user.roles)
          create: [outlet, buyer, "lines", paid]
          read: {all: true, spent: none, profit: none, grade: none, parcel_list: true}
          edit:
            notes: true
            paid: |
              stage == 'fresh'
              or 'keeper' in user.roles
            "paid_on": "stage == 'fresh'"
          delete: "stage == 'gone' and paid_on > gone_at"
      "keeper":
        goods: {read: {all: true}}
"""

MORE_RIGHTS = """
    permissions:
      keeper:
        parcels: {read: {all: true}, create: {fields: [of_sale], if: "of_sale.stage == 'seen'"}}
        sale_lines: {records: "sale.stage in ['seen', 'away']", read: {sale: true, number: true}}
        sales: {read: {saleno: true, stage: true}, edit: {notes: "not empty(this . notes) or stage == 'seen'"}}
"""

WORK = """
    rules:
      make_parcel:
        when: {enters: sales.seen}
        if: "old.stage == 'fresh' and buyer.rank == 'gold' and any(lines, ware.delicate)"
        then:
          - create: {table: parcels, set: {of_sale: "this"}}
          - update: {table: parcels, where: "of_sale == this", set: {frozen: "True"}}
          - set: {urgency: "'fast' if grade == 'gold' else 'calm'", "notes": "concat('加急😀', notes)"}
          - notify: {to: [role.keeper], by: [inbox, team_room], text: {zh: "加急{saleno}😀{buyer.buyername}", en: "! {saleno}"}}
      let_pass:
        when: {created: "sales"}
        if: "paid < 500 and not flagged('adds_up') and count(parcels) < 9
             and count(sales, outlet == this.outlet and stage != 'gone') < 3"
        then:
          - transition: look
      watch_paid:
        when: {updated: {of: sales, fields: [paid, "notes"]}}
        if: old.paid != paid and old.stage == 'fresh'
        then: [{notify: {to: ["role.agent"], by: [inbox], text: "{paid}"}}]
      left_fresh: {when: {leaves: sales.fresh}, if: "stage == 'gone'", then: [{set: {notes: "'x'"}}]}
      lost_parcel: {when: {deleted: parcels}, if: "frozen", then: [{create: {table: buyers, set: {buyername: "'x'"}}}]}
    routing:
      choose_room:
        of: sales
        when: {created: sales}
        decides: store_room
        policy: first
        rows:
          - {if: "any(lines, ware.delicate)", then: fs}
          - {if: count(lines, price > 3) > 1 and paid > 1, then: "hz"}
        otherwise: byhand
    alerts:
      too_late:
        of: sales
        if: "stage == 'fresh'"
        text: {zh: "{saleno} 已待审 {elapsed}", en: "{saleno} waits for {elapsed} with {concat('}', notes)}"}
        levels:
          - {after: 2h, notify: {to: [role.agent], by: [inbox, team_room]}}
    connections:
      team_room: {use: wecom_robot, as: agent, settings: {key: "secret:k"}}
      web_shop:
        use: shopify
        settings: {shop: "secret:domain", token: "secret:t"}
        pull:
          orders:
            every: 15m
            into: sales
            match: [outlet, saleno]
            map:
              outlet: "'online'"
              saleno: "source.id"
              stage: "'fresh'"
              buyer: "find(buyers, mobile == source.phone)"
              paid: "source.total_price"
              paid_on: "source.processed_at"
            children:
              lines: {from: line_items, match: [lineno], map: {lineno: source.id, ware: "find(goods, code == source.sku)"}}
            owns: [paid_on]
    boards:
      wall: {of: sales, kind: kanban, by: stage, card: [saleno, buyer, away_at], sort: [-paid_on], where: "urgency == 'fast'"}
      list_view: {of: sales, kind: grid, columns: [saleno, paid], sort: [paid, "-seen_at"]}
"""


def house() -> dict[str, bytes]:
    """The files."""
    texts = {"a_tables": TABLES, "b_rights": RIGHTS, "c_rights": MORE_RIGHTS, "d_work": WORK}
    return {f"{name}.yaml": dedent(text).lstrip("\n").encode() for name, text in texts.items()}
