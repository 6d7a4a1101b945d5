"""Edits of maps and lists written in lines: comments, blank lines, columns, dashes and line ends, one by one."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from engine.definition.edit.draft import Draft

HEAD = "app: shop\n"


def of(text: str) -> Draft:
    return Draft.of({"app.yaml": (HEAD + dedent(text)).encode()})


def says(draft: Draft, text: str) -> None:
    assert draft.text("app.yaml").removeprefix(HEAD) == dedent(text)


FIELDS = """\
    tables:
      orders:
        fields:
          name:  {type: text}   # what it is called
          # money, in yuan
          price: {type: money}
          # the end of the fields
    """


def test_a_new_entry_looks_like_its_neighbours_and_comments_stay_where_they_are() -> None:
    after = of(FIELDS).add("tables.orders.fields", "at", {"type": "date", "title": {"en": "Sold, paid"}})
    says(
        after,
        """\
        tables:
          orders:
            fields:
              name:  {type: text}   # what it is called
              # money, in yuan
              price: {type: money}
              at:    {type: date, title: {en: "Sold, paid"}}
              # the end of the fields
        """,
    )
    assert after.remove("tables.orders.fields.at").files == of(FIELDS).files


def test_a_comment_above_goes_with_its_entry_and_one_behind_too() -> None:
    says(
        of(FIELDS).remove("tables.orders.fields.price"),
        """\
        tables:
          orders:
            fields:
              name:  {type: text}   # what it is called
              # the end of the fields
        """,
    )
    moved = of(FIELDS).move("tables.orders.fields.price", before="tables.orders.fields.name")
    says(
        moved,
        """\
        tables:
          orders:
            fields:
              # money, in yuan
              price: {type: money}
              name:  {type: text}   # what it is called
              # the end of the fields
        """,
    )
    assert moved.move("tables.orders.fields.price", after="tables.orders.fields.name").files == of(FIELDS).files


def test_a_name_too_long_for_the_column_does_not_push_the_others() -> None:
    after = of(FIELDS).rename_key("tables.orders.fields.name", "name_of_the_customer")
    assert "name_of_the_customer: {type: text}   # what it is called\n" in after.text("app.yaml")
    assert "      price: {type: money}\n" in after.text("app.yaml")
    again = after.add("tables.orders.fields", "at", {"type": "date"})
    assert "      at: {type: date}\n" in again.text("app.yaml")  # nothing stands in line any more
    roles = of("roles:\n  a:    x\n  bb:   y\n  cccc: z\n")
    assert roles.rename_key("roles.bb", "bbbbbbb").text("app.yaml").endswith("  a:    x\n  bbbbbbb: y\n  cccc: z\n")
    assert roles.rename_key("roles.bb", "bbbbbbb").rename_key("roles.bbbbbbb", "bb").files == roles.files


RHYTHM = """\
    rules:
      one:
        if: "a"
        then:
        - set: {a: "1"}
          note: x
        -   - 1
            - 2

      two:
        if: "b"

    boards:
      b: {of: orders}
    """


def test_blank_lines_between_entries_come_in_the_same_rhythm() -> None:
    after = of(RHYTHM).add("rules", "three", {"if": "c > 1"})
    says(
        after,
        """\
        rules:
          one:
            if: "a"
            then:
            - set: {a: "1"}
              note: x
            -   - 1
                - 2

          two:
            if: "b"

          three:
            if: "c > 1"

        boards:
          b: {of: orders}
        """,
    )
    assert after.remove("rules.three").files == of(RHYTHM).files
    first = of(RHYTHM).move("rules.two", before="rules.one")
    assert first.text("app.yaml").startswith(HEAD + 'rules:\n  two:\n    if: "b"\n\n  one:\n')
    assert first.move("rules.two", after="rules.one").files == of(RHYTHM).files


def test_a_new_section_stands_apart_as_the_others_do() -> None:
    after = of(RHYTHM).set("alerts.late.if", "x")
    assert after.text("app.yaml").endswith("  b: {of: orders}\n\nalerts:\n  late:\n    if: x\n")
    assert after.get("alerts") == {"late": {"if": "x"}}
    assert after.remove("alerts").files == of(RHYTHM).files


def test_lists_keep_their_dashes() -> None:
    draft = of(RHYTHM)
    assert '    - set: {a: "1"}\n      note: x\n    - stop: true\n    -   - 1\n' in (
        draft.add("rules.one.then", None, {"stop": True}, before=1).text("app.yaml")
    )
    assert "    - note: x\n    -   - 1\n" in draft.remove("rules.one.then[0].set").text("app.yaml")
    assert '    - new: 1\n      set: {a: "1"}\n      note: x\n' in (
        draft.add("rules.one.then[0]", "new", 1, before="set").text("app.yaml")
    )
    assert "    -   - 2\n        - 1\n" in draft.move("rules.one.then[1][0]", after="rules.one.then[1][1]").text("app.yaml")
    assert draft.move("rules.one.then[0]", to="rules.one.then[1]").move("rules.one.then[1]", to="rules.one.then[0]").files == (
        draft.files
    )


def test_a_comment_below_the_first_of_an_item_is_not_lost() -> None:
    draft = of("then:\n  - set: 1\n    # about note\n    note: x\n")
    after = draft.remove("then[0].set")
    says(after, "then:\n  -\n    # about note\n    note: x\n")
    says(after.move("then[0].note", to="kept"), "then:\n  - {}\n# about note\nkept: x\n")


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("tables.orders.flow.transitions.pay.approvals[0]", "        pay: {to: paid}\n    checks:"),
        ("tables.orders.checks.sum", "    checks: {}   # what must add up\n"),
        ("tables.orders.title.en", "  orders:\n    fields:\n"),
        ("tables.orders.fields.a", "    fields: {}\n"),
    ],
)
def test_what_is_left_of_a_container_when_its_last_entry_goes(path: str, left: str) -> None:
    """`{}` or `[]`, but where the language wants nothing there rather than something empty, the key goes too."""
    draft = of(
        """\
        tables:
          orders:
            title: {en: Orders}
            fields:
              a: {type: text}
            flow:
              transitions:
                pay: {to: paid, approvals: [{of: boss}]}
            checks:   # what must add up
              # first
              sum:
                must: "True"
        """
    )
    assert left in draft.remove(path).text("app.yaml")


BLOCKS = """\
    rules:
      note: |   # said by the boss
        one
        two

      more: >-
        folded
        text
      last: plain   # really
    """


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("rules.note", "three\n\nfour", "  note: |-   # said by the boss\n    three\n\n    four\n\n  more"),
        ("rules.note", "short", "  note: short   # said by the boss\n\n  more"),
        ("rules.note", {"a": 1}, "  note:   # said by the boss\n    a: 1\n\n  more"),
        ("rules.more", "a\nb\n", "  more: >\n    a\n\n    b\n  last"),
        ("rules.last", "a\nb", "  last: |-   # really\n    a\n    b\n"),
        ("rules.last", " a\nb", '  last: " a\\nb"   # really\n'),
        ("rules.last", None, "  last: null   # really\n"),
        ("rules.last", {"x": ["y"]}, "  last:   # really\n    x: [y]\n"),
    ],
)
def test_texts_of_several_lines(path: str, value: Any, text: str) -> None:
    after = of(BLOCKS).set(path, value)
    assert text in after.text("app.yaml")
    assert after.get(path) == value


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_a_missing_last_one_and_the_byte_order_mark_stay(end: str, last: bool, mark: bytes) -> None:
    text = end.join(["app: shop", "roles:", "  a: {title: A}", "  b: {title: B}"]) + (end if last else "")
    draft = Draft.of({"f.yaml": mark + text.encode()})
    after = draft.add("roles", "c", {"title": "C"}).set("tables.t.fields", {"x": {"type": "text"}}).remove("roles.a")
    data = after.files["f.yaml"]
    assert data.startswith(mark + b"app")
    assert data.endswith(b"\n") == last
    assert data.count(b"\r\n") == (data.count(b"\n") if end == "\r\n" else 0)
    back = after.add("roles", "a", {"title": "A"}, before="b").remove("roles.c").remove("tables")
    assert back.files == draft.files


def test_a_map_turned_into_another_changes_only_the_entries_that_differ() -> None:
    draft = of(FIELDS)
    new = {"price": {"type": "money", "min": 0}, "name": {"type": "text"}, "late": {"type": "boolean"}}
    says(
        draft.set("tables.orders.fields", new),
        """\
        tables:
          orders:
            fields:
              # money, in yuan
              price: {type: money, min: 0}
              name:  {type: text}   # what it is called
              late:  {type: boolean}
              # the end of the fields
        """,
    )
    steps = of("then: # steps\n  - a   # first\n  # two\n  - b\n  - c\n")
    says(steps.set("then", ["a", "x", "c", "d"]), "then: # steps\n  - a   # first\n  # two\n  - x\n  - c\n  - d\n")


def test_an_entry_moved_elsewhere_is_indented_anew_with_all_it_has() -> None:
    draft = of(
        """\
        rules:
            deep:
                # one step
                then:   # steps
                    - a: |
                        text

                        more
                    # end
        alerts:
          late: {if: x}
        """
    )
    after = draft.move("rules.deep.then", to="alerts.steps")
    says(
        after,
        """\
        rules:
            deep: {}
        alerts:
          late: {if: x}
          # one step
          steps:   # steps
              - a: |
                  text

                  more
              # end
        """,
    )
    assert after.get("alerts.steps") == [{"a": "text\n\nmore\n"}]
