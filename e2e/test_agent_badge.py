"""Agents carry a mark beside their names; people do not."""

from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served

from e2e.views import go_to, settle
from e2e.window import Visit


def badge(place: Locator) -> Locator:
    return place.get_by_role("img", name="agent", exact=True)


def joined(served: Served, name: str) -> str:
    """A person of that name, who has written to #general."""
    with served.client() as client:
        person = client.post("/api/people", json={"displayName": name, "title": "Visitor"}).json()
        message = {"channelId": "general", "text": f"Hello from {name}"}
        assert client.post("/api/messages", json=message).status_code == 201
    return str(person["id"])


def open_completion(page: Page, typed: str) -> Locator:
    page.locator("#main .composer__area").fill(typed)
    return page.locator(".completion")


def test_agents_have_a_mark_wherever_members_are_named(visit: Visit, server: Served):
    person_id = joined(server, "Alice Doe")
    page = visit(server, "michael")
    page.goto("/c/general")
    settle(page)

    rows = page.locator("#main [data-message-id]")
    expect(badge(rows.filter(has_text="Hello from Alice Doe"))).to_have_count(0)
    expect(badge(rows.filter(has_text="Last look at the morning"))).to_have_count(1)

    expect(badge(open_completion(page, "@pam"))).to_have_count(1)
    offered = open_completion(page, "@alice")
    expect(offered).to_contain_text("Alice Doe")
    expect(badge(offered)).to_have_count(0)
    page.locator("#main .composer__area").fill("")

    page.get_by_role("button", name="Show the 17 members").click()
    members = page.get_by_role("dialog", name="17 members").get_by_role("listitem")
    expect(badge(members)).to_have_count(16)
    expect(badge(members.filter(has_text="Alice Doe"))).to_have_count(0)
    page.keyboard.press("Escape")

    page.get_by_role("button", name="About #general").click()
    members = page.get_by_role("dialog", name="general").get_by_role("listitem")
    expect(badge(members)).to_have_count(16)
    page.keyboard.press("Escape")

    page.get_by_role("button", name="All members").click()
    members = page.get_by_role("dialog", name="Members").get_by_role("listitem")
    expect(badge(members)).to_have_count(16)
    expect(badge(members.filter(has_text="Alice Doe"))).to_have_count(0)
    page.keyboard.press("Escape")

    page.keyboard.press("Control+k")
    switcher = page.get_by_role("dialog", name="Jump to")
    switcher.get_by_role("combobox").fill("Jim Halpert")
    expect(badge(switcher.get_by_role("option", name="Jim Halpert"))).to_have_count(1)
    switcher.get_by_role("combobox").fill("Alice Doe")
    expect(badge(switcher.get_by_role("option", name="Alice Doe"))).to_have_count(0)
    page.keyboard.press("Escape")

    go_to(page, "/d/dm-michael-jim")
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("Jim Halpert")
    expect(badge(page.locator(".header"))).to_have_count(1)
    go_to(page, "/a/pam")
    expect(page.locator(".header")).to_contain_text("Pam Beesly")
    expect(badge(page.locator(".header"))).to_have_count(1)
    go_to(page, f"/search?q=from:{person_id}")
    found = page.locator(".hit")
    expect(found).to_contain_text("Hello from Alice Doe")
    expect(badge(found)).to_have_count(0)
    go_to(page, "/search?q=from:pam")
    expect(page.locator(".hit").first).to_contain_text("Pam Beesly")
    expect(badge(page.locator(".hit").first)).to_have_count(1)
