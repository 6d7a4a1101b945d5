"""From what a scalar says back to its characters, in every way of writing that YAML has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.nodes import ListNode, MapNode, Node, Scalar
from engine.definition.read import read_text
from engine.definition.spelling import SourceText
from engine.model.diagnostic import DefinitionError, Span

WAYS = [
    "x: amount > 1 and cost < 2\n",
    "x: amount > 1\n   and cost < 2\n",
    "x: 'amount > ''1'' and cost'\n",
    "x: 'amount\n\n   and cost'\n",
    'x: "amount \\u4e2d\\U0001F600 \\"cost\\" \\x61 \\t \\\\ /"\n',
    'x: "amount \\\n    cost"\n',
    'x: "am\\\n    ount"\n',
    "x: |\n  amount\n    and cost\n\n  end\n",
    "x: |2-\n    amount\n  cost\n\n",
    "x: >\n  amount\n  and cost\n\n  end\n    more\n",
    "x: >-  # a comment\n  amount\n",
    "x: {a: count(items, price > 3) > 1, b: 'c', 'd': \"e\"}\n",
    "x: [amount, -cost, 'z']\n",
    "x:\r\n  - 中😀 amount\r\n  - 'b'\r\n",
    "? amount\n: cost\n",
    "\ufeffx: 😀amount\n",
    "x: 'a\u2028b' # odd\ny: amount\n",
]


def scalars(node: Node) -> Iterator[tuple[str, Span]]:
    """What is said, and where it begins."""
    if isinstance(node, Scalar):
        yield node.text, node.span
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from scalars(item)
    elif isinstance(node, MapNode):
        for name, item in node.items.items():
            yield name, node.keys[name]
            yield from scalars(item)


@pytest.mark.parametrize("text", WAYS)
def test_every_character_is_found_and_can_be_replaced(text: str) -> None:
    data = text.encode()
    source = SourceText.of(data)
    before = list(scalars(read_text("a.yaml", data)))
    for number, (said, span) in enumerate(before):
        places = source.places(span, said)
        assert places is not None, said
        assert source.span("a.yaml", source.offset(span)) == span
        for at, char in enumerate(said):
            if char.isalnum() and char.isascii():
                edited = source.edited([(*places[at], "Q")])
                now = [each for each, _ in scalars(read_text("a.yaml", edited))]
                wanted = [each for each, _ in before]
                wanted[number] = said[:at] + "Q" + said[at + 1 :]
                assert now == wanted


def test_a_comment_inside_a_text_is_not_guessed_at() -> None:
    data = b"x: {a: count(items, # why\n  price > 3) > 1}\n"
    source = SourceText.of(data)
    found = {said: source.places(span, said) for said, span in scalars(read_text("a.yaml", data))}
    assert found["count(items, price > 3) > 1"] is None
    assert found["a"] is not None


@given(
    st.text(alphabet="ab \n\t'\"\\:#-|>&*,[]{}?中😀\u2028x41", max_size=40), st.sampled_from(["", "'", '"', "|\n ", ">\n  "])
)
def test_whatever_is_read_is_found_or_left_alone(text: str, style: str) -> None:
    closing = style if style in ("'", '"') else ""
    data = f"k: {style}{text}{closing}\n".encode()
    try:
        root = read_text("a.yaml", data)
    except DefinitionError:
        return
    source = SourceText.of(data)
    for said, span in scalars(root):
        places = source.places(span, said)
        for at, (start, end) in enumerate(places or ()):
            if start >= 0:
                written = source.text[start:end]
                assert written == said[at] or written in ("''",) or written.startswith("\\")
