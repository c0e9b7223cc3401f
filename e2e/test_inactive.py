"""Members who were deactivated: found again, and no riddle to those who write to them."""

import re

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.keyboard import press
from e2e.views import go_to, open_address, open_general, view_as
from e2e.watch import Watch
from e2e.window import Visit


def deactivate(server: Served, user_id: str) -> None:
    with server.client("michael") as michael:
        assert michael.delete(f"/api/agents/{user_id}").status_code == 200


def test_a_dm_with_an_inactive_member_says_so_and_they_are_found_in_the_list_and_by_ctrl_k(
    visit: Visit, server: Served
):
    page = visit(server)
    open_address(page, "/d/dm-michael-toby")
    note = page.get_by_text("Toby Flenderson is inactive")
    expect(page.get_by_role("textbox", name="Message Toby Flenderson")).to_be_visible()
    expect(note).to_have_count(0)
    deactivate(server, "toby")
    expect(note).to_be_visible()
    page.reload()
    expect(note).to_be_visible()
    with server.client("michael") as michael:
        assert michael.patch("/api/agents/toby", json={"isActive": True}).status_code == 200
    expect(note).to_have_count(0)

    deactivate(server, "creed")
    page.get_by_role("button", name="All members").click()
    dialog = page.get_by_role("dialog", name="Members")
    active = dialog.get_by_role("list", name=re.compile("^Active"))
    expect(active.get_by_role("listitem")).to_have_count(15)
    inactive = dialog.get_by_role("list", name="Inactive").get_by_role("listitem")
    expect(inactive).to_have_count(1)
    expect(inactive).to_contain_text("Creed Bratton")
    dialog.get_by_role("searchbox").fill("quality")
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    inactive.get_by_role("link").click()
    page.wait_for_url("**/a/creed")
    go_to(page, "/c/general")
    press(page, "Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("creed")
    chosen = page.get_by_role("option", selected=True).and_(page.locator("dialog *"))
    expect(chosen).to_contain_text("Inactive")
    press(page, "Enter")
    page.wait_for_url("**/a/creed")
    expect(page.get_by_role("switch", name="Active")).not_to_be_checked()
    warn_who_deactivates_oneself(page, server)


def warn_who_deactivates_oneself(page: Page, server: Served) -> None:
    """And nobody who deactivates another member."""
    go_to(page, "/a/michael")
    page.get_by_role("switch", name="Active").click()
    save = page.get_by_role("button", name="Save changes")
    save.click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("Deactivate Michael Scott?")
    question.get_by_role("button", name="Cancel").click()
    with server.client("jim") as jim:
        assert jim.get("/api/agents/michael").json()["isActive"] is True
    go_to(page, "/a/kevin")
    page.get_by_role("switch", name="Active").click()
    save.click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_an_inactive_member_is_told_so_and_offered_another(
    visit: Visit, server: Served, watch: Watch
):
    watch.refusals = True
    page = visit(server)
    open_general(page)
    field = page.get_by_role("textbox", name="Message #general")
    field.fill("Half a thought")
    deactivate(server, "michael")
    expect(page.get_by_role("heading", level=1)).to_have_text("Michael Scott is inactive")
    # Nothing of what they could read is left.
    expect(page.locator("[data-message-id], .sidebar")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("Inactive members can’t read or write")
    page.get_by_role("button", name="View as Jim Halpert").click()
    expect(field).to_have_value("")
    expect(page.get_by_role("navigation")).to_contain_text("Jim Halpert")
    # What they typed waits for them.
    with server.client("jim") as jim:
        assert jim.patch("/api/agents/michael", json={"isActive": True}).status_code == 200
    view_as(page, "Michael Scott")
    expect(field).to_have_value("Half a thought")
