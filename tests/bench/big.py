"""A large definition, made: what a company of many departments would have after a few years. Real kinds and real conditions, so
that nothing in it is cheaper than in life."""

from __future__ import annotations

from collections.abc import Iterator

TABLES, FIELDS, RULES, ROLES = 50, 40, 200, 10
_STATES = ("draft", "pending", "approved", "working", "done", "dropped")
_PLAIN = ("text", "money", "integer", "date", "datetime", "boolean", "phone", "region", "decimal", "long_text")
_CHOICES = "choices: {a: 甲, b: 乙, c: 丙, d: 丁}"


def definition() -> dict[str, bytes]:
    """File name → bytes, about 600 kB: every table has a flow, checks, formulas and permissions for every role."""
    lines = ["app: large", "title: {zh: 大, en: Large}", "roles:"]
    lines += [f"  role{r}: {{title: {{zh: 角色{r}, en: Role {r}}}}}" for r in range(ROLES)]
    lines += ["tables:", *_tables(), "permissions:", *_permissions(), "rules:", *_rules(), "routing:", *_routing()]
    return {"app.yaml": ("\n".join(lines) + "\n").encode()}


def _tables() -> Iterator[str]:
    for t in range(TABLES):
        yield f"  t{t}:"
        yield f"    title: {{zh: 表{t}, en: Table {t}}}"
        yield "    fields:"
        yield "      status: {type: state}"
        yield f"      kind: {{type: choice, {_CHOICES}, required: true}}"
        yield f"      parent: {{type: link, to: t{max(t - 1, 0)}, inverse: of_t{t}}}"
        yield '      margin: {type: formula, value: "m1 - m2"}'
        yield (
            f'      below: {{type: formula, value: "sum(of_t{t + 1}, m1)"}}' if t + 1 < TABLES else "      below: {type: money}"
        )
        yield from (f"      m{n}: {{type: money, title: {{zh: 金额{n}, en: Amount {n}}}}}" for n in range(1, 5))
        for n in range(FIELDS - 9):
            yield f"      f{n}: {{type: {_PLAIN[n % len(_PLAIN)]}, title: {{zh: 字段{n}, en: Field {n}}}}}"
        yield "    checks:"
        yield '      adds_up: {must: "m1 >= m2", otherwise: flag, message: {zh: 金额不符, en: Does not add up}}'
        yield from _flow()


def _flow() -> Iterator[str]:
    yield "    flow:"
    yield "      field: status"
    yield "      states:"
    for state in _STATES:
        more = ", initial: true" if state == "draft" else ", final: true" if state in ("done", "dropped") else ""
        yield f"        {state}: {{title: {state}{more}}}"
    yield "      transitions:"
    yield '        submit: {from: draft, to: pending, by: [role0, system], guard: "not empty(m1)"}'
    yield "        approve: {from: pending, to: approved, by: [role1, system], guard: \"m1 < 100000 or kind == 'a'\"}"
    yield "        start: {from: approved, to: working, by: [role2]}"
    yield "        finish: {from: working, to: done, by: [role2, system], needs: [f0]}"
    yield "        drop: {from: [draft, pending, approved], to: dropped, by: [role0]}"


def _permissions() -> Iterator[str]:
    for r in range(ROLES):
        yield f"  role{r}:"
        for t in range(TABLES):
            yield f"    t{t}:"
            yield f"      records: \"kind != '{'abcd'[r % 4]}'\"" if r > 3 else '      records: "True"'
            yield "      create: [kind, parent, m1, m2, f0, f1, f2]"
            yield "      read: {all: true}"
            yield "      edit: {f0: \"status == 'working' or status == 'draft'\", f1: true, m1: \"status == 'pending'\"}"


def _rules() -> Iterator[str]:
    for n in range(RULES):
        t, limit = n % TABLES, (n + 1) * 10
        trigger = (f"created: t{t}", f"enters: t{t}.pending", f"enters: t{t}.approved", f"created: t{t}")[n // TABLES]
        yield f"  rule{n}:"
        yield f"    when: {{{trigger}}}"
        yield f"    if: \"m1 < {limit} and kind in ['a', 'b'] and not empty(f0) and m2 > {n}\""
        yield "    then:"
        yield f'      - set: {{f9: "\'{n}\'", m3: "m1 + {n}"}}'
        if n // TABLES == 1:
            yield "      - transition: approve"
        if n // TABLES == 3 and t + 1 < TABLES:
            yield f'      - create: {{table: t{t + 1}, set: {{kind: "\'a\'", parent: "this"}}}}'


def _routing() -> Iterator[str]:
    for t in range(0, TABLES, 5):
        yield f"  way{t}:"
        yield f"    of: t{t}"
        yield f"    when: {{created: t{t}}}"
        yield "    decides: f1"
        yield "    policy: only"
        yield "    rows:"
        for row in range(20):
            low, high = row * 100, (row + 1) * 100
            yield f"      - {{if: \"m1 >= {low} and m1 < {high} and in_region(f7, '华东')\", then: {row}}}"
        yield "    otherwise: 99"
