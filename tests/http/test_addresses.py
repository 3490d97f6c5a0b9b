"""Where a request may go."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from offorte_portal.http import BadUrl, ForbiddenAddress, HttpError, NotConfidential, Unreachable, check_url
from offorte_portal.http.addresses import is_public, numeric_addresses, parse_networks, resolve


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "127.255.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "192.88.99.1",
        "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "::7f00:1", "100::1",
    ],
)  # fmt: skip
def test_what_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "2a00::1"]
)
def test_what_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    "host",
    [
        "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "0x7f000001", "localhost", "localhost.", "LOCALHOST",
        "api.localhost", "[::ffff:127.0.0.1]", "[::1]", "[::ffff:7f00:1]", "127.0.0.1", "[0:0:0:0:0:ffff:7f00:1]",
    ],
)  # fmt: skip
def test_no_way_to_write_this_machine_gets_by(host: str) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(ForbiddenAddress):
            check_url(f"{scheme}://{host}:8443/x")
        assert check_url(f"{scheme}://{host}:8443/x", parse_networks(["127.0.0.0/8", "::1"])).port == 8443


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1%25eth0]", "10.1.2.3", "[fd00::1]", "0", "[::]"])
def test_neither_does_a_private_network(host: str) -> None:
    with pytest.raises(ForbiddenAddress):
        check_url(f"https://{host}/")


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://api.example.com", NotConfidential),
        ("http://8.8.8.8", NotConfidential),
        ("ftp://api.example.com", BadUrl),
        ("file:///etc/passwd", BadUrl),
        ("https://user:pw@api.example.com", BadUrl),
        ("https://@api.example.com", BadUrl),
        ("https://:pw@api.example.com", BadUrl),
        ("api.example.com", BadUrl),
        ("https://", BadUrl),
        ("https://[", BadUrl),
        ("https://api.example.com:0/", BadUrl),
        ("https://api.example.com:99999/", BadUrl),
    ],
)
def test_what_no_request_is_made_to(url: str, error: type[HttpError]) -> None:
    with pytest.raises(error) as caught:
        check_url(url)
    assert type(caught.value) is error
    assert "example" not in str(caught.value)


def test_a_name_is_not_looked_up_by_a_form() -> None:
    assert check_url("https://nowhere.invalid/x").hostname == "nowhere.invalid"
    assert numeric_addresses("nowhere.invalid") == []


def answer(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def getaddrinfo(host: str, port: int, **options: Any) -> list[Any]:
        families = [socket.AF_INET6 if ":" in one else socket.AF_INET for one in addresses]
        return [
            (family, socket.SOCK_STREAM, 6, "", (one, port)) for family, one in zip(families, addresses, strict=True)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("bad", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:10.0.0.1", "fe80::1%eth0", "169.254.169.254"])
def test_every_address_of_a_name_has_to_be_allowed(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    answer(monkeypatch, "8.8.8.8", bad)
    with pytest.raises(ForbiddenAddress):
        resolve("rebind.example", 443, (), is_plain=False)
    answer(monkeypatch, "8.8.8.8", "2a00::1")
    assert list(map(str, resolve("fine.example", 443, (), is_plain=False))) == ["8.8.8.8", "2a00::1"]


def test_plain_http_goes_nowhere_but_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    networks = parse_networks(["10.0.0.0/8", "127.0.0.1"])
    answer(monkeypatch, "10.0.0.1")
    with pytest.raises(NotConfidential):
        resolve("localhost", 80, networks, is_plain=True)
    assert resolve("inside.example", 443, networks, is_plain=False)


def test_a_name_without_an_address() -> None:
    with pytest.raises(Unreachable):
        resolve("nowhere.invalid", 443, (), is_plain=False)
    with pytest.raises(Unreachable):
        resolve("x" * 300, 443, (), is_plain=False)


def test_networks_are_read_or_named() -> None:
    assert [str(one) for one in parse_networks(["10.1.2.3/16", " ::1 ", ""])] == ["10.1.0.0/16", "::1/128"]
    with pytest.raises(ValueError, match="300"):
        parse_networks(["300.1.1.1/8"])
