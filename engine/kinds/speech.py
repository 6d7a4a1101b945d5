"""What steps and triggers say about themselves in sentences: the words of an app, asked for by name.

Here, because a kind brings its own words; a new one needs no edit where rules are told. It must not know any kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.language.sentence import sentence, value_words
from engine.language.sentence.naming import field_words, quoted, role_words, table_words
from engine.language.sentence.phrase import enumerated
from engine.model.app import App, Choice
from engine.model.text import Text
from engine.model.tree import Expression, Template

_CHANNELS: Mapping[str, Text] = MappingProxyType(
    {"inbox": Text("收件箱", "inbox"), "popup": Text("弹窗", "pop-up"), "mail": Text("邮件", "mail")}
)
_ROLE = "role."


@dataclass(frozen=True, slots=True)
class Speech:
    """`table`: of the record that the rule, routing or alert is about."""

    app: App
    table: str

    def table_words(self, name: str = "") -> Text:
        """A table by its title; the record's own where no name is given."""
        return table_words(self.app, name or self.table)

    def field_words(self, name: str, table: str = "") -> Text:
        """A field by its title."""
        return field_words(self.app, table or self.table, name)

    def fields_words(self, names: Iterable[str], table: str = "") -> Text:
        """Several, one after the other."""
        return enumerated(self.field_words(name, table) for name in names)

    def state_words(self, name: str) -> Text:
        """A state of the record's flow."""
        flow = self.app.tables[self.table].flow
        return quoted(flow.states[name].title if flow and name in flow.states else Text.of(name))

    def transition_words(self, name: str) -> Text:
        """A transition of the record's flow."""
        flow = self.app.tables[self.table].flow
        return quoted(flow.transitions[name].title if flow and name in flow.transitions else Text.of(name))

    def condition(self, expression: Expression, table: str = "", *, inner: bool = False) -> Text:
        """A condition. `inner`: on the records of another `table`, this one being around them."""
        return sentence(expression, self.app, table or self.table, inner=inner, you=False)

    def pairs(self, values: Mapping[str, Expression], message: Text, table: str = "", *, inner: bool = False) -> Text:
        """What goes into which field of `table`, each by `message` with the slots `field` and `value`."""
        target = table or self.table
        return enumerated(
            message.say(field=self.field_words(name, target), value=self.value(value, target, name, inner=inner))
            for name, value in values.items()
        )

    def value(self, value: Expression, table: str, field: str, *, inner: bool = False) -> Text:
        """A value as it goes into a field, whose choices show by their titles."""
        own = self.app.tables[table].fields.get(field)
        about = table if inner else self.table
        return value_words(value, self.app, about, choices=own.choices if own else {}, inner=inner)

    def constant(self, value: Any, field: str) -> Text:
        """A constant as it goes into a field of the record."""
        own = self.app.tables[self.table].fields.get(field)
        choices: Mapping[str, Choice] = own.choices if own else {}
        return quoted(choices[value].title if value in choices else Text.of(str(value)))

    def people(self, names: Any) -> Text:
        """`role.x` by their titles."""
        return enumerated(role_words(self.app, str(name).removeprefix(_ROLE)) for name in _listed(names))

    def channels(self, names: Any) -> Text:
        """How people are told; a connection goes by its name."""
        return enumerated(_CHANNELS.get(str(name), Text.of(str(name))) for name in _listed(names))

    def text(self, template: Template | None) -> Text:
        """A text template, its expressions in braces in words."""
        if template is None:
            return Text("", "")
        return Text(self._parts(template.zh).zh, self._parts(template.en).en)

    def _parts(self, parts: tuple[str | Expression, ...]) -> Text:
        said = [Text.of(p) if isinstance(p, str) else value_words(p, self.app, self.table) for p in parts]
        braced = [
            each if isinstance(p, str) else Text(f"{{{each.zh}}}", f"{{{each.en}}}")
            for p, each in zip(parts, said, strict=True)
        ]
        return Text("".join(each.zh for each in braced), "".join(each.en for each in braced))


def _listed(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)
