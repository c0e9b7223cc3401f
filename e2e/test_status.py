"""One's own status and presence: set in a dialog, seen by everybody at once."""

import re

from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served

from e2e.axe import violations_in_each_look
from e2e.keyboard import press, tab_to
from e2e.layout import STICKS_OUT
from e2e.views import face, from_the_top, open_general, settle
from e2e.watch import Watch
from e2e.window import WIDE, Visit


def me(page: Page) -> Locator:
    return page.get_by_role("navigation").get_by_role("button", name=re.compile("^Michael Scott"))


def opened(page: Page) -> Locator:
    me(page).click()
    dialog = page.get_by_role("dialog", name="Michael Scott")
    expect(dialog).to_be_visible()
    return dialog


def test_a_status_and_presence_are_set_and_seen_by_others_and_a_refusal_says_why(
    visit: Visit, server: Served, watch: Watch, run_sql
):
    page, other = visit(server), visit(server, "dwight")
    for each in (page, other):
        open_general(each)
    lead_to_the_settings_and_fit(page)
    from_the_top(page)
    tab_to(page, me(page))
    press(page, "Enter")
    dialog = page.get_by_role("dialog", name="Michael Scott")
    text = dialog.get_by_role("textbox", name="What's your status?")
    expect(text).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Declaring <i>bankruptcy</i>")
    press(page, "Shift+Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("💸")
    press(page, "Enter")
    expect(dialog.get_by_role("status")).to_have_text("Saved")
    press(page, "Escape")
    expect(me(page)).to_be_focused()
    [row] = run_sql("SELECT status_emoji, status_text FROM user_states WHERE user_id = 'michael'")
    assert tuple(row) == ("💸", "Declaring <i>bankruptcy</i>")
    status = other.locator(".message__status", has_text="💸").first
    expect(status).to_have_accessible_name("Status: Declaring <i>bankruptcy</i>")

    opened(page).get_by_role("button", name="Clear").click()
    expect(dialog.get_by_role("status")).to_have_text("Saved")
    expect(other.locator(".message__status", has_text="💸")).to_have_count(0)
    assert run_sql("SELECT status_emoji FROM user_states WHERE user_id = 'michael'")[0][0] is None

    # A usual one, by mouse.
    dialog.get_by_role("button", name="In a meeting").click()
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_role("radio", name="Away").check()
    expect(face(other, "Michael Scott, Regional Manager, away")).to_be_visible()
    expect(me(page)).to_have_accessible_name(
        "Michael Scott, Regional Manager, away, 📅 In a meeting: status and settings"
    )
    page.reload()
    settle(page)
    expect(opened(page).get_by_role("radio", name="Away")).to_be_checked()

    watch.refusals = True
    text.fill("x" * 101)
    dialog.get_by_role("button", name="Save").click()
    expect(text).to_have_accessible_description(re.compile("100"))
    page.route("**/status", lambda route: route.abort())
    text.fill("Fine")
    press(page, "Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Can’t reach Bullpen")


def lead_to_the_settings_and_fit(page: Page) -> None:
    opened(page).get_by_role("link", name="Settings").click()
    page.wait_for_url("**/settings")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.go_back()
    settle(page)
    opened(page)
    assert violations_in_each_look(page) == {}
    assert page.evaluate(STICKS_OUT.replace("#main *", "dialog *")) == []
    press(page, "Escape")
    page.set_viewport_size(WIDE)
