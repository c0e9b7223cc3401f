"""API tokens for tests: made over HTTP, as people make them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from tests.support.plain import http_client
from tests.support.serving import Served

ALL_OF_PERSON = ["read", "write", "admin"]


def join(served: Served, name: str = "Dana Flour") -> httpx.Client:
    """A client of a person who has joined the demo workspace; close it."""
    client = served.client()
    answer = client.post("/api/people", json={"displayName": name})
    assert answer.status_code == 201, answer.text
    return client


def make_token(client: httpx.Client, path: str = "/api/tokens", **given: Any) -> dict[str, Any]:
    body = {"name": "script", "scopes": ALL_OF_PERSON} | given
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@contextmanager
def with_token(served: Served, token: str) -> Iterator[httpx.Client]:
    """A client that sends the token, and no cookie."""
    headers = {"Authorization": f"Bearer {token}"}
    with http_client(base_url=served.address, headers=headers) as client:
        yield client
