"""Settings of a connection, checked before anything is called."""

from __future__ import annotations

import pytest

from connectors import manifest, settings
from connectors.addresses import AllowedHosts
from connectors.catalogue import FOLDER
from engine.model.connector import SourceError

SHOPIFY = manifest.load(FOLDER / "shopify.yaml")
LOCAL = AllowedHosts.parse("127.0.0.1:9100")


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("my-shop.myshopify.com", "https://my-shop.myshopify.com:443"),
        ("  My-Shop.myshopify.com ", "https://my-shop.myshopify.com:443"),
        ("https://my-shop.myshopify.com/", "https://my-shop.myshopify.com:443"),
        ("http://127.0.0.1:9100", "http://127.0.0.1:9100"),
        ("http://127.0.0.1:9100/", "http://127.0.0.1:9100"),
    ],
)
def test_a_shop_becomes_an_origin(given: str, origin: str) -> None:
    found = settings.complete(SHOPIFY, {"shop": given, "token": " t "}, LOCAL)
    assert found == {"shop": origin, "token": "t"}


@pytest.mark.parametrize("given", ["http://127.0.0.1:9100/admin", "127.0.0.1:9100", "ftp://127.0.0.1:9100", "https://8.8.8.8"])
def test_what_is_no_shop(given: str) -> None:
    with pytest.raises(SourceError) as caught:
        settings.complete(SHOPIFY, {"shop": given, "token": "t"}, LOCAL)
    assert caught.value.code in ("settings", "address")


@pytest.mark.parametrize("token", ["", " ", "a b", "a\nb", "令牌", "\x00"])
def test_a_token_that_cannot_be_sent_is_not_repeated(token: str) -> None:
    with pytest.raises(SourceError) as caught:
        settings.complete(SHOPIFY, {"shop": "my-shop.myshopify.com", "token": token}, LOCAL)
    assert caught.value.code == "settings"
    assert "访问令牌" in caught.value.message.zh
    assert "access token" in caught.value.message.en
