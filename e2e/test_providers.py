"""Signing in with a provider, by the buttons of the sign-in page."""

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import httpx
import pytest
from playwright.sync_api import expect
from tests.support import oauth_provider, oidc_provider
from tests.support.accounts import join, set_up_owner
from tests.support.ports import free_port
from tests.support.serving import Served, serving

from bullpen.accounts.oidc_provider import Provider
from e2e.axe import violations
from e2e.views import settle
from e2e.watch import Watch
from e2e.window import NARROW, Visit

DANA = {"sub": "dana", "email": "dana@example.org", "email_verified": True, "name": "Dana"}
NOT_VERIFIED = (
    "The sign-in provider’s answer could not be verified. Try again; if that does not help, tell an"
    " administrator."
)
NEW = [{"email": "new@joins.example", "primary": True, "verified": True}]


class Office(NamedTuple):
    served: Served
    owner: httpx.Client
    oidc: oidc_provider.RunningProvider
    oauth: oauth_provider.RunningProvider


@pytest.fixture(scope="module")
def office(module_url: str) -> Iterator[Office]:
    port = free_port()
    back = f"http://127.0.0.1:{port}/api/oidc/callback"
    with (
        oidc_provider.running_provider(back) as oidc,
        oauth_provider.running_provider() as oauth,
        serving(
            module_url,
            port=port,
            team=True,
            oidc=Provider(
                oidc.issuer, oidc_provider.CLIENT_ID, oidc_provider.CLIENT_SECRET, "Example ID"
            ),
            oauth=oauth.settings(join_domains=frozenset({"joins.example"})),
        ) as served,
        closing(set_up_owner(served, module_url)) as owner,
    ):
        join(owner, served, "Dana", "member").close()
        yield Office(served, owner, oidc, oauth)


@pytest.fixture(autouse=True)
def _as_usual(watch: Watch, office: Office) -> None:
    # Before somebody has signed in, the API refuses.
    watch.refusals = True
    office.oidc.sign_in_as(DANA)
    office.oidc.answer_wrongly("")
    office.oauth.reset()


def test_the_button_signs_in_and_leads_to_where_somebody_wanted_to_go(visit: Visit, office: Office):
    page = visit(office.served)
    page.goto("/c/random?x=1")
    page.wait_for_url("**/sign-in?next=*")
    page.get_by_role("link", name="Continue with Example ID").press("Enter")
    page.wait_for_url(f"{office.served.address}/c/random?x=1")
    settle(page)
    expect(page.locator(".sidebar__me")).to_contain_text("Dana")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("declined", "Sign-in was canceled."),
        ("issuer", NOT_VERIFIED),
    ],
)
def test_a_failed_sign_in_says_why_and_can_be_tried_again(
    visit: Visit, office: Office, wrong: str, said: str
):
    office.oidc.answer_wrongly(wrong)
    page = visit(office.served)
    page.goto("/sign-in")
    button = page.get_by_role("link", name="Continue with Example ID")
    button.click()
    page.wait_for_url(f"{office.served.address}/sign-in")
    expect(page.get_by_role("alert")).to_have_text(said)
    assert violations(page) == []
    office.oidc.answer_wrongly("")
    button.click()
    page.wait_for_url("**/c/general")


def test_whoever_has_a_taken_name_chooses_another_and_is_in(visit: Visit, office: Office):
    office.oauth.user = oauth_provider.USER | {"id": 5, "name": "Michael Scott"}
    office.oauth.emails = NEW
    page = visit(office.served, viewport=NARROW)
    page.goto("/sign-in?next=%2Fc%2Frandom")
    page.get_by_role("link", name="Continue with Git Home").click()
    page.wait_for_url("**/sign-in#*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a name")
    name = page.get_by_role("textbox", name="Name")
    expect(name).to_be_focused()
    expect(name).to_have_value("Michael Scott")
    page.keyboard.press("Enter")
    expect(page.get_by_text("A member or user group named 'Michael Scott'")).to_be_visible()
    assert violations(page) == []
    name.fill("Mike")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{office.served.address}/c/random")


def test_whoever_waits_too_long_signs_in_again(visit: Visit, office: Office):
    page = visit(office.served)
    page.goto("/sign-in#name=Michael")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This took too long")
    page.get_by_role("link", name="Go to sign-in").click()
    page.wait_for_url("**/sign-in")
