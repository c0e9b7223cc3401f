"""What is fetched when the channel, the thread or the acting user changes."""

import pytest
from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.views import PACK, go_to, open_general, rail, settle, thread_address, view_as
from e2e.watch import Watch
from e2e.window import Visit

WORKSPACE = [f"GET /api/{name}" for name in ("channels", "session", "sidebar", "unreads", "users")]


def sidebar_of(page: Page) -> list[str]:
    """The ids of the channels that the sidebar offers."""
    links = page.get_by_role("navigation").get_by_role("link")
    addresses = links.evaluate_all("all => all.map((one) => one.pathname)")
    return sorted(
        address.rpartition("/")[2] for address in addresses if address.startswith(("/c/", "/d/"))
    )


def joined_by(user_id: str) -> list[str]:
    return sorted(channel.id for channel in PACK.channels if user_id in channel.member_ids)


@pytest.mark.ac("1.4.9", "1.4.10")
def test_a_thread_fetches_its_replies_and_a_channel_switch_its_messages(
    visit: Visit, shared_server: Served, watch: Watch
):
    page = visit(shared_server)
    open_general(page)
    # The document brought what the first view shows.
    assert watch.of_api() == []

    root = thread_address().rpartition("/")[2]
    page.locator(f'[data-message-id="{root}"] .thread-preview').click()
    expect(page.get_by_role("list", name="Replies").get_by_role("listitem").first).to_be_visible()
    settle(page)
    assert watch.of_api() == [f"GET /api/messages/{root}", f"GET /api/messages/{root}/replies"]

    for channel_id, name in (("sales", "sales"), ("dm-michael-jim", "Jim Halpert")):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_accessible_name(name)
        settle(page)
        assert watch.of_api() == [f"GET /api/channels/{channel_id}/messages"]


@pytest.mark.ac("1.2.7", "1.4.8", "1.4.11")
def test_acting_as_somebody_shows_what_they_may_see(
    visit: Visit, shared_server: Served, watch: Watch
):
    page = visit(shared_server)
    page.goto("/c/management")
    settle(page)
    assert sidebar_of(page) == joined_by("michael")
    watch.of_api()

    view_as(page, "Kevin Malone")
    current = rail(page).locator("[aria-current]")
    expect(current).to_have_accessible_name("Kevin Malone, Accountant, active")
    page.wait_for_url("**/c/general")
    expect(page.get_by_role("link", name="accounting")).to_be_visible()
    settle(page)
    assert sidebar_of(page) == joined_by("kevin")
    expect(page.get_by_role("navigation")).to_contain_text("Kevin Malone")
    card = "GET /api/agents/kevin/queue"
    assert watch.of_api() == sorted(
        [*WORKSPACE, card, "PUT /api/session", "GET /api/channels/general/messages"]
    )

    page.get_by_role("link", name="accounting").click()
    expect(page.locator("#main")).to_contain_text("It balances. We may go home.")


@pytest.mark.ac("1.4.11")
@pytest.mark.parametrize("user_id", ["michael", "pam"])
def test_a_private_channel_is_not_there_for_others(
    visit: Visit, shared_server: Served, watch: Watch, user_id: str
):
    watch.refusals = True
    page = visit(shared_server, user_id)
    page.goto("/c/accounting")
    for path in ("/c/accounting", "/d/dm-dwight-angela", "/c/never-existed"):
        go_to(page, path)
        expect(page.get_by_text("Page not found")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
        settle(page)
        assert sidebar_of(page) == joined_by(user_id)
        shown = page.locator("body").inner_text()
        assert "balances" not in shown
        assert "accounting" not in shown
