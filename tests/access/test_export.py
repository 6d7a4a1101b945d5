"""A table as a file: the person's view, in words that a spreadsheet reads and never runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder_ui.api import exports
from engine.runtime import export
from tests.access.house import House, open_house
from tests.access.paths import API
from tests.databases import ON_BOTH
from tests.world import SYSTEM

pytestmark = ON_BOTH

PATH = f"{API}/tables/orders/export.csv"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        house.user("boss", "director")
        house.user("ann", "clerk", store="s1")
        house.user("pick", "picker")
        yield house


def order(house: House, **values: object) -> None:
    house.fate.turn += 1
    house.fate.drawn = 0
    house.runtime.write(house.new("orders", {"channel": "pos", "amount": "900", "remark": "x", **values}), SYSTEM)


def rows(house: House, who: str, question: str = "", path: str = PATH) -> list[list[str]]:
    answer = house.api(who).get(path + question)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "＝1",
        "\n=1",
        "=cmd|' /C calc'!A0",
        "\u200b=1",
        "\u2060\ufeff@SUM(A1)",
        "﹦1",
        "−1",
    ],
)
def test_no_text_is_a_formula(house: House, text: str) -> None:
    order(house, external_no="N1", remark=f"{text}")
    ((kept,),) = rows(house, "boss", "?fields=remark")[1:]
    assert kept == "'" + text.strip()


@pytest.mark.parametrize("text", [" =1", "\u3000＝1", "\xa0+1", "\u200b \u202e-1", "\x00=1", " \t=1", "\ufeff=1"])
def test_nothing_that_nobody_sees_hides_a_formula(text: str) -> None:
    assert exports.neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["", " ", "a=1", "1-1", "王伟 +1", "(=1)"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert exports.neutral(text) == text


def test_numbers_stay_numbers_and_words_are_people_s(house: House) -> None:
    order(
        house,
        amount="1000.50",
        cost="2000",
        store="s1",
        paid_at="2026-11-20T01:00:00Z",
        province="浙江",
        wanted_by="2026-12-01",
    )
    head, row = rows(house, "boss", "?fields=order_no,channel,amount,margin,status,paid_at,wanted_by,version,customer")
    assert head[:3] == ["订单号", "渠道", "实付金额"]
    assert row[1:] == ["门店POS", "1000.50", "-999.50", "待审", "2026-11-20 09:00:00", "2026-12-01", "2", ""]


def test_the_file_is_the_view(house: House) -> None:
    for store in ("s1", "s2", "s1"):
        order(house, store=store, phone="13800001234", cost="5")
    head, *lines = rows(house, "ann")
    assert "成本" not in head
    assert len(lines) == 2
    assert {line[head.index("客户手机号")] for line in lines} == {"138****1234"}
    assert len(rows(house, "boss", "?where=store%20==%20's1'")) == 3
    for question in ("?fields=cost", "?where=cost%20>%201", "?sort=cost"):
        hidden = house.api("ann").get(PATH + question)
        unknown = house.api("ann").get(PATH + question.replace("cost", "cosy"))
        assert (hidden.status_code, hidden.mimetype) == (400, "application/problem+json")
        assert hidden.text.replace("cost", "cosy") == unknown.text
    assert house.api("pick").get(f"{API}/tables/customers/export.csv").status_code == 404
    assert house.api("pick").get(f"{API}/tables/nonsense/export.csv").status_code == 404


def test_a_long_file_comes_in_parts_and_in_order(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "CHUNK", 3)
    for n in range(10):
        order(house, amount=f"{600 + n}")
    found = [line[0] for line in rows(house, "boss", "?fields=amount&sort=-amount")[1:]]
    assert found == [f"{609 - n}.00" for n in range(10)]


def test_a_file_ends_when_the_roles_of_its_reader_do(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "CHUNK", 1)
    monkeypatch.setattr(exports, "SECONDS_OF_TRUST", -1.0)
    for _ in range(3):
        order(house)
    answer = house.api("boss").get(PATH, buffered=False)
    parts = iter(answer.response)
    assert next(parts)
    assert next(parts)
    house.people.revoke(house.users["boss"], house.app.name, "director")
    with pytest.raises(PermissionError):
        list(parts)
