"""The first visit to a demo workspace: one small dialog, which nobody has to answer."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served

from e2e.axe import each_look, violations
from e2e.views import settle
from e2e.watch import Watch
from e2e.window import Visit


def greeting(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Welcome to Dunder Mifflin")


def greeted(visit: Visit, served: Served, path: str = "/", **options: object) -> Page:
    page = visit(served, stranger=True, **options)
    page.goto(path)
    expect(greeting(page).get_by_label("Your name")).to_be_focused()
    return page


def me(page: Page) -> Locator:
    return page.locator(".sidebar__me")


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Viewing as a member")


def comes_not_back(page: Page) -> None:
    page.reload()
    settle(page)
    expect(page.locator("#main .composer__area")).to_be_visible()
    expect(greeting(page)).to_have_count(0)


def test_joining_takes_a_name_and_makes_a_person_who_can_write(visit: Visit, server: Served):
    page = greeted(visit, server)
    page.keyboard.type("Alice Doe")
    page.keyboard.press("Enter")
    expect(greeting(page)).to_have_count(0)
    expect(me(page)).to_contain_text("Alice Doe")
    expect(bar(page)).to_have_count(0)
    area = page.locator("#main .composer__area")
    expect(area).to_be_focused()
    page.keyboard.type("Hello from me")
    page.keyboard.press("Enter")
    row = page.locator("#main [data-message-id]").filter(has_text="Hello from me")
    expect(row).to_contain_text("Alice Doe")
    comes_not_back(page)
    expect(me(page)).to_contain_text("Alice Doe")
    with server.client("jim") as jim:
        [person] = [user for user in jim.get("/api/users").json() if user["kind"] == "person"]
        assert (person["displayName"], person["presence"]) == ("Alice Doe", "active")
        assert jim.get(f"/api/people/{person['id']}").json()["timeZone"] == "America/New_York"


def test_looking_around_is_as_the_member_that_was_chosen(visit: Visit, server: Served):
    page = greeted(visit, server)
    choice = greeting(page).get_by_label("Look around as", exact=True)
    expect(choice).to_have_value("michael")
    choice.select_option("pam")
    greeting(page).get_by_role("button", name="Look around", exact=True).click()
    expect(greeting(page)).to_have_count(0)
    expect(me(page)).to_contain_text("Pam Beesly")
    expect(bar(page)).to_contain_text("Viewing as Pam Beesly")
    comes_not_back(page)
    expect(me(page)).to_contain_text("Pam Beesly")


@pytest.mark.parametrize("leave", ["escape", "close", "beside"])
def test_leaving_it_looks_around_as_the_default_member(visit: Visit, server: Served, leave: str):
    page = greeted(visit, server, "/c/sales")
    with page.expect_response("**/api/session") as kept:
        if leave == "escape":
            page.keyboard.press("Escape")
        elif leave == "close":
            greeting(page).get_by_role("button", name="Close").click()
        else:
            # It is no trap: what is beside it does what it always does.
            page.get_by_role("link", name="random").click()
    assert kept.value.request.method == "PUT"
    expect(greeting(page)).to_have_count(0)
    expect(me(page)).to_contain_text("Michael Scott")
    title = "random" if leave == "beside" else "sales"
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    if leave == "escape":
        expect(page.locator("#main .composer__area")).to_be_focused()
    comes_not_back(page)


def test_a_name_that_is_taken_is_refused_at_the_field_and_stays(
    visit: Visit, server: Served, watch: Watch
):
    watch.refusals = True
    page = greeted(visit, server)
    name = greeting(page).get_by_label("Your name")
    join = greeting(page).get_by_role("button", name="Join as yourself")
    join.click()
    expect(name).to_have_accessible_description("Enter your name.")
    name.fill("Pam Beesly")
    join.click()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description(
        re.compile("A member or user group named .Pam Beesly., .* already exists")
    )
    expect(name).to_have_value("Pam Beesly")
    # Typed text is there again in the dialog that the bar opens, also after a reload.
    page.keyboard.press("Escape")
    page.reload()
    bar(page).get_by_role("button", name="Join as yourself").click()
    again = page.get_by_role("dialog", name="Join as yourself").get_by_label("Your name")
    expect(again).to_have_value("Pam Beesly")
    again.fill("Pam B.")
    page.keyboard.press("Enter")
    expect(me(page)).to_contain_text("Pam B.")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_who_joined_in_another_browser_can_go_on_as_that_person(
    visit: Visit, server: Served, watch: Watch
):
    with server.client() as other:
        other.post("/api/people", json={"displayName": "Alice Doe"})
    watch.refusals = True
    page = greeted(visit, server)
    page.keyboard.type("alice doe")
    page.keyboard.press("Enter")
    greeting(page).get_by_role("button", name="Continue as Alice Doe").click()
    expect(greeting(page)).to_have_count(0)
    expect(me(page)).to_contain_text("Alice Doe")
    expect(bar(page)).to_have_count(0)


def test_nothing_typed_is_lost_while_the_server_is_away(visit: Visit, server: Served, watch: Watch):
    watch.refusals = True
    page = greeted(visit, server)
    page.context.set_offline(True)
    page.keyboard.type("Alice Doe")
    page.keyboard.press("Enter")
    expect(greeting(page).get_by_role("alert")).to_contain_text("Can’t reach Bullpen")
    expect(greeting(page).get_by_label("Your name")).to_have_value("Alice Doe")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(me(page)).to_contain_text("Alice Doe")


def test_a_choice_in_one_window_is_one_for_all(visit: Visit, server: Served):
    page = greeted(visit, server)
    other = page.context.new_page()
    other.goto("/c/random")
    expect(greeting(other)).to_be_visible()
    page.keyboard.press("Escape")
    expect(greeting(page)).to_have_count(0)
    expect(greeting(other)).to_have_count(0)


def test_a_browser_with_a_session_of_a_member_is_not_greeted(visit: Visit, shared_server: Served):
    for user_id in ("michael", "pam"):
        page = visit(shared_server, user_id)
        page.goto("/")
        settle(page)
        expect(page.locator("#main .composer__area")).to_be_visible()
        expect(greeting(page)).to_have_count(0)


def test_it_is_accessible_and_fits(visit: Visit, shared_server: Served):
    page = greeted(visit, shared_server)
    for look, rules in each_look(page):
        assert violations(page, rules) == [], look
        box = greeting(page).bounding_box()
        assert box
        width = page.evaluate("innerWidth")
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
