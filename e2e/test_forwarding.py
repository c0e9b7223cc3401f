"""A message quoted where it is, and forwarded to another conversation."""

import re

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.axe import violations
from e2e.layout import STICKS_OUT
from e2e.views import open_address
from e2e.watch import Watch
from e2e.window import NARROW, Visit

SECRET = "Numbers are *down*\nby half"


def newest(page: Page):
    return page.get_by_role("log").locator("[data-message-id]").last


def test_a_message_is_quoted_and_forwarded_with_a_link_that_only_readers_can_follow(
    visit: Visit, server: Served, watch: Watch
):
    page, other = visit(server), visit(server, "kevin")
    open_address(page, "/c/management")
    open_address(other, "/c/general")
    with server.client("michael") as michael:
        draft = {"channelId": "management", "text": SECRET}
        assert michael.post("/api/messages", json=draft).status_code == 201
    expect(newest(page)).to_contain_text("by half")
    newest(page).hover()
    newest(page).get_by_role("button", name="Quote").click()
    composer = page.locator("#main textarea.composer__area")
    expect(composer).to_be_focused()
    link = re.compile(r"/c/management/m/[0-9a-f-]+\)\s*$")
    expect(composer).to_have_value(link)
    assert composer.input_value().startswith("> Numbers are *down*\n> by half\n\n[Michael Scott](")
    composer.fill("")
    newest(page).hover()
    newest(page).get_by_role("button", name="Forward").click()
    page.get_by_role("combobox", name="Forward to:").fill("general")
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/general")
    expect(composer).to_have_value(link)
    expect(composer).to_be_focused()
    page.keyboard.type("See this")
    page.keyboard.press("Enter")
    said = newest(other)
    expect(said.locator("blockquote")).to_contain_text("by half")
    expect(said).to_contain_text("See this")
    address = str(said.get_by_role("link", name="Michael Scott").last.get_attribute("href"))
    assert link.search(f"{address})")
    watch.refusals = True
    open_address(other, address.removeprefix(server.address))
    expect(other.get_by_text(SECRET.split("\n")[1], exact=True)).to_have_count(0)
    page.set_viewport_size(NARROW)
    newest(page).focus()
    assert page.evaluate(STICKS_OUT) == []
