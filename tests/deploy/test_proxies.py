"""Behind Caddy and nginx with the configurations of docs/deploy: TLS, HTTP/2, live streams."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.accounts import OWNER, sign_in
from tests.support.fixtures import TEMPLATE, complete, database_of
from tests.support.proxies import (
    SECONDS,
    Proxy,
    proxy,
    serving_behind,
    set_up_owner,
    signed_in,
)

from bullpen.api.http.limits import Limits

pytestmark = pytest.mark.timeout(300)
STREAMS = 30
FORGED = [
    {"X-Forwarded-For": "203.0.113.1"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-For": "203.0.113.1, 127.0.0.1, 127.0.0.1"},
    {"X-Forwarded-For": "127.0.0.3"},
    {"X-Real-IP": "203.0.113.1"},
    {"Forwarded": "for=203.0.113.1"},
]


@pytest.fixture(params=["caddy", "nginx"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Proxy]:
    with proxy(request.param, tmp_path) as started:
        yield started


@pytest.fixture(scope="module", params=["caddy", "nginx"])
def behind(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    """With a server in team mode, which has an owner: for tests that assert about nothing that
    another of them changes."""
    with (
        database_of(TEMPLATE) as url,
        proxy(request.param, tmp_path_factory.mktemp("behind")) as started,
        serving_behind(started, url),
    ):
        set_up_owner(started, url)
        yield started


@pytest.fixture
def behind_alone(made: Proxy, url: str) -> Iterator[Proxy]:
    """Likewise, for one test."""
    with serving_behind(made, url):
        set_up_owner(made, url)
        yield made


def test_the_page_its_files_and_a_session_come_through(behind: Proxy):
    with signed_in(behind) as olive:
        page = olive.get("/")
        assert (page.status_code, page.http_version) == (200, "HTTP/2")
        assert page.headers["strict-transport-security"] == "max-age=31536000"
        for path in re.findall(r'(?:href|src)="(/[^"]+)"', page.text):
            found = olive.get(path)
            assert (found.status_code, bool(found.content)) == (200, True), path
        assert olive.get("/api/me").json()["id"] == "olive"
        newest = olive.get("/api/channels/general/messages?limit=2")
        assert newest.links["prev"]["url"].startswith(f"{behind.url}/api/channels/general/")
        assert len(olive.get(newest.links["prev"]["url"]).json()) == 2


def test_cookies_are_for_tls_and_this_host_alone(behind: Proxy):
    with behind.client(headers={"Origin": behind.url}) as browser:
        answer = sign_in(browser, OWNER)
        name, _, rest = answer.headers["set-cookie"].partition("=")
        attributes = {word.partition("=")[0].lower() for word in rest.split("; ")[1:]}
        assert name == f"__Host-bullpen_session_{behind.port}"
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


def test_thirty_streams_of_one_connection_are_live(behind: Proxy):
    with signed_in(behind) as olive:
        cookies = dict(olive.cookies)

    async def watch() -> tuple[list[str], set[object]]:
        transport = httpx.AsyncHTTPTransport(verify=behind.trust, http2=True)
        client = httpx.AsyncClient(
            base_url=behind.url, cookies=cookies, transport=transport, timeout=SECONDS
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
def test_a_change_from_elsewhere_is_refused(behind: Proxy, headers: dict[str, str]):
    with signed_in(behind) as olive:
        body = {"channelId": "general", "text": "from elsewhere"}
        refused = olive.post("/api/messages", json=body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "cross_origin")
        assert olive.post("/api/messages", json=body).status_code == 201


def test_a_host_that_is_not_bullpens_gets_nothing_of_it(behind: Proxy):
    with signed_in(behind) as olive:
        for sent in ({}, {"X-Forwarded-Host": "localhost"}):
            headers = sent | {"Host": "evil.example"}
            answers = [olive.get(path, headers=headers) for path in ("/", "/api/users")]
            # By Caddy, or by Bullpen behind nginx.
            refused = {"caddy": 421, "nginx": 403}[behind.name]
            assert [answer.status_code for answer in answers] == [refused, refused]


def test_metrics_are_not_for_the_network(behind: Proxy):
    with behind.client() as client:
        assert client.get("/metrics").status_code == 404


def guess(client: httpx.Client, headers: dict[str, str] | None = None) -> int:
    return client.get("/api/users", headers=headers).status_code


def test_the_address_that_bullpen_sees_is_the_clients_and_cannot_be_forged(
    made: Proxy, shared_url: str
):
    """By what is refused: requests without a session are counted by address."""
    most = 4
    with serving_behind(made, shared_url, limits=Limits(anonymous=most)), ExitStack() as clients:
        one, other, third = (
            clients.enter_context(made.client(f"127.0.0.{number}")) for number in (2, 3, 4)
        )
        assert {guess(one) for _ in range(2 * most)} == {401, 429}
        for forged in FORGED:
            assert guess(one, forged) == 429, forged
        # Nobody else is refused for it, and nobody can make them.
        assert guess(other) == 401
        blaming = {"X-Forwarded-For": "127.0.0.3"}
        assert {guess(third, blaming) for _ in range(2 * most)} == {401, 429}
        assert guess(other) == 401
        # Directly, from an address that is not the proxy's.
        with direct(made, "127.0.0.5") as stranger:
            tried = [
                guess(stranger, {"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(2 * most)
            ]
        assert (tried[:most], tried[-1]) == ([401] * most, 429)
        assert guess(other) == 401


def direct(made: Proxy, address: str, **options: Any) -> httpx.Client:
    """Past the proxy, from an address of this machine that is not trusted."""
    transport = httpx.HTTPTransport(local_address=address)
    headers = {"Host": f"localhost:{made.port}", "Origin": made.url}
    upstream = f"http://127.0.0.1:{made.upstream}"
    return httpx.Client(base_url=upstream, transport=transport, headers=headers, **options)


def test_the_audit_log_has_the_real_address(behind_alone: Proxy, run_sql):
    def archive_and_restore(client: httpx.Client, forged: dict[str, str]) -> None:
        for change in ("archive", "restore"):
            answer = client.post(f"/api/channels/sales/{change}", headers=forged)
            assert answer.status_code == 200, answer.text

    def addresses() -> list[str]:
        rows = run_sql("SELECT address FROM audit_log WHERE target_id = 'sales' ORDER BY id")
        return [address for (address,) in rows]

    expected: list[str] = []
    with signed_in(behind_alone, "127.0.0.2") as olive:
        [(name, value)] = olive.cookies.items()
        for forged in ({}, *FORGED):
            archive_and_restore(olive, forged)
            expected += ["127.0.0.2"] * 2
    assert addresses() == expected
    with direct(behind_alone, "127.0.0.5") as stranger:
        for forged in FORGED:
            archive_and_restore(stranger, forged | {"Cookie": f"{name}={value}"})
            expected += ["127.0.0.5"] * 2
    assert addresses() == expected


def test_the_audit_log_has_the_real_address_of_sign_ins(behind_alone: Proxy, run_sql):
    expected = [("person.signed_in", "127.0.0.1")]
    with behind_alone.client("127.0.0.2", headers={"Origin": behind_alone.url}) as browser:
        for forged in FORGED:
            browser.headers.update(forged)
            assert sign_in(browser, OWNER, "not the password").status_code == 401
            assert sign_in(browser, OWNER).status_code == 200
            expected += [("person.sign_in_failed", "127.0.0.2"), ("person.signed_in", "127.0.0.2")]
            for name in forged:
                del browser.headers[name]
        sessions = browser.get("/api/me/sessions").json()
    sql = "SELECT action, address FROM audit_log WHERE action LIKE 'person.sign%' ORDER BY id"
    assert [tuple(row) for row in run_sql(sql)] == expected
    assert {session["address"] for session in sessions} == {"127.0.0.1", "127.0.0.2"}


def test_a_stream_ends_with_the_server_and_resumes_with_the_next(made: Proxy, url: str):
    with serving_behind(made, url):
        set_up_owner(made, url)
        with signed_in(made) as olive:
            cookies = dict(olive.cookies)
    body = {"channelId": "general", "text": "While you were away"}

    async def watch() -> str:
        transport = httpx.AsyncHTTPTransport(verify=made.trust, http2=True)
        client = httpx.AsyncClient(
            base_url=made.url, cookies=cookies, transport=transport, timeout=SECONDS
        )
        async with client, AsyncExitStack() as streams:
            with serving_behind(made, url):
                open_stream = client.stream("GET", "/api/sse")
                stream = events(await streams.enter_async_context(open_stream))
                hello = await first(stream, "hello")
            assert [event async for event in stream] == []
            with serving_behind(made, url):
                assert (await client.post("/api/messages", json=body)).status_code == 201
                since = {"Last-Event-ID": str(hello["id"])}
                async with client.stream("GET", "/api/sse", headers=since) as resumed:
                    missed = await first(events(resumed), "message.created")
        return missed["message"]["text"]

    assert complete(watch()) == body["text"]
