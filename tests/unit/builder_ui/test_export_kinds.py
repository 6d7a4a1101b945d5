"""Every kind in a file for spreadsheets: titles of choices, names of files, durations that add up; all can be given again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from builder_ui.web import make_web
from engine.market.market import Market
from tests.every_kind import FILES, VALUES
from tests.unit.builder_ui.web_house import Settings, WebHouse
from tests.world import TEMPLATE, actor, make_world

CLERK = actor("clerk", name="小林")
FIELDS = "services,tags,handling,deposit,assignee,province"


def test_what_is_several_is_in_words_and_can_be_given_again(tmp_path: Path) -> None:
    world = make_world(tmp_path, FILES)
    market = Market(TEMPLATE.parent, world.runtime, world.people)
    house = WebHouse(world, world.people, make_web(world.runtime, world.people, market, Settings()))
    house.person("小林", "clerk")
    world.create("parcels", CLERK, **{name: VALUES[name][0] for name in FIELDS.split(",")})
    answer = house.signed_in("小林").get(f"/api/v1/apps/kinds/tables/parcels/export.csv?fields={FIELDS}")
    heads, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert dict(zip(heads, row, strict=True)) == {
        "服务": "贺卡; 礼品包装",
        "标签": "VIP; 易碎",
        "处理时长": "27:00:00",
        "押金": "1500",
        "负责人": "小林先生",
        "省份": "浙江",
    }
    again = world.create("parcels", CLERK, services=row[0], tags=row[1], handling=row[2])
    kept = world.get("parcels", again.id, CLERK)["values"]
    assert [kept[name] for name in ("services", "tags", "handling")] == [VALUES[n][1] for n in ("services", "tags", "handling")]
