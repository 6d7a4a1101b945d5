"""Manifests: what is read from them and how a wrong one is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from graphql import parse, validate

from connectors import manifest
from connectors.catalogue import FOLDER
from connectors.manifest import ManifestError
from engine.model.types import DATETIME, INTEGER, MONEY, TEXT
from tests.servers import shop_cost
from tests.servers.shop_graphql import SCHEMA

SHOPIFY = (FOLDER / "shopify.yaml").read_text("utf-8")


def test_shopify_gives_what_the_order_tracking_template_maps() -> None:
    stream = manifest.load(FOLDER / "shopify.yaml").info().streams["orders"]
    wanted = {
        "id": TEXT,
        "phone": TEXT,
        "shipping_province": TEXT,
        "total_price": MONEY,
        "total_shipping": MONEY,
        "total_discounts": MONEY,
        "note": TEXT,
        "processed_at": DATETIME,
    }
    assert wanted.items() <= stream.fields.items()
    assert {"id": TEXT, "sku": TEXT, "quantity": INTEGER, "price": MONEY}.items() <= stream.lists["line_items"].items()


def test_the_queries_fit_the_schema_and_the_cost_of_one_query() -> None:
    spec = manifest.load(FOLDER / "shopify.yaml").streams["orders"]
    more = spec.lists[0].more
    assert more is not None
    for query in (spec.query, more.query):
        document = parse(query)
        assert validate(SCHEMA, document) == []
        assert shop_cost.asked(document, {"first": spec.page}) <= shop_cost.COSTLIEST
    assert spec.lag == timedelta(minutes=10)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_manifest_loads_and_speaks_both_languages(path: Path) -> None:
    info = manifest.load(path).info()
    for text in (info.title, *info.settings.values()):
        assert text.zh
        assert text.en
    assert info.pending == (not info.streams)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: shopify", "name: other", "$.name"),
        ("family: graphql", "family: soap", "$.family"),
        ("{shop}/admin", "{store}/admin", "'{store}' is no setting"),
        ("field: updated_at", "field: changed", "'changed' must be a datetime"),
        ("field: updated_at", "field: cancelled_at", "'cancelled_at' must be a datetime"),
        ("'{since}'", "'yesterday'", "has no {since}"),
        ("lag: 10m", "lag: ten", "lag"),
        ("page: 20", "page: 2000", "page"),
        ("type: integer", "type: number", "type"),
        ("    connection: orders\n", "", "'connection' is a required property"),
        ("Order/([0-9]+)", "Order/[0-9]+", "exactly one group"),
        ("kind: host", "kind: host\n    colour: red", "colour"),
        ("settings:", "settings: [", "shopify.yaml"),
    ],
)
def test_a_wrong_manifest_is_told_by_file_and_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in SHOPIFY
    (tmp_path / "shopify.yaml").write_text(SHOPIFY.replace(old, new, 1), "utf-8")
    with pytest.raises(ManifestError) as caught:
        manifest.load(tmp_path / "shopify.yaml")
    assert "shopify.yaml" in str(caught.value)
    assert told in str(caught.value)
