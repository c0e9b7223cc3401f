"""A deletion that is taken back by keyboard, seen in two windows."""

from playwright.sync_api import expect
from tests.support.serving import Served

from e2e.axe import violations
from e2e.layout import STICKS_OUT
from e2e.views import open_address
from e2e.window import NARROW, Visit


def test_a_deletion_is_undone_in_every_window(visit: Visit, server: Served):
    with server.client("pam") as pam, server.client("jim") as jim:
        body = {"channelId": "general", "text": "Who wants pizza?"}
        root = pam.post("/api/messages", json=body).json()["id"]
        jim.post("/api/messages", json=body | {"text": "Me!", "parentMessageId": root})
        jim.post(f"/api/messages/{root}/reactions", json={"emoji": "🍕"})
        jim.put(f"/api/messages/{root}/pin")
    page, other = visit(server, "pam"), visit(server, "kevin")
    open_address(page, "/c/general")
    open_address(other, f"/c/general/t/{root}")
    thread = other.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("Me!")).to_be_visible()
    mine, theirs = (
        each.get_by_role("log").locator(f'[data-message-id="{root}"]') for each in (page, other)
    )
    shown = mine.inner_text()
    mine.hover()
    mine.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    for row in (mine, theirs):
        expect(row).to_have_count(0)
    expect(thread.get_by_text("Me!")).to_have_count(0)
    said = page.get_by_role("alert").filter(has_text="Message deleted")
    expect(said).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate(STICKS_OUT) == []
    page.get_by_role("button", name="Undo").press("Enter")
    for row in (mine, theirs):
        expect(row).to_have_count(1)
        expect(row).to_contain_text("Pinned by")
        expect(row.get_by_role("button", name="🍕")).to_be_visible()
        expect(row.get_by_role("link", name="1 reply")).to_be_visible()
    expect(thread.get_by_text("Me!")).to_be_visible()
    assert shown.partition("\n")[0] in mine.inner_text()
    expect(page.get_by_text("The message is back")).to_be_visible()
