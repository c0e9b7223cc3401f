"""People with accounts on a server in team mode."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
from asyncpg import Connection
from tests.support.fixtures import complete
from tests.support.plain import http_client
from tests.support.serving import Served

from bullpen.accounts.joining import make_owner_link
from bullpen.kit.database import connect

PASSWORD = "paper, rain and a stapler"
OWNER = "olive@example.org"


def new_owner_token(url: str) -> str:
    """The token of the link that a start would print."""

    async def make() -> str:
        connection: Connection = await connect(url, pooled=False)
        try:
            async with connection.transaction():
                return (await make_owner_link(connection)).token
        finally:
            await connection.close()

    return complete(make())


def set_up_owner(served: Served, url: str, **more: Any) -> httpx.Client:
    """A browser in which the owner `olive` has just signed in."""
    body = {"displayName": "Olive", "email": OWNER, "password": PASSWORD} | more
    return enter(served, "/api/setup", body | {"token": new_owner_token(url)})


def enter(served: Served, path: str, body: dict[str, str]) -> httpx.Client:
    """A browser that has the session which this request begins."""
    with served.client() as arriving:
        answer = arriving.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return served.client(cookies=arriving.cookies)


def token_in(link: str) -> str:
    return link.partition("#")[2]


def invite(admin: httpx.Client, email: str, role: str, channel_ids: Sequence[str] = ()) -> str:
    """The token of the invitation."""
    body = {"email": email, "role": role, "channelIds": list(channel_ids)}
    answer = admin.post("/api/invitations", json=body)
    assert answer.status_code == 201, answer.text
    return token_in(answer.json()["link"])


def join(
    admin: httpx.Client, served: Served, name: str, role: str, channel_ids: Sequence[str] = ()
) -> httpx.Client:
    """A browser in which somebody has just accepted an invitation, as NAME@example.org."""
    token = invite(admin, f"{name.lower()}@example.org", role, channel_ids)
    body = {"token": token, "displayName": name, "password": PASSWORD}
    return enter(served, "/api/invitations/accept", body)


def sign_in(
    browser: httpx.Client, email: str, password: str = PASSWORD, **more: str
) -> httpx.Response:
    return browser.post("/api/sign-in", json={"email": email, "password": password} | more)


def cookie_of(browser: httpx.Client) -> tuple[str, str]:
    [(name, value)] = browser.cookies.items()
    return name, value


@contextmanager
def with_cookie(served: Served, name: str, value: str) -> Iterator[httpx.Client]:
    """Another browser that has been given this cookie."""
    cookies = {name: value}
    with http_client(base_url=served.address, cookies=cookies) as browser:
        yield browser
