"""Nothing silently ignored: a key that is accepted does something, is listed as not running yet, or is refused."""

from __future__ import annotations

import pytest

from engine.model.diagnostic import Severity
from tests.unit.definition.loading import app_of, errors_of, load_text
from tests.unit.definition.test_load import SMALL


def pending(text: str) -> list[str]:
    return [d.path for d in load_text(SMALL + text).diagnostics if d.severity is Severity.PENDING]


NOTIFY = "notify: {to: [role.clerk], by: [inbox, popup, mail]"


def test_channels_other_than_the_inbox_are_listed_in_rules_and_in_alerts() -> None:
    rule = f"""
    rules:
      tell: {{when: {{created: orders}}, then: [{{{NOTIFY}, text: hello}}}}]}}
    """
    assert pending(rule) == ["rules.tell.then[0].notify.by"] * 2
    alert = f"""
    alerts:
      late: {{of: orders, if: "status == 'open'", text: late, levels: [{{after: 2h, {NOTIFY}}}}}]}}
    """
    assert pending(alert) == ["alerts.late", *["alerts.late.levels[0].notify.by"] * 2]


def test_a_policy_that_does_not_run_is_listed() -> None:
    routing = """
    routing:
      spread: {of: orders, when: {created: orders}, decides: note, policy: all, rows: [{if: "True", then: x}]}
    """
    assert pending(routing) == ["routing.spread"]
    assert pending(routing.replace("policy: all, ", "")) == []


def test_the_eyes_of_a_connection_are_listed_until_something_is_sent() -> None:
    shop = """
    connections:
      shop: {use: shopify, as: clerk, title: Our shop, settings: {shop: "secret:shop", token: "secret:token"}}
    """
    assert pending(shop) == ["connections.shop.as"]
    assert app_of(SMALL + shop).connections["shop"].title.en == "Our shop"


@pytest.mark.parametrize("key", ["required", "unique"])
def test_what_nothing_could_hold_for_people_is_refused(key: str) -> None:
    text = f"""
    people:
      store: {{type: text, {key}: true}}
    """
    assert errors_of(SMALL + text) == [("unknown-key", f"people.store.{key}")]


def test_a_connection_cannot_give_a_number_that_is_drawn() -> None:
    text = SMALL.replace("note: {type: text}", 'serial: {type: serial, format: "N{number:04d}"}')
    pull = """
    connections:
      shop:
        use: shopify
        settings: {shop: "secret:shop", token: "secret:token"}
        pull:
          orders: {every: 15m, into: orders, match: [no], map: {no: source.id, serial: source.id}}
    """
    text = text.replace("no: {type: text}", "no: {type: text, unique: true}")
    assert errors_of(text + pull) == [("not-written", "connections.shop.pull.orders.map.serial")]


@pytest.mark.parametrize("kind", ["calendar", "region"])
def test_boards_that_are_not_built_are_refused(kind: str) -> None:
    board = f"""
    boards:
      other: {{of: orders, kind: {kind}, by: status, card: [no]}}
    """
    assert errors_of(SMALL + board)[0] == ("bad-value", "boards.other.kind")
