"""Signing in: small pages of their own that lead to where somebody wanted to go."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.support.accounts import PASSWORD, sign_in

from e2e.axe import assert_accessible_and_no_wider, violations
from e2e.keyboard import focus, press
from e2e.team import Enter, TeamWorkspace, email_of, new_name, sign_in_by_form
from e2e.views import settle
from e2e.watch import Watch
from e2e.window import Visit


@pytest.fixture(autouse=True)
def _refused(watch: Watch):
    """Before somebody has signed in, the API refuses."""
    watch.refusals = True


def test_whoever_has_no_session_signs_in_by_keyboard_alone_and_comes_back(
    visit: Visit, team: TeamWorkspace
):
    name = new_name("Nina")
    team.person(name)
    page = visit(team.served)
    page.goto("/c/random?x=1")
    page.wait_for_url("**/sign-in?next=*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.locator(".entry__name")).to_have_text("Dunder Mifflin")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(email_of(name))
    press(page, "Tab")
    expect(focus(page)).to_have_text("Forgot password?")
    press(page, "Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Tab")
    expect(focus(page)).to_have_accessible_name("Show password")
    press(page, "Tab", "Enter")
    page.wait_for_url("**/c/random?x=1")
    settle(page)
    expect(page.locator(".sidebar__me")).to_contain_text(name)


def test_an_address_elsewhere_is_not_gone_to(visit: Visit, team: TeamWorkspace):
    name = new_name("Otto")
    team.person(name)
    page = visit(team.served)
    # The chat itself takes longer to load than all before it.
    page.route("**/c/general", lambda route: route.fulfill(body="The chat"))
    for wanted in (
        "https://example.com/",
        "//example.com/",
        "/\\example.com",
        "javascript:alert(1)",
        "/sign-in",
    ):
        page.goto(f"/sign-in?next={quote(wanted, safe='')}")
        sign_in_by_form(page, name)
        expect(page, wanted).to_have_url(f"{team.served.address}/c/general")
        page.goto("about:blank")
        page.context.clear_cookies()


def test_the_page_is_small_says_what_is_missing_or_wrong_and_keeps_what_was_typed(
    visit: Visit, team: TeamWorkspace, watch: Watch
):
    name = new_name("Uma")
    team.person(name)
    page = visit(team.served)
    page.goto("/sign-in")
    email, password = page.get_by_label("E-mail"), page.get_by_label("Password", exact=True)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(email).to_be_focused()
    assert [one for one in watch.requests if "/api/" in one] == ["GET /api/setup"]
    chunks = sorted(one.rpartition("/")[2] for one in watch.requests if "/chunks/" in one)
    assert chunks == ["entry.js"]
    sizes = [int(answer.headers.get("content-length", 0)) for answer in watch.answers]
    fonts = sum(
        int(answer.headers.get("content-length", 0))
        for answer in watch.answers
        if answer.url.endswith(".woff2")
    )
    assert sum(sizes) - fonts < 45_000

    # Password managers know the fields.
    expect(email).to_have_attribute("autocomplete", "username")
    expect(email).to_have_attribute("type", "email")
    expect(password).to_have_attribute("autocomplete", "current-password")
    expect(password).to_have_attribute("type", "password")
    password.fill("secret words")
    page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    expect(password).to_have_value("secret words")
    page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "password")
    password.fill("")

    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Enter your e-mail address.")).to_be_visible()
    expect(page.get_by_text("Enter your password.")).to_be_visible()
    expect(email).to_be_focused()
    assert "POST /api/sign-in" not in watch.requests

    # An unknown address is answered like a wrong password.
    alert = page.get_by_role("alert")
    for tried, words in ((new_name("nobody"), PASSWORD), (name, "not the password")):
        with page.expect_response("**/api/sign-in"):
            sign_in_by_form(page, tried, words)
        expect(alert).to_have_text("The e-mail address or password is wrong.")
        expect(email).to_have_value(email_of(tried))
        expect(password).to_have_value(words)
    assert violations(page) == []
    password.fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/general")


def test_too_many_attempts_say_when_to_try_again(visit: Visit, team: TeamWorkspace):
    name = new_name("Vera")
    client = team.person(name)
    for _ in range(10):
        sign_in(client, email_of(name), "wrong password")
    page = visit(team.served)
    page.goto("/sign-in")
    sign_in_by_form(page, name)
    expect(page.get_by_role("alert")).to_contain_text("Too many attempts. Try again in 15 minutes.")
    expect(page.get_by_label("E-mail")).to_have_value(email_of(name))


def test_a_browser_without_cookies_is_told_so(visit: Visit, team: TeamWorkspace):
    name = new_name("Walt")
    team.person(name)
    page = visit(team.served)

    def without_cookie(route):
        answer = route.fetch()
        headers = {key: value for key, value in answer.headers.items() if key != "set-cookie"}
        # The API's own request context keeps what the browser would have dropped.
        page.context.clear_cookies()
        route.fulfill(response=answer, headers=headers)

    page.route("**/api/sign-in", without_cookie)
    page.goto("/sign-in?next=/c/sales")
    sign_in_by_form(page, name)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your browser blocks cookies")
    expect(page.get_by_role("link", name="Continue")).to_have_attribute("href", "/c/sales")
    assert violations(page) == []


def test_why_a_provider_did_not_let_somebody_in_is_said(visit: Visit, team: TeamWorkspace):
    page = visit(team.served)
    for code, words in (
        ("oidc_no_account", "There is no account here for your e-mail address."),
        ("oidc_declined", "Sign-in was canceled."),
        ("oidc_refused", "The sign-in provider’s answer could not be verified."),
    ):
        page.goto("about:blank")
        page.goto(f"/sign-in#error={code}")
        expect(page.get_by_role("alert"), code).to_contain_text(words)
        assert "#" not in page.evaluate("location.href"), code


def test_what_was_typed_when_the_session_ended_is_kept_and_sent_for_its_writer_alone(
    team: TeamWorkspace, enter: Enter, watch: Watch
):
    name, other = new_name("Yara"), new_name("Zoe")
    client = team.person(name)
    team.person(other)
    page = enter(client)
    page.goto("/c/general")
    settle(page)
    page.route("**/api/messages", lambda route: route.fulfill(status=503, json={}))
    text = f"written by {name}"
    composer(page).fill(text)
    page.keyboard.press("Enter")
    row = page.locator("[data-message-id]").filter(has_text=text)
    expect(row).to_be_visible()
    composer(page).fill("half a sentence")
    client.post("/api/sign-out")
    page.wait_for_url("**/sign-in?next=%2Fc%2Fgeneral&reason=ended")
    expect(page.get_by_role("status")).to_contain_text("Your session has ended.")
    page.unroute_all()
    watch.requests.clear()

    # Somebody else who signs in here neither sees nor sends it.
    sign_in_by_form(page, other)
    page.wait_for_url("**/c/general")
    settle(page)
    expect(composer(page)).to_be_editable()
    expect(composer(page)).to_have_value("")
    expect(page.get_by_text(text)).to_have_count(0)
    assert "POST /api/messages" not in watch.requests
    sign_out(page)

    sign_in_by_form(page, name)
    page.wait_for_url("**/c/general")
    expect(composer(page)).to_have_value("half a sentence")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(name)
    expect(row).not_to_have_class(re.compile("message--sending"))
    # Nothing tells the window that the cookie has gone: its next request is refused.
    page.context.clear_cookies()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in*")


def test_another_account_in_another_window_stops_this_one(team: TeamWorkspace, enter: Enter):
    name, other = new_name("Cleo"), new_name("Dora")
    team.person(other)
    page = enter(team.person(name))
    page.goto("/c/general")
    settle(page)
    composer(page).fill("mine")
    second = page.context.new_page()
    second.goto("/sign-in")
    sign_in_by_form(second, other)
    second.wait_for_url("**/c/general")
    # The composer may be gone: any request tells the first window of the other account.
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("You are signed in with another account")
    settle(second)
    expect(second.get_by_text("mine", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Continue with that account").click()
    settle(page)
    expect(page.locator(".sidebar__me")).to_contain_text(other)


def test_no_page_without_a_session_has_a_violation(visit: Visit, team: TeamWorkspace):
    page = visit(team.served)
    for path, heading in (
        ("/sign-in?reason=ended", "Sign in"),
        ("/forgot-password", "Reset your password"),
        (f"/invite#{team.invitation(email_of(new_name('guest')))}", "Join Dunder Mifflin"),
        (f"/setup#{team.owner_token()}", "Set up your workspace"),
        ("/reset#gone", "This reset link has ended"),
        ("/confirm-email#gone", "This link has ended"),
        ("/setup", "This page needs a link"),
    ):
        page.goto("about:blank")
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert_accessible_and_no_wider(page, path)


def composer(page: Page) -> Locator:
    return page.locator("#main").get_by_role("textbox", name="Message #")


def sign_out(page: Page) -> None:
    page.locator(".sidebar__me").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in?reason=signed-out")
