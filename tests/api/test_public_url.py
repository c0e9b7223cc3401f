"""Behind a reverse proxy that ends TLS: which hosts, origins and cookies are accepted."""

from collections.abc import Iterator

import httpx
import pytest
from tests.support.plain import http_client
from tests.support.serving import Served, serving

from bullpen.processes.foreground import host_names
from bullpen.settings import read

PUBLIC = "https://chat.example.org"
THROUGH = {"Host": "chat.example.org", "X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def behind(shared_url: str) -> Iterator[Served]:
    settings = read(public_url=PUBLIC, trusted_proxies="127.0.0.1", team=True)
    given = {"public_url": settings.public_url, "trusted_proxies": settings.trusted_networks}
    with serving(shared_url, hosts=host_names(settings), **given) as served:
        yield served


def put_session(served: Served, headers: dict[str, str]) -> httpx.Response:
    with http_client(base_url=served.address) as client:
        return client.put("/api/session", json={"userId": "jim"}, headers=headers)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://chat.example.org", 200),
        ("https://chat.example.org:443", 200),
        ("HTTPS://CHAT.example.org", 200),
        ("http://chat.example.org", 403),
        ("https://chat.example.org:8443", 403),
        ("https://chat.example.org.evil.example", 403),
        ("https://other.example.org", 403),
        ("http://127.0.0.1", 403),
        ("null", 403),
    ],
)
def test_changes_are_accepted_from_the_public_origin_alone(
    behind: Served, origin: str, status: int
):
    assert put_session(behind, THROUGH | {"Origin": origin}).status_code == status


def test_a_proxy_that_replaces_the_host_does_no_harm(behind: Served):
    inner = {"Host": "127.0.0.1:8000", "Origin": PUBLIC}
    assert put_session(behind, inner).status_code == 200
    assert put_session(behind, inner | {"Origin": "https://evil.example"}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "chat.example.org"}, 200),
        ({"Host": "chat.example.org:8443"}, 200),
        ({"Host": "localhost:8000"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "chat.example.org.evil.example"}, 403),
        ({"Host": "127.0.0.1", "X-Forwarded-Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1", "X-Forwarded-Host": "evil.example, chat.example.org"}, 200),
    ],
)
def test_only_known_host_names_are_answered(behind: Served, headers: dict[str, str], status: int):
    with http_client(base_url=behind.address, headers=headers) as client:
        assert client.get("/api/health").status_code == status


def test_a_cookie_is_for_this_host_and_tls_alone(behind: Served):
    cookie = put_session(behind, THROUGH).headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    attributes = set(rest.split("; ")[1:])
    assert name == "__Host-bullpen_session"
    assert attributes == {"HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=lax", "Secure"}
    value = rest.partition(";")[0]
    # By another name it may come from a page without TLS, or from another host of the domain.
    for sent, user_id in [("__Host-bullpen_session", "jim"), ("bullpen_session", "michael")]:
        headers = THROUGH | {"Cookie": f"{sent}={value}"}
        with http_client(base_url=behind.address, headers=headers) as client:
            assert client.get("/api/session").json()["userId"] == user_id


def test_browsers_are_told_to_stay_with_tls(behind: Served, shared_server: Served):
    for path in ("/", "/api/health", "/static/none"):
        for served, expected in ((behind, "max-age=31536000"), (shared_server, None)):
            with http_client(base_url=served.address) as client:
                assert client.get(path).headers.get("strict-transport-security") == expected


def test_without_a_public_url_a_trusted_proxy_says_whether_it_is_tls(shared_url: str):
    with serving(shared_url, trusted_proxies=["127.0.0.1"]) as served:
        secure = put_session(served, {"X-Forwarded-Proto": "https"}).headers["set-cookie"]
        assert "Secure" in secure
        assert "Secure" not in put_session(served, {}).headers["set-cookie"]
    with serving(shared_url) as served:
        forged = put_session(served, {"X-Forwarded-Proto": "https"}).headers["set-cookie"]
        assert "Secure" not in forged
