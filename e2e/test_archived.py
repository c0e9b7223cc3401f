"""Messages of an archived channel are found, open in place, and say why nobody can write there."""

import re

from playwright.sync_api import expect
from tests.support.serving import Served

from e2e.views import go_to, open_page
from e2e.window import Visit


def test_a_search_hit_in_an_archived_channel_opens_in_place(visit: Visit, server: Served):
    with server.client("jim") as jim:
        made = {"id": "attic", "name": "attic", "kind": "public"}
        assert jim.post("/api/channels", json=made).status_code == 201
        said = jim.post(
            "/api/messages", json={"channelId": "attic", "text": "The zeppelin is here"}
        )
        root = said.json()["id"]
        reply = {"channelId": "attic", "text": "Which dirigible?", "parentMessageId": root}
        assert jim.post("/api/messages", json=reply).status_code == 201
        assert jim.post("/api/channels/attic/archive").status_code == 200
    page = visit(server)
    open_page(page, "/search?q=zeppelin")
    hit = page.get_by_role("link", name=re.compile("attic"))
    expect(hit).to_contain_text("in #attic · archived")
    hit.press("Enter")
    expect(page.get_by_role("heading", name="attic")).to_be_visible()
    expect(page.locator(f'[data-message-id="{root}"]').first).to_be_visible()
    note = page.get_by_role("note").filter(has_text="This channel is archived")
    expect(note).to_be_visible()
    expect(page.locator(".composer")).to_have_count(0)
    go_to(page, "/search?q=dirigible")
    page.get_by_role("link", name=re.compile("attic")).press("Enter")
    expect(page.get_by_role("complementary", name="Thread")).to_contain_text("Which dirigible?")
    expect(page.locator(".composer")).to_have_count(0)
    # Restored, it is a channel like others.
    with server.client("jim") as jim:
        assert jim.post("/api/channels/attic/restore").status_code == 200
    expect(note).to_have_count(0)
