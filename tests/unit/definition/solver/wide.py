"""An app whose records cannot be listed, and conditions on them as text: paths, texts, times, lists, a before image."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.unit.definition.loading import app_of

APP = app_of(
    """
    app: wide
    title: Wide
    version: 1.0.0
    roles: {clerk: {title: Clerk}}
    people:
      store: {type: text}
      limit: {type: money}
    tables:
      customers:
        title: Customers
        fields:
          name:   {type: text, required: true}
          level:  {type: choice, choices: {normal: N, gold: G}}
          credit: {type: money}
          due:    {type: formula, value: "credit - 10"}
          parent: {type: link, to: customers}
      orders:
        title: Orders
        fields:
          customer: {type: link, to: customers}
          payer:    {type: link, to: customers, required: true}
          first:    {type: link, to: orders}
          amount:   {type: money}
          cost:     {type: money, min: -5}
          rate:     {type: decimal, scale: 4, min: 0, max: 1}
          pieces:   {type: integer, min: 1, required: true}
          weight:   {type: integer}
          channel:  {type: choice, choices: {web: W, shop: S, phone: P}}
          next:     {type: choice, choices: {web: W, phone: P}}
          store:    {type: text}
          note:     {type: text}
          province: {type: region}
          paid:     {type: boolean}
          sent:     {type: boolean}
          day:      {type: date}
          until:    {type: date}
          at:       {type: datetime}
          ready:    {type: datetime, required: true}
          margin:   {type: formula, value: "amount - cost"}
          rich:     {type: formula, value: "customer.level == 'gold' or amount > 100"}
          status:   {type: state}
        flow:
          field: status
          states:
            new:  {initial: true, title: New}
            done: {final: true, title: Done}
          transitions:
            end: {from: new, to: done, by: [clerk]}
    permissions:
      clerk: {orders: {read: {all: true}}, customers: {read: {all: true}}}
    """
)


def _filled(form: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda drawn: form.format(*drawn))


def _one(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


def _compared(fields: st.SearchStrategy[str], constants: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs, less = _one("==", "!=", "<", "<=", ">", ">="), _one("<", "<=")
    return st.one_of(
        _filled("{} {} {}", fields, signs, fields),
        _filled("{} {} {}", fields, signs, constants),
        _filled("{} {} {}", constants, signs, fields),
        _filled("{} {} {} {} {}", fields, less, fields, signs, fields),
        _filled("{} {} {} {} {}", constants, less, fields, less, constants),
        _filled("empty({})", fields),
        _filled("{} {} None", fields, _one("==", "!=")),
    )


_moneys = _one(
    "amount", "cost", "customer.credit", "payer.credit", "customer.parent.credit", "user.limit", "old.amount", "rate"
)
_counts = _one("pieces", "weight", "old.pieces", "pieces + 1", "weight - 3", "amount + 10", "cost - 0.5", "amount", "rate + 2")
_numbers = st.one_of(
    _compared(st.one_of(_moneys, _counts), _one("0", "1", "0.005", "-5", "10.5", "99.99", "100", "1000000")),
    _filled(
        "{} {} {}",
        _one("margin", "customer.due", "-amount", "amount * 3", "2 - rate", "payer.due * 2"),
        _one("<", ">=", "==", "!="),
        _one("0", "7", "-3.3"),
    ),
    _filled("{} in [{}]", _one("pieces", "amount", "rate"), _one("1", "1, 2", "0.5, 1", "10.25, 3")),
)
_chosen = st.one_of(
    _filled("{} {} '{}'", _one("channel", "next", "old.channel"), _one("==", "!=", "<", ">="), _one("web", "phone")),
    _filled("{} {} {}", _one("channel", "next", "note"), _one("==", "!=", "<"), _one("next", "channel", "store")),
    _filled("{} {} ['web', 'phone']", _one("channel", "old.next"), _one("in", "not in")),
    _filled(
        "{}.level {} 'gold'", _one("customer", "payer", "customer.parent", "old.customer", "first.payer"), _one("==", "!=")
    ),
    _filled("{} {} 'done'", _one("status", "old.status"), _one("==", "!=")),
)
_texts = st.one_of(
    _compared(
        _one("store", "note", "customer.name", "user.store", "payer.name", "old.store", "created_by"),
        _one("'m'", "'ma'", "'m '", "'浙江'", "' '"),
    ),
    _filled("starts_with({}, '{}')", _one("store", "note", "payer.name"), _one("m", "ma", "浙", "~")),
    _filled("in_region({}, '{}')", _one("province", "store", "old.province"), _one("华东", "华南", "浙江")),
    _filled("province {} '{}'", _one("==", "!="), _one("浙江", "广东", "北京", "Zhejiang")),
)
_times = st.one_of(
    _compared(
        _one("day", "until", "old.day", "add_days(day, 3)"),
        _one("date('2026-01-05')", "date('2026-01-07')", "date('9999-12-30')"),
    ),
    _filled(
        "{} {} {}",
        _one("at", "ready", "old.at", "now()", "created_at"),
        _one("<", ">=", "==", "!="),
        _one("at", "ready", "now() - hours(2)", "at + minutes(5)", "now()"),
    ),
    _filled("{} {} {}", _one("ready - at", "now() - at"), _one("<", ">=", "=="), _one("hours(1)", "days(0)", "minutes(-1)")),
    _filled("days_between(day, until) {} {}", _one("<", ">", "=="), _one("0", "3", "-2")),
)
_links = st.one_of(
    _filled(
        "{} {} {}",
        _one("customer", "payer", "customer.parent", "old.customer"),
        _one("==", "!="),
        _one("customer", "payer", "payer.parent", "None"),
    ),
    _filled("{} {} {}", _one("first", "old.first", "first.first"), _one("==", "!="), _one("this", "first", "old.first")),
    _filled("empty({})", _one("customer", "payer", "first", "customer.parent", "old.first.payer")),
    _filled("first.{}", _one("paid", "amount > amount", "pieces > pieces", "channel == channel", "status != status")),
)
_lists = st.one_of(
    _filled(
        "{} {} user.roles", _one("'boss'", "'clerk'", "store", "user.name", "customer.name", "channel"), _one("in", "not in")
    ),
    _filled("{} in user.departments", _one("'boss'", "note")),
    _one(
        "empty(user.roles)",
        "not empty(user.roles)",
        "user.roles == None",
        "user.name == user.lead",
        "store == 'boss'",
        "store == user.name",
    ),
)
_truths = st.one_of(
    _one("paid", "sent", "old.paid", "rich", "first.paid", "first.rich"),
    _filled(
        "{} {} {}", _one("paid", "sent", "rich", "first.sent"), _one("==", "!="), _one("paid", "sent", "True", "False", "None")
    ),
)
leaves = st.one_of(_numbers, _chosen, _texts, _times, _links, _lists, _truths)
_values = _one(
    "amount", "cost", "(amount if paid else cost)", "first_of(amount, cost, 3)", "(rate if channel == 'web' else None)"
)
conditions = st.recursive(
    st.one_of(leaves, leaves, _compared(_values, _one("0", "2.5"))),
    lambda below: st.one_of(
        _filled("({} and {})", below, below),
        _filled("({} and {} and {})", below, below, below),
        _filled("({} and {} and {} and {})", below, below, below, below),
        _filled("({} or {})", below, below),
        _filled("(not {})", below),
        _filled("({} if {} else {})", below, below, below),
    ),
    max_leaves=10,
)
