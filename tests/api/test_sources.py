"""Whose request it is, behind proxies that are trusted and for everybody else."""

import ipaddress
from typing import Any

import pytest
from starlette.requests import Request

from bullpen.api.http.origins import read_origin
from bullpen.api.http.sources import (
    SCOPE_KEY,
    Source,
    client_address,
    client_network,
    find_source,
    is_secure,
)

PROXIES = tuple(map(ipaddress.ip_network, ("127.0.0.1", "::1", "10.0.0.0/8", "fd00::/8")))


def scope(peer: str | None, *headers: tuple[str, str]) -> dict[str, Any]:
    given = [("host", "inner:8000"), *headers]
    return {
        "type": "http",
        "scheme": "http",
        "client": None if peer is None else (peer, 50_000),
        "headers": [(name.encode(), value.encode()) for name, value in given],
    }


def source(peer: str | None, *headers: tuple[str, str]) -> Source:
    return find_source(scope(peer, *headers), PROXIES, None)


@pytest.mark.parametrize("peer", ["192.0.2.9", "2001:db8::9", "11.0.0.1", "127.0.0.2"])
def test_what_an_untrusted_peer_says_of_itself_is_ignored(peer: str):
    forged = [
        ("x-forwarded-for", "203.0.113.1"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "chat.example.org"),
        ("x-real-ip", "203.0.113.1"),
        ("forwarded", "for=203.0.113.1;proto=https;host=chat.example.org"),
    ]
    assert source(peer, *forged) == Source(peer, "http", "inner:8000", "http://inner:8000")


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (["203.0.113.1"], "203.0.113.1"),
        # What the client wrote stands to the left of what the proxies wrote.
        (["127.0.0.1, 198.51.100.7, 203.0.113.1"], "203.0.113.1"),
        (["198.51.100.7, 203.0.113.1, 10.2.3.4"], "203.0.113.1"),
        (["198.51.100.7", "203.0.113.1", "10.2.3.4,fd00::1"], "203.0.113.1"),
        # From inside the trusted network.
        (["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
        # As other proxies write addresses.
        (["203.0.113.1:4711"], "203.0.113.1"),
        (["[2001:db8::7]:4711"], "2001:db8::7"),
        (["[2001:db8::7]"], "2001:db8::7"),
        (["2001:DB8:0::7"], "2001:db8::7"),
        (["::ffff:203.0.113.1"], "203.0.113.1"),
        (["198.51.100.7, ::ffff:10.1.1.1"], "198.51.100.7"),
        # What no proxy writes ends the list at the proxy that was found.
        (["203.0.113.1, unknown"], "127.0.0.1"),
        (["203.0.113.1, unknown, 10.2.2.2"], "10.2.2.2"),
        (["203.0.113.1,"], "127.0.0.1"),
        (["' OR 1=1"], "127.0.0.1"),
        (["203.0.113.300"], "127.0.0.1"),
        ([""], "127.0.0.1"),
        ([], "127.0.0.1"),
    ],
)
def test_the_client_is_the_nearest_address_that_is_no_trusted_proxy(
    forwarded: list[str], address: str
):
    headers = [("x-forwarded-for", line) for line in forwarded]
    assert source("127.0.0.1", *headers).address == address


@pytest.mark.parametrize(
    ("forwarded", "schemes", "scheme"),
    [
        ("203.0.113.1", "https", "https"),
        ("203.0.113.1", "HTTPS", "https"),
        ("203.0.113.1", "http", "http"),
        ("203.0.113.1", "wss", "http"),
        ("203.0.113.1", None, "http"),
        # A client that writes the header itself, before a proxy that appends.
        ("203.0.113.1", "https, http", "http"),
        # Two proxies: both append, or the inner one passes on what the outer one wrote.
        ("203.0.113.1, 10.0.0.1", "https, http", "https"),
        ("203.0.113.1, 10.0.0.1", "https", "https"),
        ("198.51.100.7, 203.0.113.1, 10.0.0.1", "http, https, http", "https"),
    ],
)
def test_the_scheme_is_what_the_outermost_trusted_proxy_saw(
    forwarded: str, schemes: str | None, scheme: str
):
    headers = [("x-forwarded-for", forwarded)]
    if schemes is not None:
        headers.append(("x-forwarded-proto", schemes))
    assert source("127.0.0.1", *headers).scheme == scheme


def test_the_host_is_what_the_trusted_proxy_was_asked_for():
    asked = ("x-forwarded-host", "evil.example, chat.example.org")
    assert source("127.0.0.1", asked).host == "chat.example.org"
    assert source("127.0.0.1").host == "inner:8000"


@pytest.mark.parametrize(
    ("public", "forwarded", "scheme"),
    [
        ("https://chat.example.org", None, "https"),
        ("https://chat.example.org", "http", "https"),
        ("http://chat.example.org", None, "http"),
        ("http://chat.example.org", "https", "https"),
    ],
)
def test_a_public_url_with_https_makes_every_request_secure(
    public: str, forwarded: str | None, scheme: str
):
    headers = [] if forwarded is None else [("x-forwarded-proto", forwarded)]
    found = find_source(scope("127.0.0.1", *headers), PROXIES, read_origin(public))
    assert found.scheme == scheme


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("chat.example.org", "https://chat.example.org:8443"),
        ("chat.example.org:8443", "https://chat.example.org:8443"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("", ""),
        ("evil.example/x?", ""),
    ],
)
def test_a_link_leads_to_where_the_client_is(host: str, origin: str):
    asked = scope("192.0.2.9") | {"headers": [(b"host", host.encode())]}
    public = read_origin("https://chat.example.org:8443")
    assert find_source(asked, PROXIES, public).origin == origin


def test_without_trusted_proxies_the_connection_is_the_client():
    headers = [("x-forwarded-for", "203.0.113.1"), ("x-forwarded-proto", "https")]
    assert find_source(scope("127.0.0.1", *headers), (), None) == Source(
        "127.0.0.1", "http", "inner:8000", "http://inner:8000"
    )


@pytest.mark.parametrize("peer", [None, "", "unix:"])
def test_a_connection_without_an_address_is_nobody_trusted(peer: str | None):
    assert source(peer, ("x-forwarded-for", "203.0.113.1")).address == "0.0.0.0"


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.1", "203.0.113.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")],
)
def test_attempts_are_counted_by_what_one_client_has(address: str, network: str):
    asked = Request(scope("127.0.0.1") | {SCOPE_KEY: Source(address, "https", "x", "https://x")})
    assert (client_address(asked), client_network(asked)) == (address, network)
    assert is_secure(asked)
    assert not is_secure(Request(scope("127.0.0.1")))
