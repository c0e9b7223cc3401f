"""The links of a workspace in team mode: set-up, invitation, password reset, new address."""

import pytest
from playwright.sync_api import Page, expect
from tests.support.accounts import PASSWORD, token_in

from e2e.team import TeamWorkspace, email_of, new_name, sign_in_by_form
from e2e.views import settle
from e2e.watch import Watch
from e2e.window import Visit


@pytest.fixture(autouse=True)
def _refused(watch: Watch):
    watch.refusals = True


def test_an_invitation_outlives_a_reload_and_refusals_and_makes_an_account(
    visit: Visit, team: TeamWorkspace
):
    name = new_name("Pia")
    token = team.invitation(email_of(name))
    page = visit(team.served)
    page.goto(f"/invite#{token}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Join Dunder Mifflin")
    expect(page.get_by_text("Olive invited you as")).to_contain_text(email_of(name))
    assert page.evaluate("location.href") == f"{team.served.address}/invite"
    email = page.get_by_label("E-mail")
    expect(email).to_have_value(email_of(name))
    expect(email).to_have_attribute("autocomplete", "username")
    expect(page.get_by_label("Password", exact=True)).to_have_attribute(
        "autocomplete", "new-password"
    )
    # It survives a reload until it is used.
    page.reload()
    expect(page.get_by_label("Name")).to_be_visible()
    assert "#" not in page.evaluate("location.href")
    be_refused_at_the_fields(page, name)
    fill_account(page, name, PASSWORD)
    page.wait_for_url("**/c/general")
    settle(page)
    expect(page.locator(".sidebar__me")).to_contain_text(name)

    # The link has been used, and is not in the history.
    page.goto(f"/invite#{token}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This invitation has ended")
    expect(page.get_by_role("link", name="Go to sign-in")).to_be_visible()


def be_refused_at_the_fields(page: Page, name: str) -> None:
    password = page.get_by_label("Password", exact=True)
    fill_account(page, "Michael Scott", "too short")
    expect(page.get_by_text("Use at least 12 characters (this has 9).")).to_be_visible()
    expect(password).to_be_focused()
    fill_account(page, "Michael Scott", PASSWORD)
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Name")).to_be_focused()
    expect(password).to_have_value(PASSWORD)
    fill_account(page, name, email_of(name))
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Name")).to_have_value(name)


def test_one_of_two_who_accept_is_told_that_the_link_is_used(visit: Visit, team: TeamWorkspace):
    name = new_name("Saul")
    token = team.invitation(email_of(name))
    first, second = visit(team.served), visit(team.served)
    for page in (first, second):
        page.goto(f"/invite#{token}")
        expect(page.get_by_label("Name")).to_be_visible()
    fill_account(first, name, PASSWORD)
    first.wait_for_url("**/c/general")
    fill_account(second, new_name("Saul"), PASSWORD)
    expect(second.get_by_role("heading", level=1)).to_have_text("This invitation has ended")


def test_the_set_up_link_makes_an_owner(visit: Visit, team: TeamWorkspace):
    name = new_name("Tara")
    page = visit(team.served)
    page.goto(f"/setup#{team.owner_token()}")
    expect(page.get_by_text("You will be the owner")).to_be_visible()
    page.get_by_label("E-mail").fill(email_of(name))
    fill_account(page, name, PASSWORD, "Create account")
    page.wait_for_url("**/c/general")
    assert page.evaluate("fetch('/api/me').then((answer) => answer.json())")["role"] == "owner"


def test_a_reset_link_sets_a_new_password(visit: Visit, team: TeamWorkspace):
    name = new_name("Ugo")
    client = team.person(name)
    person_id = client.get("/api/me").json()["id"]
    link = team.owner.post(f"/api/people/{person_id}/reset-link").json()["link"]
    page = visit(team.served)
    page.goto(f"/reset#{token_in(link)}")
    expect(page.get_by_text(email_of(name))).to_be_visible()
    assert "#" not in page.evaluate("location.href")
    page.get_by_role("textbox", name="New password").fill("a password that is new")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in?reason=reset")
    expect(page.get_by_role("status")).to_contain_text("Your password is changed.")
    assert client.get("/api/me").status_code == 401
    sign_in_by_form(page, name, "a password that is new")
    page.wait_for_url("**/c/general")
    page.goto(f"/reset#{token_in(link)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This reset link has ended")


def test_asking_for_a_reset_tells_nobody_who_has_an_account_and_links_say_where_they_come_from(
    visit: Visit, team: TeamWorkspace
):
    page = visit(team.served)
    said = []
    for email in ("olive@example.org", "nobody@example.org"):
        page.goto("/forgot-password")
        page.get_by_label("E-mail").fill(email)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")
        said.append(page.locator("main").inner_text().replace(email, "EMAIL"))
    assert said[0] == said[1]
    for path, words in (
        ("/setup", "bullpen owner-link"),
        ("/invite", "Open the invitation link"),
        ("/reset", "Open the link from the e-mail"),
    ):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text("This page needs a link")
        expect(page.locator(".entry__intro")).to_contain_text(words)


def fill_account(page: Page, name: str, password: str, action: str = "Join") -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name=action).click()
