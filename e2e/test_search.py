"""Searching: asked by keyboard, narrowed, marked, paged, and never what one may not read."""

import re
from urllib.parse import quote_plus

from playwright.sync_api import Locator, Page, expect
from tests.support.program import until
from tests.support.serving import Served

from e2e.axe import violations_in_each_look
from e2e.held import Held
from e2e.keyboard import press, tab_to
from e2e.layout import STICKS_OUT
from e2e.outages import ask_again
from e2e.views import go_to, open_general, settle, titled, view_as
from e2e.watch import Watch
from e2e.window import NARROW, WIDE, Visit


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search messages")


def found(page: Page) -> Locator:
    return page.get_by_role("list", name="Messages found").get_by_role("listitem")


def test_it_is_asked_and_narrowed_by_keyboard_alone_and_keeps_what_was_asked(
    visit: Visit, shared_server: Served
):
    page = visit(shared_server)
    open_general(page)
    ask_and_narrow(page)
    look_without_a_violation(page)
    page.set_viewport_size(WIDE)
    keep_for_who_asked(page)
    go_to(page, "/c/general")
    find_private(page, sees=False)


def ask_and_narrow(page: Page) -> None:
    tab_to(page, page.get_by_role("link", name="Search messages"))
    press(page, "Enter")
    page.wait_for_url("**/search")
    expect(field(page)).to_be_focused()
    page.keyboard.type("paper fr")
    option = page.get_by_role("option", name="from:")
    expect(option).to_be_visible()
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    press(page, "ArrowDown", "Enter")
    expect(field(page)).to_have_value("paper from:")
    page.keyboard.type("hal")
    press(page, "ArrowDown")
    chosen = page.get_by_role("option", name="Jim Halpert agent Sales Representative")
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(field(page)).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    press(page, "Enter")
    expect(field(page)).to_have_value("paper from:jim ")
    press(page, "Enter")
    page.wait_for_url("**/search?q=paper+from%3Ajim")
    expect(page).to_have_title(titled("Search: paper from:jim · Dunder Mifflin"))
    expect(found(page).first).to_be_visible()
    assert set(page.locator(".hit__author").all_inner_texts()) == {"Jim Halpert"}
    expect(page.locator(".hit mark").first).to_have_text(re.compile("paper", re.IGNORECASE))

    tab_to(page, page.get_by_role("link", name="Newest"))
    press(page, "Enter")
    page.wait_for_url("**/search?q=paper+from%3Ajim&sort=newest")
    expect(page.get_by_role("link", name="Newest")).to_have_attribute("aria-current", "true")
    tab_to(page, found(page).first.get_by_role("link"))
    press(page, "Enter")
    page.wait_for_url(re.compile(r"/[cd]/.*/m/"))
    linked = page.url.rpartition("/")[2]
    expect(page.locator(f'[data-message-id="{linked}"]').first).to_be_in_viewport()
    page.go_back()
    expect(field(page)).to_have_value("paper from:jim")


def look_without_a_violation(page: Page) -> None:
    """As wide as the window."""
    for path in ("/search", "/search?q=paper"):
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        go_to(page, path)
        assert violations_in_each_look(page) == {}, path
        assert page.evaluate(STICKS_OUT) == [], path
        assert page.evaluate("document.scrollingElement.scrollWidth") == NARROW["width"], path


def keep_for_who_asked(page: Page) -> None:
    """Searches are offered again to them alone."""
    go_to(page, "/search")
    for words in ("paper", "party in:general"):
        field(page).fill(words)
        press(page, "Enter")
        page.wait_for_url(f"**/search?q={quote_plus(words)}")
        expect(page.get_by_role("status")).to_contain_text("message")
    page.goto("/search")
    recent = page.get_by_role("region", name="Recent searches").get_by_role("link")
    expect(recent).to_have_text(["party in:general", "paper", "paper from:jim"])
    recent.first.click()
    page.wait_for_url("**/search?q=party+in%3Ageneral")

    view_as(page, "Pam Beesly")
    page.wait_for_url("**/c/general")
    search = page.get_by_role("link", name="Search messages")
    search.click()
    settle(page)
    expect(field(page)).to_be_focused()
    expect(recent).to_have_count(0)
    view_as(page, "Michael Scott")
    page.wait_for_url("**/c/general")
    search.click()
    page.get_by_role("button", name="Clear").click()
    expect(recent).to_have_count(0)


def test_what_cannot_be_meant_is_said_beside_the_field_and_where_nothing_is_found_or_loaded(
    visit: Visit, shared_server: Served, watch: Watch
):
    watch.refusals = True
    page = visit(shared_server, "kevin")
    page.goto("/search")
    settle(page)
    say_what_cannot_be_meant(page)
    find_private(page, sees=True)
    say_what_is_loading_missing_or_failed(page)


def say_what_cannot_be_meant(page: Page) -> None:
    """Once Escape has closed the suggestions."""
    field(page).fill("has:")
    expect(page.get_by_role("option")).to_have_count(5)
    press(page, "Escape")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_hidden()
    expect(field(page)).to_have_value("has:")
    page.get_by_role("button", name="Before").click()
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("has: before:")
    page.get_by_role("option", name="2026-03-03 yesterday").click()
    expect(field(page)).to_have_value("has: before:2026-03-03 ")
    field(page).fill("has:money")
    press(page, "Escape", "Enter")
    page.wait_for_url("**/search?q=has%3Amoney*")
    expect(page.get_by_role("alert")).to_contain_text("Use one of link, code")
    expect(field(page)).to_have_accessible_description(re.compile("Use one of"))
    expect(field(page)).to_have_attribute("aria-invalid", "true")


def find_private(page: Page, sees: bool) -> None:
    """What is in a private channel, for those who are in it."""
    go_to(page, "/search?q=balances+in:accounting")
    expect(page.get_by_role("status")).to_be_visible()
    settle(page)
    assert (found(page).count() > 0) == sees
    expect(page.get_by_text("No results")).to_have_count(0 if sees else 1)
    unknown = page.get_by_text("There is no channel “accounting” that you can read.")
    expect(unknown).to_have_count(0 if sees else 1)
    field(page).fill("in:acc")
    expect(page.get_by_role("option", name="#accounting")).to_have_count(1 if sees else 0)


def test_pages_follow_hostile_text_stays_text_and_a_file_shows_the_place_in_it(
    visit: Visit, server: Served, run_sql
):
    page = visit(server)
    find_by_a_file(page)
    page.set_viewport_size(WIDE)
    go_on_page_by_page(page, run_sql)


def go_on_page_by_page(page: Page, run_sql) -> None:
    run_sql(
        "INSERT INTO messages (channel_id, user_id, text)"
        " SELECT 'general', 'jim', '<img src=x onerror=alert(1)> flonkerton ' || n"
        " FROM generate_series(1, 45) n"
    )
    go_to(page, "/search?q=flonkerton&sort=newest")
    for count in (20, 40):
        expect(found(page)).to_have_count(count)
        expect(page.get_by_role("status")).to_have_text(f"The first {count} messages")
        page.get_by_role("button", name="Show more").click()
    expect(found(page)).to_have_count(45)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("45 messages")
    expect(found(page).first).to_contain_text("<img src=x onerror=alert(1)> flonkerton")
    assert set(page.locator(".hit mark").all_inner_texts()) == {"flonkerton"}


def say_what_is_loading_missing_or_failed(page: Page) -> None:
    held = Held(page, "**/api/search?*")
    field(page).fill("zyzzyva")
    press(page, "Enter")
    expect(page.get_by_text("Searching", exact=True)).to_be_attached()
    held.let_through()
    expect(page.get_by_text("No results")).to_be_visible()
    page.unroute_all()
    page.route("**/api/search?*", lambda route: route.abort())
    field(page).fill("paper")
    press(page, "Enter")
    expect(page.get_by_text("Can’t reach Bullpen")).to_be_visible()
    ask_again(page, "**/api/search?*")
    expect(found(page).first).to_be_visible()


def find_by_a_file(page: Page) -> None:
    api = page.context.request
    headers = {"Content-Type": "application/octet-stream"}
    text = b"# Plan\nThe **zeppelin** lands at <b>nine</b>."
    file = api.post("/api/files?name=plan.md", data=text, headers=headers).json()["id"]
    assert api.post("/api/messages", data={"channelId": "general", "fileIds": [file]}).ok
    until(lambda: api.get("/api/search?q=zeppelin").json()["hits"])
    page.goto("/search?q=zeppelins+has:file")
    expect(found(page)).to_have_count(1)
    expect(found(page).locator(".hit__file")).to_have_text("plan.md")
    expect(found(page).locator("mark")).to_have_text("zeppelin")
    expect(found(page)).to_contain_text("# Plan The **zeppelin** lands at <b>nine</b>.")
    assert violations_in_each_look(page) == {}
    page.set_viewport_size(NARROW)
    assert page.evaluate(STICKS_OUT) == []
    found(page).get_by_role("link").click()
    expect(page.get_by_role("log").get_by_text("plan.md")).to_have_count(1)
