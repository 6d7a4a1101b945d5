"""A definition published while people work: what breaks leaves the old one running; what is set aside or not running yet is
shown to the owner with its place, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.model.diagnostic import DefinitionError
from tests.unit.builder_ui.web_house import APP, WebHouse, filled_house
from tests.world import OWNER, template_files


@pytest.fixture
def own(tmp_path: Path) -> Iterator[WebHouse]:
    made = filled_house(tmp_path)
    yield made
    made.world.runtime.database.close()


def spoilt(file: str, old: bytes, new: bytes) -> dict[str, bytes]:
    files = template_files()
    assert files[file].count(old) >= 1
    return {**files, file: files[file].replace(old, new, 1)}


def test_a_rule_set_aside_is_shown_with_its_line_and_the_remedy(own: WebHouse) -> None:
    boss, clerk = own.signed_in("boss"), own.signed_in("lin")
    assert "小额自动审核" in boss.get(f"{APP}/").text
    own.world.runtime.publish(spoilt("rules.yaml", b"amount < 500", b"amuont < 500"), OWNER)
    page = boss.get(f"{APP}/").text
    assert "rules.yaml:12:10" in page
    assert "是不是想写 amount？" in page
    assert "小额自动审核" not in page, "it does not run, so it is not among what runs"
    assert "钻石客户优先" in page
    assert "rules.yaml:12" not in clerk.get(f"{APP}/").text
    order = own.order(amount="80.00", remark=None)
    assert own.world.raw("orders", order)["status"] == "pending"


def test_a_broken_table_leaves_the_running_definition_as_it_was(own: WebHouse) -> None:
    boss = own.signed_in("boss")
    revision = own.world.runtime.program(own.world.app).revision
    with pytest.raises(DefinitionError) as refused:
        own.world.runtime.publish(spoilt("tables.yaml", b"type: money", b"type: mony"), OWNER)
    (problem,) = [d for d in refused.value.diagnostics if d.code == "unknown-kind"]
    assert problem.span.file == "tables.yaml"
    assert problem.hint is not None
    assert "money" in problem.hint.en
    assert own.world.runtime.program(own.world.app).revision == revision
    assert boss.get(f"{APP}/b/desk").status_code == 200


def test_what_is_not_running_yet_is_listed_and_not_among_what_runs(own: WebHouse) -> None:
    boss = own.signed_in("boss")
    running = "</svg>智能分单 "
    assert running in boss.get(f"{APP}/").text
    own.world.runtime.publish(spoilt("rules.yaml", b"policy: only", b"policy: all "), OWNER)
    page = boss.get(f"{APP}/").text
    assert running not in page
    for what in ("「弹窗」", "「team_chat」", "「外包仓」的门户", "流转「退款」的审批", "policy: all"):
        assert what in page
