"""A reply that is also sent to the channel, by keyboard and seen by others."""

import httpx
from playwright.sync_api import expect
from tests.support.serving import Served

from e2e.axe import violations
from e2e.layout import STICKS_OUT
from e2e.views import open_address
from e2e.watch import Watch
from e2e.window import NARROW, Visit


def said(client: httpx.Client, text: str) -> str:
    return str(
        client.post("/api/messages", json={"channelId": "general", "text": text}).json()["id"]
    )


def test_a_reply_is_also_sent_to_the_channel_as_one_message(
    visit: Visit, server: Served, watch: Watch
):
    watch.refusals = True
    with server.client("pam") as pam:
        root = said(pam, "Who wants **pizza**?")
        said(pam, "Something else")
    page, other = visit(server, "jim"), visit(server, "kevin")
    open_address(other, "/c/general")
    open_address(page, f"/c/general/t/{root}")
    panel = page.get_by_role("complementary", name="Thread")
    composer = panel.get_by_role("textbox", name="Reply…")
    box = panel.get_by_role("checkbox", name="Also send to #general")
    composer.fill("Me, with olives")
    box.press("Space")
    # The draft keeps it, and so does a message that the server has not taken.
    page.reload()
    expect(composer).to_have_value("Me, with olives")
    expect(box).to_be_checked()
    page.route("**/api/messages", lambda route: route.abort())
    composer.press("Enter")
    expect(panel.get_by_text("Will send when")).to_be_visible()
    expect(composer).to_have_value("")
    expect(box).not_to_be_checked()
    page.unroute("**/api/messages")
    page.reload()
    mine, theirs = (
        each.get_by_role("log").locator("[data-message-id]", has_text="Me, with olives")
        for each in (page, other)
    )
    for row in (mine, theirs):
        expect(row).to_have_count(1)
        expect(row).to_contain_text("Replied to a thread: Who wants pizza?")
    expect(panel.locator("[data-message-id]", has_text="Me, with olives")).to_contain_text(
        "Also sent to the channel"
    )
    with server.client("pam") as pam:
        [_, reply] = pam.get("/api/channels/general/messages?limit=2").json()
    mine = page.get_by_role("log").locator(f'[data-message-id="{reply["id"]}"]')
    theirs.get_by_role("link", name="Replied to a thread").click()
    thread = other.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("Me, with olives")).to_be_visible()
    # What is done to it in one place is seen in the other, and by others.
    mine.hover()
    mine.get_by_role("button", name="Edit").click()
    editor = mine.get_by_role("textbox")
    editor.fill("Me, with ham")
    editor.press("Enter")
    for each in (page, other):
        expect(each.get_by_text("Me, with ham")).to_have_count(2)
    for size in (None, NARROW):
        if size:
            page.set_viewport_size(size)
            page.get_by_role("link", name="Close thread").click()
        assert violations(page) == []
        assert page.evaluate(STICKS_OUT) == []
    with server.client("pam") as pam:
        pam.delete(f"/api/messages/{root}")
    expect(page.get_by_text("Me, with ham")).to_have_count(0)
    expect(other.get_by_text("Me, with ham")).to_have_count(0)
