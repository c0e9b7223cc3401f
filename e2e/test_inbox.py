"""The inbox: gone through by keyboard, and the same in every window of its reader."""

from playwright.sync_api import expect
from tests.support.posting import post
from tests.support.serving import Served

from e2e.axe import violations_in_each_look
from e2e.views import open_address
from e2e.window import Visit


def fill(server: Served) -> tuple[str, str]:
    """A thread of pam's with a reply and a reaction, and a mention of hers; their ids."""
    with server.client("pam") as pam, server.client("jim") as jim:
        root = post(pam, "Who has the stapler?").json()["id"]
        post(jim, "Not me", parentMessageId=root)
        named = post(jim, "Ask **@pam** where the stapler is").json()["id"]
        jim.post(f"/api/messages/{root}/reactions", json={"emoji": "🎉"})
    return root, named


def test_the_inbox_is_gone_through_by_keyboard_and_is_the_same_in_each_window(
    visit: Visit, server: Served
):
    page, other = visit(server, "pam"), visit(server, "pam")
    open_address(page, "/inbox")
    open_address(other, "/c/sales")
    page.get_by_role("navigation", name="Kinds of items").get_by_role(
        "link", name="Threads"
    ).click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    page.get_by_role("link", name="All", exact=True).click()
    row = other.get_by_role("link", name="Inbox")
    expect(row).to_have_accessible_name("Inbox")
    root, named = fill(server)
    rows = page.locator("[data-inbox]")
    expect(rows.nth(0)).to_contain_text("Unread: Jim Halpert reacted 🎉 in #general")
    expect(rows.nth(1)).to_contain_text("Jim Halpert mentioned you in #general")
    expect(rows.nth(1)).to_contain_text("Ask @pam where the stapler is")
    expect(rows.nth(2)).to_contain_text("Jim Halpert replied to your message in #general")
    expect(row).to_have_accessible_name("Inbox, 2 unread")
    assert violations_in_each_look(page) == {}
    # J and K move, E and Space mark.
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("e")
    expect(rows.nth(0)).not_to_contain_text("Unread")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(rows.nth(1)).not_to_contain_text("Unread")
    expect(row).to_have_accessible_name("Inbox, 1 unread")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("e")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    expect(rows.nth(1)).to_contain_text("Unread")
    expect(row).to_have_accessible_name("Inbox, 2 unread")
    # With only what is unread, a row that is marked goes, and the next one has the focus.
    open_address(other, "/inbox?unread=true")
    others = other.locator("[data-inbox]")
    expect(others).to_have_count(3)
    other.keyboard.press("j")
    other.keyboard.press("e")
    expect(others).to_have_count(2)
    expect(others.nth(0)).to_be_focused()
    expect(rows.nth(0)).not_to_contain_text("Unread")
    # Opening reads it.
    other.keyboard.press("Enter")
    other.wait_for_url(f"**/c/general/m/{named}")
    expect(rows.nth(1)).not_to_contain_text("Unread")
    expect(row).to_have_accessible_name("Inbox, 1 unread")
    page.keyboard.press("Shift+E")
    expect(page.locator(".inbox__item--unread")).to_have_count(0)
    expect(row).to_have_accessible_name("Inbox")
    rows.nth(2).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/c/general/t/{root}/m/*")
    expect(page.get_by_role("complementary", name="Thread")).to_contain_text("Not me")
