"""Group messages: begun from where a DM is, found again, told like a DM, and nobody else's."""

import re

from playwright.sync_api import Page, expect

from e2e.axe import violations_in_each_look
from e2e.team import Enter, TeamWorkspace, new_name
from e2e.views import settle
from e2e.watch import Watch
from e2e.window import NARROW


def add(page: Page, *names: str) -> None:
    """With the keyboard alone."""
    field = page.get_by_role("dialog").get_by_role("combobox", name="To", exact=True)
    expect(field).to_be_focused()
    for name in names:
        page.keyboard.type(name)
        expect(page.get_by_role("option", name=re.compile(name)).first).to_be_visible()
        page.keyboard.press("Enter")
        chosen = page.get_by_role("list", name="Chosen members")
        expect(chosen.get_by_role("listitem").filter(has_text=name)).to_have_count(1)


def test_several_people_write_to_each_other(team: TeamWorkspace, enter: Enter):
    ann, bea, cat = new_name("Ann"), new_name("Bea"), new_name("Cat")
    first, second = team.person(ann), team.person(bea)
    third = team.person(cat)
    page, other = enter(first), enter(second)
    for one in (page, other):
        one.goto("/c/general")
        settle(one)
    page.get_by_role("button", name="New message").click()
    page.get_by_role("button", name="Message several people").click()
    assert violations_in_each_look(page) == {}
    add(page, bea, cat)
    # Enter in the empty field sends the form.
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"{bea} and {cat}")
    expect(page.locator("#main")).to_contain_text("Only the 3 of you can see it.")
    address = page.url
    settle(page)
    assert violations_in_each_look(page) == {}
    area = page.locator("#main .composer__area")
    area.fill("Lunch, all of us?")
    area.press("Enter")
    # The others learn of it as of a DM, under the names of the others.
    row = other.get_by_role("link", name=re.compile(f"^{ann} and {cat}, group message, 1 unread"))
    expect(row.locator(".sidebar__badge")).to_have_text("1")
    row.click()
    expect(other.locator("#main [data-message-id]")).to_contain_text(["Lunch, all of us?"])
    reply = other.locator("#main .composer__area")
    reply.fill("At noon")
    reply.press("Enter")
    expect(page.locator("#main [data-message-id]").last).to_contain_text("At noon")
    # Whoever begins it again comes to the same one.
    last = enter(third)
    last.goto("/c/general")
    settle(last)
    last.keyboard.press("Control+k")
    expect(last.get_by_role("combobox", name="Jump to")).to_be_focused()
    last.keyboard.type("new group")
    last.keyboard.press("Enter")
    add(last, ann, bea)
    last.get_by_role("button", name="Open conversation").click()
    expect(last.locator("#main [data-message-id]")).to_have_count(2)
    assert last.url.rpartition("/")[2] == address.rpartition("/")[2]


def test_with_more_people_it_is_another_one_and_nobody_else_finds_it(
    team: TeamWorkspace, enter: Enter, watch: Watch
):
    bea, cat = new_name("Bea"), new_name("Cat")
    first = team.person(new_name("Ann"))
    members = [team.person(name).get("/api/me").json()["id"] for name in (bea, cat)]
    group = {"id": "group", "name": "group", "kind": "group_dm"}
    me = first.get("/api/me").json()["id"]
    made = first.post("/api/channels", json={**group, "memberIds": [me, *members]})
    assert made.status_code == 201, made.text
    page = enter(first)
    page.goto("/d/group")
    settle(page)
    page.get_by_role("button", name="New group message with more people").click()
    expect(page.get_by_role("list", name="Chosen members").get_by_role("listitem")).to_have_count(2)
    add(page, "Jim Halpert")
    page.keyboard.press("Control+Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"{bea}, {cat}, and Jim Halpert")
    expect(page.locator("#main [data-message-id]")).to_have_count(0)
    page.set_viewport_size(NARROW)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    heading.get_by_role("button").click()
    expect(page.get_by_role("dialog", name="4 members")).to_contain_text("Jim Halpert")
    page.get_by_role("button", name="Choose who replies").click()
    replies = page.get_by_role("dialog", name=f"{bea}, {cat}, and Jim Halpert")
    policy = replies.get_by_label("Who replies to a message")
    expect(policy).to_have_value("best_fit")
    policy.select_option(label="Only agents that are mentioned")
    expect(replies.get_by_label("Host")).to_have_count(0)
    of_larger = page.url.rpartition("/")[2]
    answering = first.get(f"/api/channels/{of_larger}/answering").json()
    assert answering["policy"] == "mentions"
    assert violations_in_each_look(page) == {}
    page.keyboard.press("Escape")
    expect(replies).to_have_count(0)
    watch.refusals = True
    stranger = enter(team.person(new_name("Dan")))
    stranger.goto("/d/group")
    expect(stranger.get_by_role("heading", name="Not found").first).to_be_visible()
    expect(stranger.get_by_role("navigation").first).not_to_contain_text(bea)
