"""A text that a database cannot keep in an index is refused with a word about it, and nothing is half done."""

from __future__ import annotations

from random import Random

import pytest

from engine.model.problem import Problem
from tests.databases import ON_BOTH
from tests.world import World, actor

pytestmark = ON_BOTH


@pytest.mark.parametrize("field", ["store", "external_no"])
def test_a_text_too_long_for_an_index_is_kept_whole_or_refused(on_both: str, world: World, field: str) -> None:
    random = Random(1)
    text = "".join(chr(random.randrange(0x4E00, 0x9FFF)) for _ in range(1_000))
    given = {"channel": "phone", "amount": "1", field: text}
    if on_both == "sqlite":
        id = world.create("orders", **given).id
        assert world.get("orders", id, actor("buyer"))["values"][field] == text
        return
    with pytest.raises(Problem) as caught:
        world.create("orders", **given)
    assert (caught.value.status, caught.value.code) == (422, "text_too_long")
    assert world.all("orders") == []
