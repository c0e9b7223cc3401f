"""The sidebar arranged and threads followed, by keyboard and in two windows of one member."""

from playwright.sync_api import Page, expect
from tests.support.posting import post
from tests.support.serving import Served

from e2e.axe import violations_in_each_look
from e2e.views import open_address
from e2e.window import WIDE, Visit


def titles(page: Page) -> list[str]:
    return page.locator(".sidebar__section h2").all_inner_texts()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_sections_are_named_ordered_folded_and_filtered_in_each_window(
    visit: Visit, server: Served
):
    page, other = visit(server, "pam"), visit(server, "pam")
    for each in (page, other):
        open_address(each, "/c/general")
    press(page, "Arrange the sidebar")
    dialog = page.get_by_role("dialog", name="Arrange the sidebar")
    dialog.get_by_role("textbox", name="New section").fill("Front desk")
    page.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="Front desk")).to_be_visible()
    dialog.get_by_role("combobox", name="#party-planning").select_option("Front desk")
    expect(other.get_by_role("list", name="Front desk")).to_have_text("party-planning")
    press(page, "Move Front desk down")
    expect(dialog.get_by_role("button", name="Move Front desk down")).to_be_focused()
    expect(other.locator(".sidebar__section h2").nth(1)).to_have_text("Front desk")
    assert [one.lower() for one in titles(other)] == ["channels", "front desk", "direct messages"]
    dialog.get_by_role("textbox", name="Name of Front desk").fill("Reception")
    page.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="Reception")).to_be_visible()
    assert violations_in_each_look(page) == {}
    page.set_viewport_size(WIDE)
    page.keyboard.press("Escape")
    # Folded, only what is open is left of it.
    press(other, "Channels")
    expect(page.get_by_role("list", name="Channels")).to_have_text("general")
    press(other, "Channels")
    expect(page.get_by_role("list", name="Channels")).to_contain_text("random")
    press(page, "Unread only")
    expect(other.get_by_role("list", name="Channels")).to_have_text("general")
    with server.client("jim") as jim:
        post(jim, "News", "random")
    expect(other.get_by_role("list", name="Channels")).to_contain_text("random")
    press(other, "Unread only")
    press(page, "Arrange the sidebar")
    press(page, "Remove Reception")
    expect(other.get_by_role("list", name="Channels")).to_contain_text("party-planning")
    page.keyboard.press("Escape")
    # A thread of others, followed from its header.
    with server.client("toby") as toby, server.client("jim") as jim:
        root = post(toby, "Who has the stapler?").json()["id"]
        post(jim, "Not me", parentMessageId=root)
        open_address(page, f"/c/general/t/{root}")
        press(page, "Follow this thread")
        expect(page.get_by_role("button", name="Following this thread")).to_be_visible()
        page.get_by_role("link", name="Close thread").click()
        post(jim, "Try Andy", parentMessageId=root)
    expect(other.get_by_role("link", name="Inbox")).to_have_accessible_name("Inbox, 1 unread")
