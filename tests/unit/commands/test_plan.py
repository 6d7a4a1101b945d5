"""What a plan says: everything that means something new, nothing for what only moved."""

from __future__ import annotations

import pytest

from connectors.catalogue import load as load_catalogue
from engine.commands.plan import changes
from engine.definition.load import load
from engine.model.app import App
from tests.unit.definition.loading import REGISTRY
from tests.unit.runtime.depot import files

RULES = """
rules:
  marks:
    title: {zh: 标记, en: Marks}
    when: {created: orders}
    if: "amount > 100"
    then: [{set: {note: "'big'"}}]
"""


def app(*pairs: tuple[str, str], rules: str = RULES) -> App:
    loaded = load(files(*pairs, rules=rules), load_catalogue(), REGISTRY)
    assert loaded.app is not None
    return loaded.app


def said(coming: App) -> list[str]:
    return [line.en for line in changes(app(), coming)]


def test_what_only_moved_is_no_change() -> None:
    assert said(app(rules="# a comment\n\n" + RULES)) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("cost: masked", "cost: true", "When Seller can read orders.cost changes"),
        ("cost: masked", "cost: none", "Seller can no longer read orders.cost"),
        ("edit: {note: true}", "edit: {note: true, amount: true}", "Seller can now change orders.amount"),
        ("edit: {note: true}", "edit: {note: \"status == 'open'\"}", "When Seller can change orders.note changes"),
        ("create: [name, phone]", "create: [name]", "Keeper can no longer give on creation customers.phone"),
        ("delete: \"status == 'open'\"", "delete: true", "Keeper in orders: deleting changes"),
        (
            'records: "store == user.store"',
            'records: "store == user.store and paid"',
            "Seller in orders: the records in sight changes",
        ),
        ("by: [keeper, system]", "by: [keeper]", "Changed transition: Finish"),
        ("otherwise: flag", "otherwise: refuse", "Changed check: Large without items"),
        ("amount * 2", "amount * 3", "Changed field: Orders · twice"),
        ("sort: [-amount]", "sort: [amount]", "Changed board: Flow"),
    ],
)
def test_each_change_is_a_sentence(old: str, new: str, line: str) -> None:
    assert said(app((old, new))) == [line]


def test_rules_come_change_and_go() -> None:
    assert said(app(rules=RULES.replace("100", "200"))) == ["Changed rule: Marks"]
    assert said(app(rules=RULES.replace("  marks:", "  other:"))) == ["New rule: Marks", "Gone rule: Marks"]


def test_a_new_app_is_only_counted() -> None:
    assert [line.en for line in changes(None, app())] == ["A new app, depot: 4 tables, 5 roles, 1 rule"]


SMALL = """
app: small
title: S
version: 1.0.0
roles: {clerk: {title: Clerk}}
tables:
  jobs: {title: Jobs, fields: {name: {type: text, title: Name}}}
permissions: {clerk: {jobs: {create: [name], read: {name: true}, edit: {name: true}}}}
"""


def test_a_renamed_field_of_a_renamed_table_is_the_same_field() -> None:
    renamed = SMALL.replace("name:", "called:").replace("[name]", "[called]").replace("type: text", "type: text, was: name")
    renamed = renamed.replace("  jobs: {title", "  tasks: {was: jobs, title").replace("{jobs: {c", "{tasks: {c")
    loaded = [load({"app.yaml": text.encode()}, load_catalogue(), REGISTRY).app for text in (SMALL, renamed)]
    assert loaded[0] is not None
    assert loaded[1] is not None
    assert changes(loaded[0], loaded[1]) == []
