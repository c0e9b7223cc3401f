"""Opening Bullpen without its server: what was last seen is shown to whoever saw it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Page, expect
from tests.support.posting import post
from tests.support.serving import serving

from bullpen.api.browser import client
from e2e.axe import violations_in_each_look
from e2e.team import Enter, TeamWorkspace, new_name, sign_in_by_form
from e2e.views import settle
from e2e.watch import Watch
from e2e.window import PATIENCE_MS, WIDE, Visit

BAR = "You’re offline. Showing what was last seen today at 9:03 AM."
KEPT = "caches.match('/last-seen', { cacheName: 'bullpen.seen' }).then((one) => one?.text() ?? '')"


@pytest.fixture(autouse=True)
def _refused(watch: Watch):
    """What is asked of a server that is not there."""
    watch.refusals = True


def wait_until_kept(page: Page, *texts: str) -> None:
    wait_for(page, lambda: all(text in page.evaluate(KEPT) for text in texts))


def wait_for(page: Page, condition: Callable[[], bool]) -> None:
    """Playwright does not wait for promises in a page."""
    deadline = monotonic() + PATIENCE_MS / 1000
    while not condition():
        assert monotonic() < deadline
        page.wait_for_timeout(50)


def messages(page: Page, text: str):
    return page.locator("#main [data-message-id]").filter(has_text=text)


def opened(page: Page, path: str) -> None:
    page.goto(path)
    settle(page)


def test_it_opens_without_its_server_and_sends_what_was_written_when_it_is_back(
    visit: Visit, url: str
):
    with serving(url) as served:
        page = visit(served, worker=True)
        with served.client("jim") as jim:
            for text in ("Kept words", "Soon deleted"):
                sent = post(jim, text, channel="general").json()
        opened(page, "/c/sales")
        opened(page, "/c/general")
        expect(messages(page, "Soon deleted")).to_be_visible()
        # The channel that was read before is loaded for it as well.
        wait_until_kept(page, "Soon deleted", '"sales":{"items"')
    page.reload()
    expect(page.get_by_role("alert").filter(has_text=BAR)).to_be_visible()
    expect(messages(page, "Kept words")).to_be_visible()
    assert violations_in_each_look(page) == {}
    page.set_viewport_size(WIDE)
    page.locator(".sidebar").get_by_role("link", name="sales").click()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("sales")
    expect(page.locator("#main [data-message-id]").first).to_be_visible()
    page.locator(".sidebar").get_by_role("link", name="general").click()
    area = page.locator("#main form.composer .composer__area")
    area.fill("Written offline")
    area.press("Enter")
    expect(messages(page, "Written offline")).to_contain_text("Will send when you’re back online.")
    area.fill("Only begun")
    page.reload()
    expect(messages(page, "Written offline")).to_contain_text("Will send when you’re back online.")
    expect(area).to_have_value("Only begun")
    with serving(url) as other, other.client("jim") as jim:
        assert jim.delete(f"/api/messages/{sent['id']}").status_code == 200
    expect(messages(page, "Soon deleted")).to_be_visible()
    with serving(url, port=served.port):
        page.get_by_role("button", name="Try now").click()
        expect(page.get_by_text(BAR)).to_have_count(0)
        expect(messages(page, "Soon deleted")).to_have_count(0)
        expect(messages(page, "Kept words")).to_be_visible()
        expect(messages(page, "Will send when")).to_have_count(0)
        with served.client("jim") as jim:
            page_of = jim.get("/api/channels/general/messages").json()
        assert [one["text"] for one in page_of].count("Written offline") == 1
        # What was deleted is not kept any more either.
        wait_for(page, lambda: "Soon deleted" not in page.evaluate(KEPT))


def test_a_window_that_views_another_member_shows_nothing_that_was_kept(visit: Visit, url: str):
    with serving(url) as served:
        page = visit(served, worker=True)
        opened(page, "/c/general")
        wait_until_kept(page, '"general":{"items"')
    page.evaluate("sessionStorage.setItem('bullpen.actor', 'dwight')")
    page.reload()
    expect(page.get_by_role("heading", name="Can’t reach Bullpen")).to_be_visible()
    expect(messages(page, "")).to_have_count(0)


def test_what_was_seen_goes_at_sign_out_and_is_not_the_next_members(
    team: TeamWorkspace, enter: Enter
):
    name, other = new_name("Nina"), new_name("Otto")
    person = team.person(name)
    team.person(other)
    page = enter(person, worker=True)
    opened(page, "/c/general")
    wait_until_kept(page, '"general":{"items"')
    second = page.context.new_page()
    opened(second, "/c/random")
    page.locator(".sidebar__me").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")
    # Nor does another window keep it again.
    second.wait_for_url("**/sign-in*")
    assert page.evaluate(KEPT) == ""
    page.context.set_offline(True)
    page.goto("/c/general")
    expect(page.get_by_role("heading", name="Can’t reach Bullpen")).to_be_visible()
    page.context.set_offline(False)
    page.goto("/sign-in")
    sign_in_by_form(page, other)
    page.wait_for_url("**/c/general")
    settle(page)
    wait_until_kept(page, '"general":{"items"')
    kept = json.loads(page.evaluate(KEPT))["state"]
    assert kept["users"][kept["session"]["userId"]]["displayName"] == other
    second.close()


def test_an_update_of_the_server_is_shown_at_once_and_kept(
    visit: Visit, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    load = client.load
    with serving(url) as served:
        page = visit(served, worker=True)
        opened(page, "/c/general")
        wait_until_kept(page, '"general":{"items"')
        before = versions(page)
        opened(page, "/c/general")
        assert versions(page) == before == [f"bullpen.files:{load().version}"]
    newer = tmp_path / "client"
    shutil.copytree(client.FOLDER, newer)
    module = newer / "shell" / "ConnectionBar.js"
    module.write_text(module.read_text().replace("You’re offline.", "You’re away."))
    monkeypatch.setattr(client, "load", lambda: load(newer))
    with serving(url, port=served.port):
        opened(page, "/c/general")
        assert load(newer).version in page.content()
        current = [f"bullpen.files:{load(newer).version}"]
        wait_for(page, lambda: versions(page) == current)
    page.reload()
    expect(page.get_by_text("You’re away. Showing what was last seen")).to_be_visible()


def versions(page: Page) -> list[str]:
    names: list[str] = page.evaluate("caches.keys()")
    return [name for name in names if name.startswith("bullpen.files:")]
