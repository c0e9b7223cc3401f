"""Signing in through GitHub, or a provider like it, in a browser's steps."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from urllib.parse import urlencode

import httpx
import pytest
from tests.support.accounts import join, set_up_owner
from tests.support.oauth_provider import DANA, USER, RunningProvider, running_provider
from tests.support.serving import Served, serving


@pytest.fixture(scope="module")
def provider() -> Iterator[RunningProvider]:
    with running_provider() as running:
        yield running


def serving_with(provider: RunningProvider, url: str) -> AbstractContextManager[Served]:
    known = provider.settings(join_domains=frozenset({"joins.example"}))
    return serving(url, team=True, oauth=known)


@pytest.fixture
def team(url: str, provider: RunningProvider) -> Iterator[Served]:
    provider.reset()
    with serving_with(provider, url) as served:
        yield served


@pytest.fixture
def olive(team: Served, url: str) -> Iterator[httpx.Client]:
    with set_up_owner(team, url) as browser:
        yield browser


@pytest.fixture(scope="module")
def module_team(module_url: str, provider: RunningProvider) -> Iterator[Served]:
    """Where Olive and Dana are members."""
    with (
        serving_with(provider, module_url) as served,
        set_up_owner(served, module_url) as olive,
    ):
        join(olive, served, "Dana", "member").close()
        yield served


@pytest.fixture
def refusing_team(module_team: Served, provider: RunningProvider) -> Served:
    """For tests in which nobody is signed in and nobody joins."""
    provider.reset()
    return module_team


def go_through(browser: httpx.Client, provider: RunningProvider, return_to: str = "/") -> str:
    """Where the browser is in the end."""
    left = browser.get("/api/oauth/start", params={"returnTo": return_to})
    assert left.status_code == 303
    answer = provider.go_through(left.headers["location"])
    arrived = browser.get(f"/api/oauth/callback?{urlencode(answer)}")
    assert arrived.status_code == 303
    return str(arrived.headers["location"])


def come_as_new(provider: RunningProvider, name: str) -> None:
    provider.user = USER | {"id": 12, "name": name}
    provider.emails = [{"email": "new@joins.example", "primary": True, "verified": True}]


def test_whoever_has_the_verified_address_is_signed_in_and_stays_linked(
    team, olive, provider, run_sql
):
    join(olive, team, "Dana", "member").close()
    assert team.client().get("/api/setup").json()["oauth"] == {"name": "Git Home"}
    with team.client() as browser:
        assert go_through(browser, provider, "/c/random") == "/c/random"
        assert browser.get("/api/me").json()["id"] == "dana"
    linked = run_sql("SELECT issuer, subject, person_id FROM oidc_identities")
    assert linked == [(provider.address, "4711", "dana")]
    provider.emails = [{**DANA[1], "email": "olive@example.org"}]
    with team.client() as browser:
        assert go_through(browser, provider) == "/"
        assert browser.get("/api/me").json()["id"] == "dana"


@pytest.mark.parametrize(
    "emails", [[], [{**DANA[1], "verified": False}], [{**DANA[1], "email": "no@example.org"}]]
)
def test_nobody_else_is_signed_in(refusing_team, provider, emails):
    provider.emails = emails
    provider.user = USER | {"email": "dana@example.org"}
    with refusing_team.client() as browser:
        assert go_through(browser, provider) == "/sign-in#error=oidc_no_account"
        assert browser.get("/api/me").status_code == 401


@pytest.mark.parametrize(
    ("wrong", "code"), [("declined", "oidc_declined"), ("token", "oidc_refused")]
)
def test_a_wrong_answer_signs_nobody_in(refusing_team, provider, wrong, code):
    provider.wrong = wrong
    with refusing_team.client() as browser:
        assert go_through(browser, provider) == f"/sign-in#error={code}"
        assert browser.get("/api/me").status_code == 401


def test_whoever_joins_with_a_taken_name_chooses_another(team, olive, provider, run_sql):
    come_as_new(provider, "Michael Scott")
    with team.client() as browser:
        arrived = go_through(browser, provider, "/c/random")
        assert arrived == "/sign-in#name=Michael%20Scott&next=%2Fc%2Frandom"
        assert browser.get("/api/me").status_code == 401
        kept = {"Cookie": f"bullpen_joining={browser.cookies['bullpen_joining']}"}
        taken = browser.post("/api/sign-in/join", json={"displayName": "Olive"})
        assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
        joined = browser.post("/api/sign-in/join", json={"displayName": "Mike Scott"})
        assert joined.status_code == 201
        assert (joined.json()["displayName"], joined.json()["role"]) == ("Mike Scott", "member")
        assert browser.get("/api/me").json()["email"] == "new@joins.example"
        assert "bullpen_joining" not in browser.cookies
    with team.client() as browser:
        again = browser.post("/api/sign-in/join", json={"displayName": "Mike Two"}, headers=kept)
        assert (again.status_code, again.json()["code"]) == (403, "oidc_refused")
    assert run_sql("SELECT person_id FROM oidc_identities") == [("mike-scott",)]
    with team.client() as browser:
        assert go_through(browser, provider) == "/"


@pytest.mark.parametrize("name", ["", "everyone", "x" * 200, "\u200b"])
def test_a_name_that_nobody_can_have_is_replaced(team, olive, provider, name):
    come_as_new(provider, name)
    provider.user["login"] = None
    with team.client() as browser:
        assert go_through(browser, provider) == "/"
        assert browser.get("/api/me").json()["displayName"] == "new"


def test_only_the_browser_that_signed_in_can_choose_a_name(refusing_team, provider):
    come_as_new(provider, "Michael Scott")
    with refusing_team.client() as browser, refusing_team.client() as other:
        go_through(browser, provider)
        for cookie in (None, "made-up", "e30.x.y"):
            headers = {} if cookie is None else {"Cookie": f"bullpen_joining={cookie}"}
            refused = other.post(
                "/api/sign-in/join", json={"displayName": "Mallory"}, headers=headers
            )
            assert (refused.status_code, refused.json()["code"]) == (403, "oidc_refused")


def test_a_domain_that_is_not_trusted_any_more_does_not_join(url, provider):
    provider.reset()
    come_as_new(provider, "Michael Scott")
    known = provider.settings(join_domains=frozenset({"joins.example"}))
    with serving(url, team=True, oauth=known) as served, served.client() as browser:
        go_through(browser, provider)
        kept = browser.cookies["bullpen_joining"]
    with serving(url, team=True, oauth=provider.settings()) as served, served.client() as browser:
        refused = browser.post(
            "/api/sign-in/join",
            json={"displayName": "Mike"},
            headers={"Cookie": f"bullpen_joining={kept}"},
        )
        assert (refused.status_code, refused.json()["code"]) == (403, "oidc_no_account")


def test_without_a_provider_there_is_nothing_to_start(url):
    with serving(url, team=True) as served, served.client() as browser:
        assert "oauth" not in browser.get("/api/setup").json()
        assert browser.get("/api/oauth/start").status_code == 404
