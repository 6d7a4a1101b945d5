"""Provinces under all their names."""

from __future__ import annotations

import pytest

from engine.language.regions import PROVINCES, REGION_TITLES, REGIONS, names_in, province


def test_every_province_lies_in_exactly_one_region() -> None:
    placed = [name for region in REGIONS.values() for name in region]
    assert sorted(placed) == sorted(PROVINCES)
    assert len(placed) == 34
    assert set(REGION_TITLES) == set(REGIONS)


def test_no_two_provinces_share_a_name() -> None:
    names = [name for each in PROVINCES.values() for name in each]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["浙江", "浙江省", "Zhejiang", "zhejiang", "ZHEJIANG", "ZJ", "CN-ZJ", " 浙江 "])
def test_names_of_one_province(name: str) -> None:
    assert province(name) == "浙江"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("内蒙古自治区", "内蒙古"), ("Shaanxi", "陕西"), ("SX", "山西"), ("YZ", "西藏"), ("上海市", "上海"), ("HK", "香港")],
)
def test_names_that_are_easily_mixed_up(name: str, wanted: str) -> None:
    assert province(name) == wanted


def test_regions() -> None:
    east = names_in("华东")
    assert east is not None
    assert {"浙江", "Shanghai", "JS", "山东省"} <= east
    assert "广东" not in east
    assert names_in("浙江省") == PROVINCES["浙江"]
    assert names_in("华冬") is None
    assert province("Bavaria") is None
