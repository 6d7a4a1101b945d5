"""The catalogue that the engine is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors import catalogue
from connectors.manifest import ManifestError
from engine.model.connector import Catalogue, SourceError


def test_what_there_is() -> None:
    found: Catalogue = catalogue.load()
    assert found.names() == ("shopify", "wecom_robot")
    shopify, robot = found.info("shopify"), found.info("wecom_robot")
    assert shopify is not None
    assert robot is not None
    assert (shopify.pending, robot.pending) == (False, True)
    assert set(robot.settings) == {"key"}
    assert found.info("nothing") is None


@pytest.mark.parametrize("name", ["wecom_robot", "nothing"])
def test_what_has_no_streams_cannot_be_pulled(name: str) -> None:
    with pytest.raises(SourceError):
        catalogue.load().pages(name, "orders", {}, None)


def test_local_shops_only_where_the_administrator_allows_them() -> None:
    given = {"shop": "http://127.0.0.1:9100", "token": "t"}
    with pytest.raises(SourceError) as caught:
        catalogue.load().pages("shopify", "orders", given, None)
    assert caught.value.code == "address"
    catalogue.load(allow_private_hosts="127.0.0.1:9100").pages("shopify", "orders", given, None)


def test_a_list_of_hosts_that_is_none_stops_the_start() -> None:
    with pytest.raises(ValueError, match="DAJIAN_ALLOW_PRIVATE_HOSTS"):
        catalogue.load(allow_private_hosts="http://127.0.0.1")


def test_a_broken_manifest_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("name: broken\n", "utf-8")
    with pytest.raises(ManifestError):
        catalogue.load(folder=tmp_path)
