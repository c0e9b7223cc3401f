"""What others do is seen at once, in a window that nobody touches."""

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.views import face, settle
from e2e.watch import Watch
from e2e.window import Visit


def opened(visit: Visit, served: Served, path: str, user_id: str) -> Page:
    page = visit(served, user_id)
    with page.expect_response("**/api/sse*"):
        page.goto(path)
    settle(page)
    return page


def texts(page: Page):
    return page.locator("#main .message-text")


def test_a_message_its_edit_reactions_and_end(visit: Visit, server: Served):
    page = opened(visit, server, "/c/sales", "michael")
    with server.client("jim") as jim:
        written = jim.post("/api/messages", json={"channelId": "sales", "text": "Bears."}).json()
        expect(texts(page).last).to_have_text("Bears.")
        address = f"/api/messages/{written['id']}"
        jim.patch(address, json={"text": "Beets."})
        expect(texts(page).last).to_have_text("Beets.")
        row = page.locator(f'[data-message-id="{written["id"]}"]')
        jim.post(f"{address}/reactions", json={"emoji": "🐻"})
        expect(row.locator(".reaction")).to_have_count(1)
        jim.request("DELETE", f"{address}/reactions", json={"emoji": "🐻"})
        expect(row.locator(".reaction")).to_have_count(0)
        jim.post(
            "/api/messages",
            json={"channelId": "sales", "text": "Why", "parentMessageId": written["id"]},
        )
        expect(row.locator(".thread-preview")).to_contain_text("1 reply")
        jim.request("DELETE", address)
        expect(row).to_have_count(0)


def test_unread_counts_channels_and_people(visit: Visit, server: Served):
    page = opened(visit, server, "/c/sales", "michael")
    sidebar = page.get_by_role("navigation")
    general = sidebar.get_by_role("link", name="general")
    expect(general).to_have_accessible_name("general")
    with server.client("jim") as jim:
        jim.post("/api/messages", json={"channelId": "general", "text": "One more"})
        expect(general).to_have_accessible_name("general, 1 unread")
        jim.post("/api/channels", json={"id": "annex", "name": "annex", "kind": "public"})
        jim.post("/api/channels/annex/members", json={"userId": "michael"})
        annex = sidebar.get_by_role("link", name="annex", exact=True)
        expect(annex).to_be_visible()
        jim.patch("/api/channels/annex", json={"name": "loft"})
        expect(sidebar.get_by_role("link", name="loft", exact=True)).to_be_visible()
        expect(annex).to_have_count(0)
        jim.put("/api/users/jim/presence", json={"presence": "away"})
        expect(face(page, "Jim Halpert")).to_have_accessible_name(
            "Jim Halpert, Sales Representative, away"
        )


def test_a_private_channel_comes_and_goes_with_membership(
    visit: Visit, server: Served, watch: Watch
):
    watch.refusals = True
    page = opened(visit, server, "/c/accounting", "michael")
    expect(page.get_by_text("Page not found")).to_be_visible()
    with server.client("kevin") as kevin:
        kevin.post("/api/channels/accounting/members", json={"userId": "michael"})
        expect(page.get_by_role("link", name="accounting")).to_be_visible()
        expect(page.locator("#main")).to_contain_text("It balances.")
        kevin.delete("/api/channels/accounting/members/michael")
        expect(page.get_by_text("Michael Scott is not in this channel any more")).to_be_visible()
        expect(page.get_by_role("link", name="accounting")).to_have_count(0)
