"""Viewing as a member: said in a bar, for one window, and left again."""

import re

from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served

from e2e.axe import each_look, violations
from e2e.views import follow_link, settle, view_as
from e2e.watch import Watch
from e2e.window import WIDE, Visit


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Viewing as a member")


def area(page: Page) -> Locator:
    return page.locator("#main .composer__area")


def me(page: Page) -> Locator:
    return page.locator(".sidebar__me")


def row(page: Page, text: str) -> Locator:
    return page.locator("#main [data-message-id]").filter(has_text=text)


def write(page: Page, text: str) -> None:
    area(page).fill(text)
    area(page).press("Enter")
    expect(row(page, text)).to_have_class(re.compile("^message( message--grouped)?$"))


def joined(visit: Visit, served: Served, name: str = "Alice Doe", **options: object) -> Page:
    """A window of a person who has joined in it."""
    page = visit(served, stranger=True, **options)
    answer = page.context.request.post("/api/people", data={"displayName": name})
    assert answer.ok, answer.text()
    return opened(page, "/c/general")


def opened(page: Page, path: str) -> Page:
    page.goto(path)
    settle(page)
    expect(area(page)).to_be_visible()
    return page


def authors(served: Served, *texts: str) -> list[str]:
    with served.client("michael") as client:
        newest = client.get("/api/channels/general/messages?limit=200").json()
    by_text = {message["text"]: message["userId"] for message in newest}
    return [by_text[text] for text in texts]


def test_two_windows_of_one_browser_write_each_as_whom_it_shows_until_exit(
    visit: Visit, server: Served
):
    alice = joined(visit, server)
    other = opened(alice.context.new_page(), "/c/general")
    expect(bar(other)).to_have_count(0)
    view_as(other, "Pam Beesly")
    expect(bar(other)).to_contain_text("Viewing as Pam Beesly")
    expect(area(other)).to_have_attribute("placeholder", "Message #general as Pam Beesly")
    # The first window notices nothing.
    expect(me(alice)).to_contain_text("Alice Doe")
    expect(bar(alice)).to_have_count(0)
    write(other, "From the second window")
    write(alice, "From the first window")
    for page in (alice, other):
        expect(row(page, "From the second window")).to_contain_text("Pam Beesly")
        expect(row(page, "From the first window")).to_contain_text("Alice Doe")
    assert authors(server, "From the first window", "From the second window") == [
        "alice-doe",
        "pam",
    ]
    # Each stays who it is over a reload; a new window is the person's own.
    opened(other, "/c/general")
    expect(bar(other)).to_contain_text("Viewing as Pam Beesly")
    opened(alice, "/c/general")
    expect(bar(alice)).to_have_count(0)
    third = opened(alice.context.new_page(), "/c/general")
    expect(me(third)).to_contain_text("Alice Doe")
    exit_with_a_draft_of_each(third)


def exit_with_a_draft_of_each(page: Page) -> None:
    area(page).fill("Half a thought of Alice")
    view_as(page, "Pam Beesly")
    expect(area(page)).to_have_value("")
    area(page).fill("Half a thought of Pam")
    bar(page).get_by_role("button", name="Exit").click()
    expect(me(page)).to_contain_text("Alice Doe")
    expect(bar(page)).to_have_count(0)
    expect(area(page)).to_have_value("Half a thought of Alice")
    # By keyboard alone, and where only the viewed member may read.
    view_as(page, "Kevin Malone")
    follow_link(page, "accounting", "Private channel accounting")
    page.locator(".skip-link").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Exit")).to_be_focused()
    page.keyboard.press("Enter")
    expect(me(page)).to_contain_text("Alice Doe")
    expect(bar(page)).to_have_count(0)
    opened(page, "/c/general")
    expect(bar(page)).to_have_count(0)
    expect(area(page)).to_have_attribute("placeholder", "Message #general")


def test_who_has_not_joined_is_offered_to_join_by_a_bar_that_fits(visit: Visit, server: Served):
    page = opened(visit(server, "michael"), "/c/general")
    expect(bar(page)).to_contain_text("Viewing as Michael Scott")
    for look, rules in each_look(page):
        expect(bar(page)).to_be_visible()
        assert violations(page, rules) == [], look
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), look
    page.set_viewport_size(WIDE)
    other = opened(page.context.new_page(), "/c/general")
    bar(page).get_by_role("button", name="Join as yourself").click()
    expect(page.get_by_label("Your name")).to_be_focused()
    page.keyboard.type("Alice Doe")
    page.keyboard.press("Enter")
    expect(me(page)).to_contain_text("Alice Doe")
    expect(bar(page)).to_have_count(0)
    # The other window stays what it is, and can now be left for oneself.
    expect(me(other)).to_contain_text("Michael Scott")
    bar(other).get_by_role("button", name="Exit").click()
    expect(me(other)).to_contain_text("Alice Doe")


def test_a_viewed_member_who_is_inactive_or_does_not_exist_leads_back_to_oneself(
    visit: Visit, server: Served, watch: Watch
):
    watch.refusals = True
    page = joined(visit, server)
    view_as(page, "Kevin Malone")
    area(page).fill("Half a thought of Kevin")
    with server.client("michael") as michael:
        assert michael.patch("/api/agents/kevin", json={"isActive": False}).is_success
    expect(page.get_by_role("heading", level=1)).to_have_text("Kevin Malone is inactive")
    page.get_by_role("button", name="Stop viewing as Kevin Malone").click()
    expect(me(page)).to_contain_text("Alice Doe")
    expect(bar(page)).to_have_count(0)
    write(page, "Back as myself")
    assert authors(server, "Back as myself") == ["alice-doe"]
    with server.client("michael") as michael:
        assert michael.patch("/api/agents/kevin", json={"isActive": True}).is_success
    view_as(page, "Kevin Malone")
    expect(area(page)).to_have_value("Half a thought of Kevin")
    page.evaluate("sessionStorage.setItem('bullpen.actor', 'nobody')")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("nobody is not in this workspace")
    page.get_by_role("button", name="Stop viewing as nobody").click()
    expect(me(page)).to_contain_text("Alice Doe")
    expect(bar(page)).to_have_count(0)
