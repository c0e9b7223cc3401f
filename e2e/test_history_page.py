"""The time machine shows a channel and an agent's memory as they were, and changes nothing."""

from collections.abc import Callable

import httpx
from playwright.sync_api import expect
from tests.support.posting import post
from tests.support.serving import Served

from e2e.axe import violations
from e2e.views import open_page
from e2e.window import Visit

NARROW = {"width": 390, "height": 844}


def test_one_steps_back_through_what_was_said(
    visit: Visit, server: Served, acting: Callable[[str], httpx.Client]
):
    pam = acting("pam")
    first = post(pam, "Twelve boxes.").json()["id"]
    reply = post(pam, "By Friday.", parentMessageId=first)
    assert reply.status_code == 201
    pam.put("/api/agents/jim/memory/plan", json={"content": "Order paper."}).raise_for_status()
    pam.patch(f"/api/messages/{first}", json={"text": "Thirteen boxes."}).raise_for_status()
    page = visit(server)
    open_page(page, "/history?channel=general&agent=jim")
    expect(page.get_by_role("heading", level=1)).to_have_text("Time machine")
    messages = page.get_by_role("region", name="Messages, newest first")
    row = messages.get_by_role("listitem").filter(has_text="boxes")
    expect(row).to_contain_text("Thirteen boxes.")
    row.get_by_role("button", name="Show 1 reply").press("Enter")
    expect(row).to_contain_text("By Friday.")
    memory = page.get_by_role("region", name="Memory")
    expect(memory).to_contain_text("Order paper.")
    expect(page.get_by_role("button", name="Later change")).to_be_disabled()
    assert violations(page) == []

    # The change of the memory, the reply, the message.
    earlier = page.get_by_role("button", name="Earlier change")
    for _ in range(3):
        before = page.url
        earlier.press("Enter")
        page.wait_for_url(lambda url, before=before: url != before)
        expect(earlier).to_be_enabled()
    expect(row).to_contain_text("Twelve boxes.")
    expect(row.get_by_role("button", name="Show 1 reply")).to_have_count(0)
    expect(memory).not_to_contain_text("Order paper.")
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []


def test_a_channel_that_cannot_be_read_is_not_there(visit: Visit, shared_server: Served):
    page = visit(shared_server, "kevin")
    open_page(page, "/history?channel=management")
    expect(page.get_by_text("This channel can’t be shown")).to_be_visible()
    assert "management" not in page.get_by_label("Channel", exact=True).inner_text()
