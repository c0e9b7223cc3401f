"""Behind Caddy and nginx with the configurations of docs/deploy: TLS, HTTP/2, live streams."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.accounts import OWNER, PASSWORD, new_owner_token, sign_in
from tests.support.fixtures import complete
from tests.support.ports import free_port
from tests.support.proxies import SECONDS, Proxy, proxy
from tests.support.serving import Served, serving

from bullpen.api.http.limits import Limits

pytestmark = pytest.mark.timeout(300)
STREAMS = 30


@dataclass(frozen=True)
class Behind:
    proxy: Proxy
    served: Served

    @contextmanager
    def client(self, user_id: str) -> Iterator[httpx.Client]:
        with self.proxy.client(headers={"Origin": self.proxy.url}) as client:
            answer = client.put("/api/session", json={"userId": user_id})
            assert answer.status_code == 200, answer.text
            yield client


@contextmanager
def behind_proxy(name: str, url: str, folder: Path, **more: Any) -> Iterator[Behind]:
    port = free_port()
    public = f"https://localhost:{port}"
    given = {"public_url": public, "trusted_proxies": ["127.0.0.1"], "hosts": ["localhost"]}
    with (
        serving(url, **given, **more) as served,
        proxy(name, folder, served.port, port) as made,
    ):
        yield Behind(made, served)


@pytest.fixture(params=["caddy", "nginx"])
def behind(request, url: str, tmp_path: Path) -> Iterator[Behind]:
    with behind_proxy(request.param, url, tmp_path) as made:
        yield made


def test_the_page_its_files_and_a_session_come_through(behind: Behind):
    with behind.client("jim") as jim:
        page = jim.get("/")
        assert (page.status_code, page.http_version) == (200, "HTTP/2")
        assert page.headers["strict-transport-security"] == "max-age=31536000"
        for path in re.findall(r'(?:href|src)="(/[^"]+)"', page.text):
            found = jim.get(path)
            assert (found.status_code, bool(found.content)) == (200, True), path
        assert jim.get("/api/session").json()["userId"] == "jim"
        newest = jim.get("/api/channels/general/messages?limit=2")
        assert newest.links["prev"]["url"].startswith(f"{behind.proxy.url}/api/channels/general/")
        assert len(jim.get(newest.links["prev"]["url"]).json()) == 2


def test_cookies_are_for_tls_and_this_host_alone(behind: Behind):
    with behind.proxy.client() as client:
        answer = client.get("/")
        assert answer.status_code == 200
        name, _, rest = answer.headers["set-cookie"].partition("=")
        attributes = {word.partition("=")[0].lower() for word in rest.split("; ")[1:]}
        assert name == f"__Host-bullpen_session_{behind.proxy.port}"
        assert attributes == {"httponly", "max-age", "path", "samesite", "secure"}


async def events(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
            continue
        if "data" in fields:
            yield json.loads(fields["data"]) | {"id": int(fields["id"])}
        fields = {}


async def first(stream: AsyncIterator[dict[str, Any]], kind: str) -> dict[str, Any]:
    async with asyncio.timeout(SECONDS):
        async for event in stream:
            if event["type"] == kind:
                return event
    raise AssertionError(f"it ended before {kind}")


def test_thirty_streams_of_one_connection_are_live(behind: Behind):
    with behind.client("jim") as jim:
        cookies = dict(jim.cookies)

    async def watch() -> tuple[list[str], set[object]]:
        transport = httpx.AsyncHTTPTransport(verify=behind.proxy.trust, http2=True)
        client = httpx.AsyncClient(
            base_url=behind.proxy.url, cookies=cookies, transport=transport, timeout=SECONDS
        )
        async with client, AsyncExitStack() as open_streams:
            # The first alone, so that the others find its connection.
            await client.get("/api/session")
            opened = [
                await open_streams.enter_async_context(client.stream("GET", "/api/sse"))
                for _ in range(STREAMS)
            ]
            streams = [events(response) for response in opened]
            await asyncio.gather(*(first(stream, "hello") for stream in streams))
            body = {"channelId": "general", "text": "Live through the proxy?"}
            posted = await client.post("/api/messages", json=body)
            assert posted.status_code == 201
            made = await asyncio.gather(*(first(stream, "message.created") for stream in streams))
            connections = {
                response.extensions["network_stream"].get_extra_info("client_addr")
                for response in opened
            }
            return [event["message"]["text"] for event in made], connections

    texts, connections = complete(watch())
    assert texts == ["Live through the proxy?"] * STREAMS
    assert len(connections) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"},
    ],
)
def test_a_change_from_elsewhere_is_refused(behind: Behind, headers: dict[str, str]):
    with behind.client("jim") as jim:
        body = {"channelId": "general", "text": "from elsewhere"}
        refused = jim.post("/api/messages", json=body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "cross_origin")
        assert jim.post("/api/messages", json=body).status_code == 201


def test_a_host_that_is_not_bullpens_gets_nothing_of_it(behind: Behind):
    with behind.client("jim") as jim:
        for sent in ({}, {"X-Forwarded-Host": "localhost"}):
            headers = sent | {"Host": "evil.example"}
            answers = [jim.get(path, headers=headers) for path in ("/", "/api/users")]
            # By Caddy, or by Bullpen behind nginx.
            refused = {"caddy": 421, "nginx": 403}[behind.proxy.name]
            assert [answer.status_code for answer in answers] == [refused, refused]


def test_metrics_are_not_for_the_network(behind: Behind):
    with behind.proxy.client() as client:
        assert client.get("/metrics").status_code == 404


def guess(client: httpx.Client, headers: dict[str, str] | None = None) -> int:
    return client.get("/api/users", headers=headers).status_code


@pytest.mark.parametrize("name", ["caddy", "nginx"])
def test_the_address_that_bullpen_sees_is_the_clients_and_cannot_be_forged(
    name: str, shared_url: str, tmp_path: Path
):
    """By what is refused: requests without a session are counted by address."""
    most = 4
    with (
        behind_proxy(
            name, shared_url, tmp_path, team=True, limits=Limits(anonymous=most)
        ) as behind,
        ExitStack() as clients,
    ):
        one, other, third = (
            clients.enter_context(behind.proxy.client(f"127.0.0.{number}")) for number in (2, 3, 4)
        )
        assert {guess(one) for _ in range(2 * most)} == {401, 429}
        # Whatever it says of itself, it is who it is.
        for header, value in [
            ("X-Forwarded-For", "203.0.113.1"),
            ("X-Forwarded-For", "127.0.0.1"),
            ("X-Forwarded-For", "203.0.113.1, 127.0.0.1, 127.0.0.1"),
            ("X-Real-IP", "203.0.113.1"),
            ("Forwarded", "for=203.0.113.1"),
            ("X-Forwarded-For", "127.0.0.3"),
        ]:
            assert guess(one, {header: value}) == 429, header
        # And nobody else is refused for it, neither by its name.
        assert guess(other) == 401
        blaming = {"X-Forwarded-For": "127.0.0.3"}
        assert {guess(third, blaming) for _ in range(2 * most)} == {401, 429}
        assert guess(other) == 401
        # Directly, from an address that is not the proxy's.
        transport = httpx.HTTPTransport(local_address="127.0.0.5")
        address = f"http://127.0.0.1:{behind.served.port}"
        direct = {"Host": "localhost"}
        with httpx.Client(base_url=address, transport=transport, headers=direct) as stranger:
            tried = [
                guess(stranger, {"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(2 * most)
            ]
            assert (tried[:most], tried[-1]) == ([401] * most, 429)
            assert guess(other) == 401


@pytest.mark.parametrize("name", ["caddy", "nginx"])
def test_people_sign_in_and_the_audit_log_has_their_address(
    name: str, url: str, run_sql, tmp_path: Path
):
    with (
        behind_proxy(name, url, tmp_path, team=True) as behind,
        behind.proxy.client("127.0.0.2", headers={"Origin": behind.proxy.url}) as browser,
    ):
        body = {"displayName": "Olive", "email": OWNER, "password": PASSWORD}
        forged = {"X-Forwarded-For": "203.0.113.1"}
        token = new_owner_token(url)
        made = browser.post("/api/setup", json=body | {"token": token}, headers=forged)
        assert made.status_code == 201, made.text
        assert {"Secure", "HttpOnly"} <= set(made.headers["set-cookie"].split("; "))
        assert sign_in(browser, OWNER).status_code == 200
        assert browser.get("/api/session").json()["userId"] == "olive"
        assert invite_link(browser).startswith(f"{behind.proxy.url}/invite#")
    logged = run_sql("SELECT DISTINCT address FROM audit_log WHERE action LIKE 'person%'")
    assert logged == [("127.0.0.2",)]


def invite_link(owner: httpx.Client) -> str:
    body = {"email": "mara@example.org", "role": "member"}
    return str(owner.post("/api/invitations", json=body).json()["link"])
