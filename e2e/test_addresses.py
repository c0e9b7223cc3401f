"""Every view has its address, and the way back is the browser's own."""

import re

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.views import go_to, settle, thread_address, titled
from e2e.watch import Watch
from e2e.window import Visit


def shown(page: Page) -> tuple[str, str]:
    settle(page)
    return page.evaluate("location.pathname"), re.sub(r"^\(\d+\) ", "", page.title())


GENERAL = ("/c/general", "#general · Dunder Mifflin")
SALES = ("/c/sales", "#sales · Dunder Mifflin")
JIM = ("/d/dm-michael-jim", "Jim Halpert · Dunder Mifflin")
THREAD = (thread_address(), "Thread in #general · Dunder Mifflin")


def test_each_step_has_an_address_that_opens_its_view_and_can_be_taken_back(
    visit: Visit, shared_server: Served
):
    page = visit(shared_server)
    page.goto("/")
    page.wait_for_url("**/c/general")
    opens(page, GENERAL)

    sidebar = page.get_by_role("navigation")
    sidebar.get_by_role("link", name="sales").click()
    page.wait_for_url("**/c/sales")
    opens(page, SALES)
    sidebar.get_by_role("link", name="Jim Halpert").click()
    page.wait_for_url("**/d/dm-michael-jim")
    opens(page, JIM)
    sidebar.get_by_role("link", name="general").click()
    page.locator(f'a[href="{thread_address()}"]').click()
    page.wait_for_url(f"**{thread_address()}")
    opens(page, THREAD)
    expect(page.get_by_role("complementary")).to_contain_text("Half past eight, Mike.")

    for expected in (GENERAL, JIM, SALES, GENERAL):
        page.go_back()
        page.wait_for_url(f"**{expected[0]}")
        expect(page).to_have_title(titled(expected[1]))
        assert shown(page) == expected
    expect(page.get_by_role("complementary")).to_have_count(0)
    page.go_forward()
    expect(page).to_have_title(titled(SALES[1]))
    assert shown(page) == SALES

    # A direct message under a channel's address finds its own.
    page.goto("/c/dm-michael-jim")
    page.wait_for_url("**/d/dm-michael-jim")
    assert shown(page) == JIM


def opens(page: Page, expected: tuple[str, str]) -> None:
    """The view that is shown has that address and title, and so has what the address opens."""
    assert shown(page) == expected
    page.reload()
    expect(page).to_have_title(titled(expected[1]))
    assert shown(page) == expected


NOT_THERE = {
    "/c/nothing": "it is private and Michael Scott is not a member",
    "/a/nobody": "No member of this workspace has this ID.",
    "/a/jim/dreams": "Check the address for typos.",
    "/r/nothing": "The run may have been deleted with its channel",
    "/settings/nothing": "Check the address for typos.",
    "/nothing": "Check the address for typos.",
}


def test_what_is_not_there_says_so_in_its_own_words_and_title(
    visit: Visit, shared_server: Served, watch: Watch
):
    watch.refusals = True
    page = visit(shared_server)
    for path, why in NOT_THERE.items():
        page.goto(path)
        expect(page.get_by_text(why), path).to_be_visible()
        if path.startswith("/a/"):
            expect(page.get_by_text("Page not found"), path).to_be_visible()
        expect(page, path).to_have_title(titled("Not found · Dunder Mifflin"))
        page.get_by_role("link", name="Go to #general").click()
        expect(page, path).to_have_title(titled("#general · Dunder Mifflin"))


def test_a_workspace_without_the_usual_channels_opens_at_one_that_it_has(
    visit: Visit, server: Served
):
    """Nothing is asked for that is not there: the watch would tell."""
    with server.client("michael") as michael:
        channels = michael.get("/api/channels").json()
    for channel in channels:
        if channel["kind"] != "dm" and channel["id"] != "random":
            with server.client(channel["memberIds"][0]) as member:
                assert member.delete(f"/api/channels/{channel['id']}").status_code == 200
    page = visit(server, "michael")
    page.goto("/")
    page.wait_for_url("**/c/random")
    expect(page).to_have_title(titled("#random · Dunder Mifflin"))


def test_unread_messages_of_channels_that_one_never_joined_are_not_counted(
    visit: Visit, shared_server: Served
):
    with shared_server.client("michael") as michael:
        unread = michael.get("/api/unreads").json()
        joined = {
            channel["id"]
            for channel in michael.get("/api/channels").json()
            if "michael" in channel["memberIds"]
        }
    assert unread["party-planning"] > 0
    assert "party-planning" not in joined
    page = visit(shared_server)
    page.goto("/settings")
    total = sum(count for channel_id, count in unread.items() if channel_id.startswith("dm-"))
    expect(page).to_have_title(f"({total}) Settings · Dunder Mifflin")
    link = page.get_by_role("navigation").get_by_role("link", name="party-planning")
    expect(link).to_have_count(0)
    # Somebody who looks at such a channel sees where they are.
    go_to(page, "/c/party-planning")
    expect(link).to_have_accessible_name("party-planning")
