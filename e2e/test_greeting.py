"""The first visit to a demo workspace: one small dialog, which nobody has to answer."""

import re

from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served

from e2e.axe import each_look, violations
from e2e.views import settle
from e2e.watch import Watch
from e2e.window import Visit, choose


def greeting(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Welcome to Dunder Mifflin")


def greeted(page: Page, path: str = "/") -> None:
    """As in another browser, in which nobody has been chosen yet."""
    page.context.clear_cookies()
    page.goto(path)
    expect(greeting(page).get_by_label("Your name")).to_be_focused()


def me(page: Page) -> Locator:
    return page.locator(".sidebar__me")


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Viewing as a member")


def comes_not_back(page: Page) -> None:
    page.reload()
    settle(page)
    expect(page.locator("#main .composer__area")).to_be_visible()
    expect(greeting(page)).to_have_count(0)


def test_joining_takes_a_name_and_loses_nothing_that_was_typed(
    visit: Visit, server: Served, watch: Watch
):
    page = visit(server, stranger=True)
    greeted(page)
    join_and_write(page)
    with server.client("jim") as jim:
        [person] = [user for user in jim.get("/api/users").json() if user["kind"] == "person"]
        assert (person["displayName"], person["presence"]) == ("Alice Doe", "active")
        assert jim.get(f"/api/people/{person['id']}").json()["timeZone"] == "America/New_York"
    watch.refusals = True
    greeted(page)
    go_on_as_who_joined_elsewhere(page)
    greeted(page)
    join_under_another_name_than_one_that_is_taken(page)
    greeted(page)
    join_once_the_server_answers(page)


def join_and_write(page: Page) -> None:
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


def go_on_as_who_joined_elsewhere(page: Page) -> None:
    page.keyboard.type("alice doe")
    page.keyboard.press("Enter")
    greeting(page).get_by_role("button", name="Continue as Alice Doe").click()
    expect(greeting(page)).to_have_count(0)
    expect(me(page)).to_contain_text("Alice Doe")
    expect(bar(page)).to_have_count(0)


def join_under_another_name_than_one_that_is_taken(page: Page) -> None:
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


def join_once_the_server_answers(page: Page) -> None:
    name = greeting(page).get_by_label("Your name")
    page.context.set_offline(True)
    name.fill("Bob Roe")
    page.keyboard.press("Enter")
    expect(greeting(page).get_by_role("alert")).to_contain_text("Can’t reach Bullpen")
    expect(name).to_have_value("Bob Roe")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(me(page)).to_contain_text("Bob Roe")


def test_looking_around_is_as_the_member_that_was_chosen_or_the_default_one(
    visit: Visit, server: Served
):
    page = visit(server, stranger=True)
    greeted(page)
    choice = greeting(page).get_by_label("Look around as", exact=True)
    expect(choice).to_have_value("michael")
    choice.select_option("pam")
    greeting(page).get_by_role("button", name="Look around", exact=True).click()
    expect(greeting(page)).to_have_count(0)
    expect(me(page)).to_contain_text("Pam Beesly")
    expect(bar(page)).to_contain_text("Viewing as Pam Beesly")
    comes_not_back(page)
    expect(me(page)).to_contain_text("Pam Beesly")

    for leave in ("close", "beside", "escape"):
        greeted(page, "/c/sales")
        with page.expect_response("**/api/session") as kept:
            if leave == "escape":
                # A choice in one window is one for all.
                other = page.context.new_page()
                other.goto("/c/random")
                expect(greeting(other)).to_be_visible()
                page.keyboard.press("Escape")
                expect(greeting(other)).to_have_count(0)
                other.close()
            elif leave == "close":
                greeting(page).get_by_role("button", name="Close").click()
            else:
                # It is no trap: what is beside it does what it always does.
                page.get_by_role("link", name="random").click()
        assert kept.value.request.method == "PUT", leave
        expect(greeting(page), leave).to_have_count(0)
        expect(me(page), leave).to_contain_text("Michael Scott")
        title = "random" if leave == "beside" else "sales"
        expect(page.get_by_role("heading", level=1), leave).to_have_text(title)
        if leave == "escape":
            expect(page.locator("#main .composer__area")).to_be_focused()
        comes_not_back(page)


def test_it_is_accessible_fits_and_is_for_strangers_alone(visit: Visit, shared_server: Served):
    page = visit(shared_server, stranger=True)
    greeted(page)
    for look, rules in each_look(page):
        assert violations(page, rules) == [], look
        box = greeting(page).bounding_box()
        assert box
        width = page.evaluate("innerWidth")
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    for user_id in ("michael", "pam"):
        choose(page.context, user_id)
        page.goto("/")
        settle(page)
        expect(page.locator("#main .composer__area")).to_be_visible()
        expect(greeting(page)).to_have_count(0)
