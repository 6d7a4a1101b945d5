"""Refusals in people's words: what is refused, when it would be possible, and what the actor's role lacks."""

from __future__ import annotations

from engine.language.sentence import sentence
from engine.model.app import App
from engine.model.text import Text
from engine.model.tree import Expression


def field_title(app: App, table: str, field: str) -> Text:
    """A field's or child list's title, else its name."""
    definition = app.tables[table]
    if field in definition.fields:
        return definition.fields[field].title
    if field in definition.children:
        return app.tables[definition.children[field].table].title
    return Text.of(field)


def edit_only_when(app: App, table: str, field: str, condition: Expression | None) -> Text:
    """An edit condition that does not hold; None: it names what the actor may not see."""
    if condition is None:
        return Text("「{field}」现在不能改", "{field} cannot be changed now").fill(field=field_title(app, table, field))
    return Text("「{field}」只有在{when}时可以改", "{field} can be changed only while {when}").fill(
        field=field_title(app, table, field), when=sentence(condition, app, table)
    )


def role_cannot_edit(app: App, table: str, field: str) -> Text:
    """No role of the actor opens the field."""
    return Text("您的角色不能改「{field}」", "Your role cannot change {field}").fill(field=field_title(app, table, field))


def role_cannot_create(app: App, table: str) -> Text:
    """No role of the actor creates here."""
    return Text("您的角色不能新建「{table}」", "Your role cannot create {table}").fill(table=app.tables[table].title)


def role_cannot_give(app: App, table: str, field: str) -> Text:
    """A field outside the create list."""
    return Text("您的角色新建时不能填「{field}」", "Your role cannot fill {field} on a new record").fill(
        field=field_title(app, table, field)
    )


def create_only_when(app: App, table: str, condition: Expression | None) -> Text:
    """A create condition that does not hold; None as above."""
    if condition is None:
        return Text("这样的「{table}」不能新建", "{table} like this cannot be created").fill(table=app.tables[table].title)
    return Text("只有在{when}时可以新建「{table}」", "{table} can be created only when {when}").fill(
        table=app.tables[table].title, when=sentence(condition, app, table)
    )


def outside_scope(app: App, table: str, condition: Expression | None) -> Text:
    """The record would be out of the actor's scope; None as above."""
    if condition is None:
        return Text("这条记录不在您的范围内", "The record is outside your scope")
    return Text("这条记录不在您的范围内：您的范围是{when}", "The record is outside your scope, which is: {when}").fill(
        when=sentence(condition, app, table)
    )


def role_cannot_delete(app: App, table: str) -> Text:
    """No role of the actor deletes here."""
    return Text("您的角色不能删除「{table}」", "Your role cannot delete {table}").fill(table=app.tables[table].title)


def delete_only_when(app: App, table: str, condition: Expression | None) -> Text:
    """A delete condition that does not hold; None as above."""
    if condition is None:
        return Text("现在不能删除", "It cannot be deleted now")
    return Text("只有在{when}时可以删除", "It can be deleted only while {when}").fill(when=sentence(condition, app, table))
