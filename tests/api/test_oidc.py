"""Signing in through a provider, in a browser's steps, on a server in team mode."""

import secrets
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from tests.support.accounts import join, set_up_owner
from tests.support.oidc_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    RunningProvider,
    running_provider,
)
from tests.support.serving import Served, serving

from bullpen.accounts.oidc_provider import Provider


@pytest.fixture(scope="module")
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def provider(free_port: int) -> Iterator[RunningProvider]:
    with running_provider(f"http://127.0.0.1:{free_port}/api/oidc/callback") as running:
        yield running


@pytest.fixture(scope="module")
def module_team(module_url: str, free_port: int, provider: RunningProvider) -> Iterator[Served]:
    known = Provider(
        provider.issuer, CLIENT_ID, CLIENT_SECRET, "Example", frozenset({"joins.example"})
    )
    with serving(module_url, port=free_port, team=True, oidc=known) as served:
        set_up_owner(served, module_url).close()
        yield served


@pytest.fixture
def team(module_team: Served, provider: RunningProvider) -> Served:
    provider.answer_wrongly("")
    return module_team


@pytest.fixture
def dana(team: Served, module_olive: httpx.Client, provider: RunningProvider) -> dict[str, Any]:
    """A member of the test's own, as the provider knows her: she has signed in there."""
    name = f"Dana{secrets.token_hex(6)}"
    join(module_olive, team, name, "member").close()
    email = f"{name}@example.org"
    claims = {"sub": name, "email": email, "email_verified": True, "name": "Dana F"}
    provider.sign_in_as(claims)
    return claims


def person_id(claims: dict[str, Any]) -> str:
    return str(claims["sub"]).lower()


def go_through(
    browser: httpx.Client, provider: RunningProvider, return_to: str = "/", **changes: str
) -> str:
    """Where the browser is in the end. `changes`: of what the provider sends it back with."""
    left = browser.get("/api/oidc/start", params={"returnTo": return_to})
    assert left.status_code == 303
    back = f"{browser.base_url}/api/oidc/callback".replace("//api", "/api")
    answer = provider.go_through(left.headers["location"], back)
    arrived = browser.get(f"/api/oidc/callback?{urlencode(answer | changes)}")
    assert arrived.status_code == 303
    return str(arrived.headers["location"])


def test_whoever_has_the_verified_address_is_signed_in(team, dana, provider):
    assert team.client().get("/api/setup").json()["oidc"] == {"name": "Example"}
    with team.client() as browser:
        assert go_through(browser, provider, "/c/random") == "/c/random"
        assert browser.get("/api/me").json()["id"] == person_id(dana)
        sessions = browser.get("/api/me/sessions").json()
        assert [session["isCurrent"] for session in sessions].count(True) == 1
    # Linked by now: another address at the provider changes nothing.
    provider.sign_in_as(dana | {"email": "olive@example.org"})
    with team.client() as browser:
        assert go_through(browser, provider) == "/"
        assert browser.get("/api/me").json()["id"] == person_id(dana)


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email": "stranger@example.org"}, {"email": None}]
)
def test_nobody_else_is_and_no_account_can_be_found_out(team, dana, provider, claims):
    provider.sign_in_as({k: v for k, v in (dana | claims).items() if v is not None})
    with team.client() as browser:
        assert go_through(browser, provider) == "/sign-in#error=oidc_no_account"
        assert browser.get("/api/me").status_code == 401


def test_an_inactive_person_is_not_signed_in(team, dana, provider, module_sql):
    module_sql("UPDATE people SET is_active = false WHERE id = $1", person_id(dana))
    with team.client() as browser:
        assert go_through(browser, provider) == "/sign-in#error=oidc_no_account"


def test_an_address_of_a_trusted_domain_joins(team, provider, module_sql):
    provider.sign_in_as(
        {"sub": "new", "email": "new@JOINS.example", "email_verified": True, "name": "Nova Newman"}
    )
    with team.client() as browser:
        assert go_through(browser, provider) == "/"
        me = browser.get("/api/me").json()
        assert (me["id"], me["role"], me["hasPassword"]) == ("nova-newman", "member", False)
    entries = module_sql("SELECT action FROM audit_log WHERE actor_id = 'nova-newman' ORDER BY id")
    assert [row[0] for row in entries] == ["account.linked", "person.signed_in"]


@pytest.mark.parametrize("wrong", ["issuer", "audience", "nonce", "key", "unsigned", "expired"])
def test_a_wrong_answer_signs_nobody_in(team, dana, provider, wrong):
    provider.answer_wrongly(wrong)
    with team.client() as browser:
        assert go_through(browser, provider) == "/sign-in#error=oidc_refused"
        assert browser.get("/api/me").status_code == 401


def test_an_answer_counts_only_in_the_browser_that_asked(team, dana, provider):
    with team.client() as browser:
        assert go_through(browser, provider, state="other") == "/sign-in#error=oidc_refused"
    with team.client() as asking, team.client() as other:
        left = asking.get("/api/oidc/start").headers["location"]
        back = f"{team.address}/api/oidc/callback"
        answer = provider.go_through(left, back)
        arrived = other.get(f"/api/oidc/callback?{urlencode(answer)}")
        assert arrived.headers["location"] == "/sign-in#error=oidc_refused"
        assert other.get("/api/me").status_code == 401


@pytest.mark.parametrize("place", ["//elsewhere.example", "/\\elsewhere.example", "https://e.x/"])
def test_nobody_is_led_to_another_site(team, dana, provider, place):
    with team.client() as browser:
        assert go_through(browser, provider, place) == "/"


def test_without_a_provider_there_is_nothing_to_start(url):
    with serving(url, team=True) as served, served.client() as browser:
        assert browser.get("/api/setup").json()["oidc"] is None
        assert browser.get("/api/oidc/start").status_code == 404
    with serving(url) as served, served.client() as browser:
        assert browser.get("/api/oidc/start").json()["code"] == "team_mode_only"
