"""Every kind and every function says what it is for, and its example does what it says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
import yaml

from engine.language.functions import FUNCTIONS
from engine.language.names import AGGREGATES
from engine.language.related_docs import DOCS, USAGES
from engine.model.app import App
from engine.model.text import Text
from tests.docs.guide import merged
from tests.docs.stage import Stage
from tests.unit.definition.loading import REGISTRY, app_of
from tools.reference.sample import APP, RECORDS

EXAMPLES = {name: function.manual.example for name, function in FUNCTIONS.items() if function.backs}
EXAMPLES |= {name: doc.example for name, doc in DOCS.items()}


def loaded(change: Mapping[str, Any]) -> App:
    """The sample with something more in it, free of errors."""
    return app_of(yaml.safe_dump(merged(yaml.safe_load(APP), change), allow_unicode=True, sort_keys=False))


@cache
def stage() -> Stage:
    return Stage.of(app_of(APP), RECORDS, REGISTRY)


@pytest.mark.parametrize("name", sorted(REGISTRY.fields))
def test_a_fields_example_loads(name: str) -> None:
    fields = yaml.safe_load(REGISTRY.docs["fields", name].example)
    assert [field["type"] for field in fields.values()] == [name]
    flow = {"field": next(iter(fields))} if name == "state" else {}
    change = {"tables": {"orders": {"fields": fields, "flow": flow}}}
    if name == "state":  # the flow moves to the example's field
        change["tables"]["orders"]["fields"] = {**fields, "status": {"type": "text"}}
    assert loaded(change).tables["orders"].fields.keys() >= fields.keys()


@pytest.mark.parametrize("name", sorted(REGISTRY.steps))
def test_a_steps_example_loads(name: str) -> None:
    step = yaml.safe_load(REGISTRY.docs["steps", name].example)
    app = loaded({"rules": {"one": {"when": {"created": "orders"}, "then": [step]}}})
    assert [step.kind for rule in app.rules for step in rule.steps] == [name]


@pytest.mark.parametrize("name", sorted(REGISTRY.triggers))
def test_a_triggers_example_loads(name: str) -> None:
    when = yaml.safe_load(REGISTRY.docs["triggers", name].example)
    notice = {"notify": {"to": ["role.clerk"], "by": ["inbox"], "text": "!"}}
    app = loaded({"rules": {"one": {"when": when, "then": [notice]}}})
    assert [rule.trigger.kind for rule in app.rules] == [name]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_functions_example_comes_out_as_it_says(name: str) -> None:
    assert f"{name}(" in EXAMPLES[name]
    stage().check(EXAMPLES[name])


def test_an_example_that_says_something_else_is_found_out() -> None:
    with pytest.raises(AssertionError):
        stage().check("len('浙江省') → 4")


@pytest.mark.parametrize("kind", sorted(REGISTRY.docs), ids="/".join)
def test_every_kind_is_documented_in_both_languages(kind: tuple[str, str]) -> None:
    _bilingual(REGISTRY.docs[kind].about)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_is_documented_in_both_languages(name: str) -> None:
    manual = FUNCTIONS[name].manual
    for text in (manual.about, manual.words, *((manual.negated,) if manual.negated else ())):
        _bilingual(text)
    assert (manual.negated is not None) == manual.asks
    assert manual.usage.startswith(f"{name}(")


def test_every_aggregate_and_lookup_is_documented() -> None:
    assert set(DOCS) == set(USAGES) == {*AGGREGATES, "find"}
    for doc in DOCS.values():
        _bilingual(doc.about)


def _bilingual(text: Text) -> None:
    assert text.zh.strip()
    assert text.en.strip()
    assert text == Text("{0}", "{0}") or any("\u3400" <= letter <= "\u9fff" for letter in text.zh)
    assert not any("\u3400" <= letter <= "\u9fff" for letter in text.en.replace("浙江省", "").replace("浙江", ""))
