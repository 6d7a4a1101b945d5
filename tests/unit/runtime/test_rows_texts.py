"""A source may send what no database keeps: such a row waits with its reason, and stops no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime.rows import restore
from engine.storage import pulls
from tests.databases import ON_BOTH
from tests.unit.runtime.source import Source, line, pull, row
from tests.world import make_world

pytestmark = ON_BOTH


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800", "中\udfff"])
@pytest.mark.parametrize("where", ["note", "id", "shipping_province", "unmapped", "sku", "name"])
def test_a_row_with_a_text_that_cannot_be_kept_waits_and_the_others_are_written(tmp_path: Path, bad: str, where: str) -> None:
    rows = {"sku": row("1", line("l", sku=bad)), "name": row("1", **{bad: 1})}
    source = Source([rows.get(where) or {**row("1"), where: bad}, row("2")])
    world = make_world(tmp_path, catalogue=source)
    assert pull(world).waiting == 1
    assert len(world.all("orders")) == 1
    with world.runtime.database.read() as connection:
        (kept,) = pulls.waiting(connection, (world.app, "shop", "orders"), 10)
    assert bad in str(restore(kept.payload)) or repr(bad) in str(restore(kept.payload))
    assert [incident.code for incident in world.runtime.incidents(world.app)] == ["invalid"]
