"""A message saved by keyboard and its reminder, in two windows of one member and one of another."""

from collections.abc import Callable

from playwright.sync_api import expect
from tests.support.serving import Served

from e2e.axe import violations
from e2e.desktop import ask_for, recorded, shown
from e2e.layout import STICKS_OUT
from e2e.views import open_address, open_page
from e2e.window import NARROW, Visit
from e2e.worker import look


def test_a_saved_message_and_its_reminder_are_in_all_windows_of_the_member_alone(
    visit: Visit, server: Served, url: str, run_sql: Callable[..., object]
):
    with server.client("jim") as jim:
        draft = {"channelId": "general", "text": "The **stapler** is in the jelly"}
        said = jim.post("/api/messages", json=draft).json()["id"]
    page, other, stranger = (recorded(visit(server, who)) for who in ("michael", "michael", "pam"))
    for window in (page, stranger):
        open_address(window, "/c/general")
    open_page(other, "/saved")
    expect(other.get_by_text("Nothing is saved")).to_be_visible()
    ask_for(other)
    other.keyboard.press("Escape")
    other.evaluate("() => { window.hidden = true; }")
    message = page.get_by_role("log").locator(f'[data-message-id="{said}"]')
    message.focus()
    page.keyboard.press("s")
    expect(message.locator(".message__saved")).to_have_text("Saved for later")
    card = other.get_by_role("main").get_by_role("listitem")
    expect(card).to_contain_text("The stapler is in the jelly")
    message.focus()
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog", name="Remind me of this message")
    expect(dialog.get_by_role("button", name="Tomorrow morning")).to_contain_text("9:00 AM")
    assert violations(page) == []
    dialog.get_by_role("button", name="In 20 minutes").press("Enter")
    expect(dialog).to_have_count(0)
    expect(card).to_contain_text("Today at 9:23 AM")
    run_sql("UPDATE saved_messages SET remind_at = now() - interval '1 minute'")
    look(url)
    for window in (page, other):
        reminder = window.get_by_role("region", name="Reminders")
        expect(reminder).to_contain_text("Jim Halpert in #general: The stapler is in the jelly")
        expect(
            window.get_by_role("navigation").get_by_role("link", name="Saved, 1 due")
        ).to_have_count(1)
    expect(card).to_contain_text("Due")
    other.wait_for_function("() => shown.length === 1")
    assert shown(other) == [["Reminder", "Jim Halpert: The stapler is in the jelly"]]
    assert shown(page) == [], "it is in sight"
    for size in (None, NARROW):
        if size:
            page.set_viewport_size(size)
            other.set_viewport_size(size)
        for window in (page, other):
            assert violations(window) == []
            assert window.evaluate(STICKS_OUT) == []
    page.get_by_role("button", name="Dismiss the reminder").click()
    expect(page.get_by_role("region", name="Reminders")).to_have_count(0)
    expect(card).to_contain_text("Due")
    card.get_by_role("button", name="Mark as done").click()
    expect(other.get_by_text("Nothing is saved")).to_be_visible()
    expect(other.get_by_role("region", name="Reminders")).to_have_count(0)
    expect(message.locator(".message__saved")).to_have_count(0)
    theirs = stranger.get_by_role("log").locator(f'[data-message-id="{said}"]')
    expect(theirs).to_be_visible()
    expect(theirs.locator(".message__saved")).to_have_count(0)
    expect(stranger.get_by_role("region", name="Reminders")).to_have_count(0)
