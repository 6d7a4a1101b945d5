"""What goes together."""

from __future__ import annotations

from engine.language.rules import assignable, comparable, describe, unify
from engine.model.types import BOOLEAN, DATE, DATETIME, EMPTY, INTEGER, JSON, MONEY, TEXT, Type, TypeKind
from tests.unit.language.orders import choice, link

LIST = Type(TypeKind.LIST, element=TEXT)


def test_comparable() -> None:
    assert comparable(INTEGER, MONEY)
    assert comparable(TEXT, choice("a"))
    assert comparable(DATE, EMPTY)
    assert comparable(link("orders"), link("orders"))
    assert not comparable(link("orders"), link("products"))
    assert not comparable(DATE, DATETIME)
    assert comparable(LIST, LIST)
    assert not comparable(LIST, Type(TypeKind.LIST, element=INTEGER))
    assert not comparable(LIST, TEXT)
    assert comparable(JSON, JSON)
    assert not comparable(JSON, TEXT)
    assert not comparable(BOOLEAN, INTEGER)


def test_assignable() -> None:
    assert assignable(INTEGER, MONEY)
    assert not assignable(MONEY, INTEGER)
    assert assignable(choice("a"), choice("a", "b"))
    assert not assignable(choice("a", "c"), choice("a", "b"))
    assert assignable(TEXT, choice("a", "b"))
    assert assignable(EMPTY, link("orders"))
    assert assignable(LIST, LIST)
    assert not assignable(TEXT, link("orders"))


def test_unify() -> None:
    assert unify(INTEGER, MONEY) == MONEY
    assert unify(EMPTY, DATE) == DATE
    assert unify(choice("a"), choice("b")) == choice("a", "b")
    assert unify(choice("a"), TEXT) == TEXT
    assert unify(DATE, TEXT) is None
    listed = unify(Type(TypeKind.LIST, element=choice("a")), Type(TypeKind.LIST, element=choice("b")))
    assert listed == Type(TypeKind.LIST, element=choice("a", "b"))


def test_names_of_types() -> None:
    assert describe(link("orders")).en == "a record of orders"
    assert all(describe(Type(kind)).zh for kind in TypeKind)
