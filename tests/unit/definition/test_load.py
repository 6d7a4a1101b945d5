"""The door as a whole: what is set aside, what refuses, and that nothing in a text makes it raise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definition.load import Loaded, load
from engine.definition.read import read_folder
from engine.model.diagnostic import Severity
from tests.unit.definition.catalogue import SmallCatalogue
from tests.unit.definition.loading import REGISTRY, app_of, errors_of, load_text

SMALL = """
    app: shop
    roles:
      clerk: {title: 客服}
    tables:
      orders:
        fields:
          no: {type: text}
          note: {type: text}
          status: {type: state}
        flow:
          field: status
          states: {open: {initial: true}, done: {final: true}}
          transitions: {close: {from: open, to: done, by: [clerk, system]}}
    permissions:
      clerk:
        orders: {read: {all: true}}
"""


@pytest.mark.parametrize(
    ("section", "broken"),
    [
        ("rules", '{when: {created: orders}, if: "nope", then: [{set: {note: "\'x\'"}}]}'),
        ("rules", "{when: {created: orders}, then: [{set: {note: 'amount +'}}]}"),
        ("rules", "{wen: {created: orders}}"),
        ("rules", "12"),
        ("routing", "{of: orders, when: {created: orders}, decides: nope, rows: [{if: 'True', then: x}]}"),
        ("alerts", "{of: nope, if: 'True', text: x, levels: [{after: 2h, then: [{set: {note: \"'x'\"}}]}]}"),
        ("connections", "{use: nope}"),
        ("boards", "{of: orders, kind: grid, columns: [nope]}"),
        ("boards", "[]"),
    ],
)
def test_a_broken_part_is_set_aside(section: str, broken: str) -> None:
    loaded = load_text(
        SMALL
        + f"""
    {section}:
      broken: {broken}
    """
    )
    assert loaded.app is not None
    assert any(d.severity is Severity.ERROR and d.path.startswith(f"{section}.broken") for d in loaded.diagnostics)
    kept: dict[str, Any] = {
        "rules": loaded.app.rules,
        "routing": loaded.app.routings,
        "alerts": loaded.app.alerts,
        "connections": loaded.app.connections,
        "boards": loaded.app.boards,
    }
    assert not kept[section]


def test_the_rest_runs_on() -> None:
    loaded = load_text(
        SMALL
        + """
    rules:
      bad: {when: {created: orders}, if: "nope", then: [{set: {note: "'x'"}}]}
      good: {when: {created: orders}, then: [{set: {note: "'x'"}}]}
    """
    )
    assert loaded.app is not None
    assert [rule.name for rule in loaded.app.rules] == ["good"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("no: {type: text}", "no: {type: nope}"),
        ("{read: {all: true}}", "{read: {nope: true}}"),
        ("{read: {all: true}}", "{read: {no: 'nope'}}"),
        ("to: done", "to: nope"),
        ("by: [clerk, system]", "by: [nope]"),
        ("clerk: {title: 客服}", "clerk: {titel: 客服}"),
        ("app: shop", "ap: shop"),
        ("app: shop", "app: [shop]"),
        ("app: shop", "app: shop\n    version: {a: {b: c}}"),
        ("app: shop", "app: shop\n    tables: 12"),
    ],
)
def test_a_broken_ground_refuses(old: str, new: str) -> None:
    assert old in SMALL
    loaded = load_text(SMALL.replace(old, new))
    assert loaded.app is None
    assert any(d.severity is Severity.ERROR for d in loaded.diagnostics)


def test_files_are_joined_in_the_order_of_their_names() -> None:
    rule = "rules:\n  {0}: {{when: {{created: orders}}, then: [{{set: {{note: \"'x'\"}}}}]}}\n"
    app = app_of(SMALL, b=rule.format("second"), a=rule.format("first"))
    assert [r.name for r in app.rules] == ["first", "second"]


def test_one_role_over_several_files() -> None:
    more = "tables: {notes: {fields: {a: {type: text}}}}\npermissions: {clerk: {notes: {read: {all: true}}}}\n"
    assert set(app_of(SMALL, more=more).permissions["clerk"]) == {"orders", "notes"}
    assert errors_of(SMALL, more="permissions: {clerk: {orders: {read: {no: true}}}}\n")[0][0] == "duplicate-name"
    assert errors_of(SMALL, more="app: shop\n")[0][0] == "duplicate-name"


def test_problems_come_in_the_order_of_the_text() -> None:
    loaded = load_text(
        SMALL + "\n    boards: {b: {of: nope, kind: grid, columns: [x]}, a: {of: nope, kind: grid, columns: [x]}}"
    )
    spans = [d.span for d in loaded.diagnostics]
    assert spans == sorted(spans)
    assert len(spans) == 2


def test_an_expression_points_at_its_own_column() -> None:
    loaded = load_text(
        SMALL
        + """
    boards:
      b: {of: orders, kind: grid, columns: [no], where: "no == nope"}
    """
    )
    (problem,) = loaded.diagnostics
    line = '  b: {of: orders, kind: grid, columns: [no], where: "no == nope"}'
    assert problem.span.column == line.index("nope") + 1


FILES = read_folder(Path(__file__).parents[3] / "templates_market" / "order_tracking")
JUNK = [
    "",
    "x",
    "[]",
    "{}",
    "null",
    "true",
    "12",
    "'",
    '"',
    "&a",
    "*a",
    "!t",
    ": ",
    "- ",
    "{a: b}",
    "none",
    "all",
    "orders.",
    "\t",
    "订单",
]


def _load(files: dict[str, bytes]) -> Loaded:
    return load(files, SmallCatalogue(), REGISTRY)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_makes_it_raise(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    words = FILES[name].decode().replace("\n", " \n").split(" ")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(words) - 1))
        other = data.draw(st.sampled_from(JUNK) | st.sampled_from(words))
        words[at : at + data.draw(st.integers(0, 3))] = [other]
    loaded = _load({**FILES, name: " ".join(words).encode()})
    if loaded.app is None:
        assert any(d.severity is Severity.ERROR for d in loaded.diagnostics)
    for d in loaded.diagnostics:
        assert d.message.zh
        assert d.message.en


@pytest.mark.parametrize("name", ["good.bad", "good[0]", '"good', "good ", "good: x", '"', "\\", "x" * 41])
def test_an_entry_with_a_name_that_is_none_is_set_aside_alone(name: str) -> None:
    rule = "{when: {created: orders}, then: [{set: {note: \"'x'\"}}]}"
    loaded = load_text(SMALL, rules=f"rules:\n  good: {rule}\n  {json.dumps(name)}: {rule}\n")
    assert [d.code for d in loaded.diagnostics if d.severity is Severity.ERROR] == ["bad-name"]
    assert loaded.app is not None
    assert [rule.name for rule in loaded.app.rules] == ["good"]


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a.yaml", "b.yaml"]),
        st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")),
    )
)
def test_no_bytes_make_it_raise(files: dict[str, bytes]) -> None:
    assert _load(files).app is None


def test_each_language_of_a_text_has_its_own_place() -> None:
    notify = '{notify: {to: [role.clerk], by: [inbox], text: {zh: "{x}", en: "{y}"}}}'
    text = f"rules: {{r: {{when: {{created: orders}}, then: [{notify}]}}}}\n"
    loaded = load_text(SMALL, rules=text)
    assert [d.span.column for d in loaded.diagnostics] == [text.index("x}") + 1, text.index("y}") + 1]
