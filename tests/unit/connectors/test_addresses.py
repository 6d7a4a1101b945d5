"""Which URLs and addresses outbound calls may go to."""

from __future__ import annotations

import ipaddress

import pytest

from connectors.addresses import AllowedHosts, check, public, target
from engine.model.connector import SourceError

NOBODY = AllowedHosts()

CLOSED = (
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "fe80::1%eth0",
    "2606:4700::1%eth0",
)

OPEN = (
    "1.1.1.1",
    "8.8.8.8",
    "23.227.38.65",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "2606:4700::1111",
    "2400:3200::1",
)


@pytest.mark.parametrize("address", CLOSED)
def test_closed_networks(address: str) -> None:
    assert not public(ipaddress.ip_address(address))
    with pytest.raises(SourceError) as caught:
        check("shop.example.com", [address], allowed=False)
    assert caught.value.code == "address"


@pytest.mark.parametrize("address", OPEN)
def test_open_networks(address: str) -> None:
    assert public(ipaddress.ip_address(address))
    assert check("shop.example.com", [address], allowed=False) == (address,)


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(SourceError):
        check("shop.example.com", ["8.8.8.8", "10.0.0.1"], allowed=False)


def test_a_name_without_addresses_is_unreachable() -> None:
    with pytest.raises(SourceError) as caught:
        check("shop.example.com", [], allowed=False)
    assert caught.value.code == "unreachable"


@pytest.mark.parametrize(
    "url",
    [
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://127.0.0.1./",
        "https://127.0.0.01/",
        "https://1.2.3.4.5/",
        "https://example.123/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1%25eth0]/",
        "https://[::1",
        "https://localhost/",
        "https://intranet/",
        "https://user@shop.example.com/",
        "https://user:word@shop.example.com/",
        "https://shop.example.com@127.0.0.1/",
        "https://shop.example.com\\@127.0.0.1/",
        "https://shop.example.com /",
        "https://shop.example.com\r\nHost: evil/",
        "https://shop.example.com:0/",
        "https://shop.example.com:/",
        "https://shop.example.com:99999/",
        "https://shop.example.com:80a/",
        "https://１２７.0.0.1/",
        "https://127。0。0。1/",
        "https://ſhop.example.com/",
        "https://%31%32%37.0.0.1/",
        "https://shop..example.com/",
        "https://-shop.example.com/",
        "https:///admin",
        "https:shop.example.com",
        "http://shop.example.com/",
        "ftp://shop.example.com/",
        "file:///etc/passwd",
        "gopher://shop.example.com/",
        "javascript:alert(1)",
        "//shop.example.com/",
        "shop.example.com",
        "",
    ],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(SourceError) as caught:
        target(url, NOBODY)
    assert caught.value.code == "address"
    assert "DAJIAN_ALLOW_PRIVATE_HOSTS" in caught.value.message.zh


def test_a_password_in_a_url_is_not_told() -> None:
    with pytest.raises(SourceError) as caught:
        target("https://user:s3cret@shop.example.com/", NOBODY)
    assert "s3cret" not in caught.value.message.en


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://Shop.Example.COM", "https://shop.example.com:443/"),
        ("https://shop.example.com:8443/a?b=c#d", "https://shop.example.com:8443/a?b=c"),
        ("https://xn--fiq228c.example/", "https://xn--fiq228c.example:443/"),
        ("https://8.8.8.8/", "https://8.8.8.8:443/"),
        ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]:443/"),
    ],
)
def test_urls_that_may_be_called(url: str, canonical: str) -> None:
    assert target(url, NOBODY).url == canonical


def test_allowed_hosts_by_port_and_by_plain_http() -> None:
    allowed = AllowedHosts.parse(" 127.0.0.1:9000 , localhost, [::1]:80,shop.lan ,")
    assert target("http://127.0.0.1:9000/x", allowed).allowed
    assert target("http://localhost:1234/", allowed).allowed
    assert target("https://LOCALHOST/", allowed).allowed
    assert target("http://[0:0::1]/", allowed).allowed
    assert target("http://shop.lan", allowed).port == 80
    for url in (
        "http://127.0.0.1:9001/",
        "http://127.0.0.1/",
        "http://[::1]:81/",
        "http://127.0.0.2:9000/",
        "http://a.shop.lan/",
    ):
        with pytest.raises(SourceError):
            target(url, allowed)


@pytest.mark.parametrize("text", ["http://x", "a:b", "a:0", "a:70000", "a b", "2130706433", "[::1", "u@h", "a,,b c"])
def test_a_list_of_hosts_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="DAJIAN_ALLOW_PRIVATE_HOSTS"):
        AllowedHosts.parse(text)
