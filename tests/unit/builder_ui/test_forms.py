from __future__ import annotations

from collections.abc import Iterator

import pytest
from werkzeug.datastructures import MultiDict

from builder_ui.format import Column, Writer
from builder_ui.pages.forms import Input, shared_reasons, values
from builder_ui.rendering import writer
from tests.unit.builder_ui.web_house import WebHouse


def field(name: str, widget: str = "text", *, held: str | None = None, kind: str = "text") -> Input:
    return Input(Column(name, name.upper(), kind), name, widget, "", "", "", held is None, held=held)


@pytest.fixture
def words(house: WebHouse) -> Iterator[Writer]:
    """A request with a language, as forms are always in."""
    with house.web.test_request_context():
        house.web.preprocess_request()
        yield writer()


@pytest.mark.usefixtures("words")
def test_three_like_reasons_become_one_and_two_stay() -> None:
    inputs = [field(n, held=f"您不能改「{n.upper()}」") for n in ("a", "b", "c")]
    inputs += [field(n, held="由连接维护") for n in ("d", "e")]
    marked, sentences = shared_reasons(inputs)
    assert sentences == ["您不能改「A、B、C」"]
    assert [given.held_here for given in marked] == [False, False, False, True, True]


@pytest.mark.usefixtures("words")
def test_only_what_differs_from_when_the_page_was_drawn_is_written() -> None:
    inputs = [field("a"), field("b"), field("c"), field("d", "checkbox"), field("e", "checkbox"), field("f")]
    form = MultiDict(
        {"a": "1", "was-a": "1", "b": "2", "was-b": "1", "c": " ", "was-c": "x", "was-d": "yes", "e": "yes", "was-e": "yes"}
    )
    assert values(inputs, form, changed_only=True) == {"b": "2", "c": None, "d": False}


@pytest.mark.usefixtures("words")
def test_line_ends_of_browsers_are_no_change() -> None:
    form = MultiDict({"a": "one\r\ntwo", "was-a": "one\ntwo"})
    assert values([field("a", "textarea")], form, changed_only=True) == {}


@pytest.mark.usefixtures("words")
def test_local_times_are_the_organisations() -> None:
    form = MultiDict({"a": "2026-11-22T10:00"})
    assert values([field("a", "datetime", kind="datetime")], form, changed_only=False) == {"a": "2026-11-22T10:00:00+08:00"}
    assert values([field("a", "datetime", kind="datetime")], MultiDict({"a": "soon"}), changed_only=False) == {"a": "soon"}
