"""What is known of a value before it has words: whose choices it holds, and whether it can be empty."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.language.functions import FUNCTIONS
from engine.model.app import App, Choice
from engine.model.tree import (
    Aggregate,
    Call,
    Compare,
    Constant,
    FieldOf,
    IfElse,
    In,
    Logic,
    Node,
    Not,
    UserFact,
)
from engine.model.types import TypeKind

_NONE: Mapping[str, Choice] = MappingProxyType({})
_ROLES = "roles"


def choices_of(node: Node, app: App) -> Mapping[str, Choice]:
    """The choices (or states, or roles) that a text comes from, wherever it comes from; none for a free text."""
    match node:
        case FieldOf(table=table, name=name) if table in app.tables:
            return _of_field(app, table, name)
        case UserFact(name=name) if name == _ROLES:
            return {role.name: Choice(role.name, role.title) for role in app.roles.values()}
        case UserFact(name=name) if name in app.people:
            return app.people[name].choices
        case IfElse(then=then, otherwise=otherwise):
            return {**choices_of(then, app), **choices_of(otherwise, app)}
        case Call(arguments=arguments) if node.type.options:
            return {name: choice for each in arguments for name, choice in choices_of(each, app).items()}
        case Aggregate(body=body) if body is not None and node.type.kind is TypeKind.TEXT:
            return choices_of(body, app)
    return _NONE


def _of_field(app: App, table: str, name: str) -> Mapping[str, Choice]:
    own = app.tables[table]
    if own.flow is not None and name == own.flow.field:
        return {state.name: Choice(state.name, state.title) for state in own.flow.states.values()}
    field = own.fields.get(name)
    if field is None:
        return _NONE
    # A formula has no choices of its own; its expression knows whose it shows. Formulas never go in a circle.
    return choices_of(field.value.node, app) if field.value is not None and not field.choices else field.choices


def two_valued(node: Node) -> bool:
    """A condition that is true or false and never empty, unlike a field that holds yes or no."""
    match node:
        case Not() | Logic() | Compare() | In():
            return True
        case Aggregate(function=function):
            return function in ("any", "all")
        case Call():
            return is_condition(node)
    return False


def is_condition(call: Call) -> bool:
    """A function that asks a question. (`first_of` of two yes/no fields is a value.)"""
    return call.type.kind is TypeKind.BOOLEAN and FUNCTIONS[call.function].manual.asks


def whole(node: Node) -> bool:
    """It is never empty."""
    match node:
        case Constant(value=value):
            return value is not None
        case Aggregate(function=function):
            return function in ("count", "sum", "any", "all")
        case Call(function=function):
            return FUNCTIONS[function].manual.whole
        case IfElse(then=then, otherwise=otherwise):
            return whole(then) and whole(otherwise)
    return two_valued(node)
