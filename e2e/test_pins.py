"""A message pinned and unpinned by keyboard, seen by everybody in the channel at once."""

from playwright.sync_api import expect
from tests.support.serving import Served

from e2e.axe import violations
from e2e.layout import STICKS_OUT
from e2e.views import open_address
from e2e.window import NARROW, Visit


def test_a_pin_is_marked_and_listed_in_every_window_and_leads_to_its_message(
    visit: Visit, server: Served
):
    page, other = visit(server), visit(server, "pam")
    with server.client("jim") as jim:
        draft = {"channelId": "general", "text": "The **stapler** is in the jelly"}
        said = jim.post("/api/messages", json=draft).json()["id"]
    open_address(page, "/c/general")
    open_address(other, "/c/general")
    message, theirs = (
        each.get_by_role("log").locator(f'[data-message-id="{said}"]') for each in (page, other)
    )
    other.get_by_role("button", name="Pinned messages").click()
    expect(other.get_by_role("dialog").get_by_role("status")).to_contain_text("Nothing is pinned")
    message.focus()
    message.get_by_role("button", name="Pin", exact=True).focus()
    page.keyboard.press("Enter")
    for shown in (message, theirs):
        expect(shown.locator(".message__pin")).to_have_text("Pinned by Michael Scott")
    listed = other.get_by_role("dialog").get_by_role("listitem")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("The stapler is in the jelly")
    assert violations(other) == []
    other.set_viewport_size(NARROW)
    assert other.evaluate(STICKS_OUT) == []
    listed.get_by_role("link", name="Show the message").focus()
    other.keyboard.press("Enter")
    other.wait_for_url(f"**/c/general/m/{said}")
    expect(theirs).to_be_focused()
    page.get_by_role("button", name="Pinned messages").click()
    page.get_by_role("dialog").get_by_role("button", name="Unpin").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("Nothing is pinned")
    for shown in (message, theirs):
        expect(shown.locator(".message__pin")).to_have_count(0)
