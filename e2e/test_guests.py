"""What a guest opens, without a single request that is refused."""

from playwright.sync_api import expect

from e2e.team import Enter, TeamWorkspace, new_name
from e2e.views import open_page
from e2e.watch import Watch


def test_a_guest_looks_around_and_is_refused_nothing(
    team: TeamWorkspace, enter: Enter, watch: Watch
):
    page = enter(team.person(new_name("Gus"), "guest"))
    open_page(page, "/c/general")
    face = page.locator(".rail__member").first
    about = face.get_attribute("data-about")
    face.click()
    expect(page.get_by_role("dialog")).to_contain_text("Idle")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="All members").click()
    expect(page.get_by_role("dialog", name="Members")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    open_page(page, f"/a/{about}")
    expect(page.get_by_text("Guests don’t see an agent’s settings")).to_be_visible()
    for path in ("/settings", "/r/00000000-0000-4000-8000-000000000001"):
        open_page(page, path)
        expect(page.get_by_text("Not for guests")).to_be_visible()
    for path in ("/account", "/account/tokens", "/search?q=paper", "/admin"):
        open_page(page, path)
    expect(page.get_by_text("Only for owners and admins")).to_be_visible()
    refused = [f"{one.status} {one.url}" for one in watch.answers if one.status >= 400]
    assert refused == []
