from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.market.sample import SampleError, add_sample
from tests.databases import ON_BOTH
from tests.world import TEMPLATE, World, make_world

pytestmark = ON_BOTH


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATE, tmp_path / "template"))


def _write(folder: Path, name: str, *lines: str) -> None:
    (folder / "sample" / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _one_order(folder: Path, line: str, *items: str) -> None:
    _write(folder, "orders.csv", "_label,_ago,_moves,channel,customer,province,amount,remark,paid_at,tracking_no", line)
    _write(folder, "order_items.csv", "order,product,quantity,price", *items)


def _order(world: World) -> Mapping[str, Any]:
    (order,) = world.all("orders")
    return order


def test_a_sample_is_played_in_the_past(world: World, folder: Path) -> None:
    _one_order(folder, "a,50h,approve@40h pick@30h ship@20h,pos,陈志强,浙江,640,,2h,SF1", "a,FDJ-1001,2,320")
    rows = [
        len(list(csv.reader((folder / "sample" / f"{n}.csv").open(encoding="utf-8")))) - 1 for n in ("customers", "products")
    ]
    assert add_sample(world.runtime.core, world.app, folder) == sum(rows) + 2
    order, now = _order(world), world.clock.now
    assert (order["status"], order["tracking_no"], order["warehouse"]) == ("shipped", "SF1", "hz")
    assert order["created_at"] == now - timedelta(hours=50)
    assert order["paid_at"] == now - timedelta(hours=52)
    assert order["shipped_at"] == now - timedelta(hours=20)
    assert not order["flags"]
    assert order["created_by"] == "示例数据"
    assert [item["quantity"] for item in world.all("order_items")] == [2]
    assert len(world.all("shipments")) == 1


def test_the_whole_sample_of_the_template_fits_it(world: World) -> None:
    add_sample(world.runtime.core, world.app, TEMPLATE)
    states = {order["status"] for order in world.all("orders")}
    assert states == {"pending", "approved", "picking", "shipped", "signed"}
    assert world.runtime.incidents(world.app) == []
    assert any(order["flags"] for order in world.all("orders"))
    assert all(order["customer"] for order in world.all("orders"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a,50h,,pos,李四,浙江,640,,,", "orders.csv:2: customer leads to 李四"),
        ("a,50h,fly@1h,pos,陈志强,浙江,640,,,", "orders.csv:2: orders has no transition fly"),
        ("a,soon,,pos,陈志强,浙江,640,,,", "orders.csv:2: soon is no age"),
    ],
)
def test_a_row_that_does_not_fit_is_named(world: World, folder: Path, line: str, said: str) -> None:
    _one_order(folder, line)
    with pytest.raises(SampleError, match=said):
        add_sample(world.runtime.core, world.app, folder)


def test_a_file_for_no_table(world: World, folder: Path) -> None:
    _write(folder, "ordres.csv", "a", "1")
    with pytest.raises(SampleError, match=r"ordres\.csv"):
        add_sample(world.runtime.core, world.app, folder)
