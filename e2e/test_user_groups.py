"""User groups in windows: made by keyboard, offered, mentioned, seen as they change."""

from playwright.sync_api import expect

from e2e.axe import violations_in_each_look
from e2e.team import Enter, TeamWorkspace, new_name
from e2e.views import settle
from e2e.watch import Watch
from e2e.window import WIDE


def test_a_group_is_made_by_keyboard_and_a_refusal_keeps_what_was_typed(
    team: TeamWorkspace, enter: Enter, watch: Watch
):
    watch.refusals = True
    name = new_name("Rolf")
    writer, _ = team.person(new_name("Wanda")), team.person(name)
    page = enter(writer)
    page.goto("/c/general")
    settle(page)
    page.get_by_role("button", name="All members").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="User groups").press("Enter")
    page.get_by_role("button", name="New user group").press("Enter")
    made = page.get_by_role("dialog", name="New user group")
    handle = made.get_by_label("Name", exact=True)
    expect(handle).to_be_focused()
    page.keyboard.type("pam")
    page.keyboard.press("Tab")
    page.keyboard.type("Who ships")
    page.keyboard.press("Tab")
    page.keyboard.type(name)
    expect(made.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    made.get_by_role("button", name="Create").press("Enter")
    # Somebody is called so.
    expect(made.locator("#field-user-group-handle-below")).to_contain_text("already exists")
    expect(made.get_by_label("Description")).to_have_value("Who ships")
    expect(made.locator(".chosen__one")).to_have_count(1)
    assert violations_in_each_look(page) == {}
    page.set_viewport_size(WIDE)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="All members").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="User groups").press("Enter")
    page.get_by_role("button", name="New user group").press("Enter")
    expect(made.get_by_label("Description")).to_have_value("Who ships")
    handle.fill("@makers")
    handle.press("Enter")
    group = page.get_by_role("dialog", name="@makers")
    expect(group.get_by_role("link", name=name)).to_be_visible()
    group.get_by_role("combobox", name="Add people").fill("Dwight")
    page.keyboard.press("Enter")
    expect(group.get_by_role("heading", name="2 members")).to_be_visible()
    assert violations_in_each_look(page) == {}
    group.get_by_role("button", name="All user groups").press("Enter")
    row = page.get_by_role("dialog", name="User groups").get_by_role("listitem")
    expect(row).to_have_text(["@makers2 members · Who ships"])
    assert violations_in_each_look(page) == {}


def test_two_windows_see_a_group_mentioned_and_changed_and_a_guest_sees_text(
    team: TeamWorkspace, enter: Enter
):
    name = new_name("Rolf")
    writer, reader = team.person(new_name("Wanda")), team.person(name)
    guest = team.person(new_name("Gert"), "guest")
    for one in (writer, reader):
        one.post("/api/channels/general/members", json={"userId": me(one)})
    crew = {"handle": "crew", "description": "Who ships", "memberIds": [me(reader), "dwight"]}
    made = writer.post("/api/user-groups", json=crew).json()
    page, seen, outside = enter(writer), enter(reader), enter(guest)
    for window, place in ((page, "general"), (seen, "random"), (outside, "general")):
        window.goto(f"/c/{place}")
        settle(window)
    box = page.locator("#main .composer__area")
    box.click()
    page.keyboard.type("Hi @cre")
    expect(page.locator(".completion__choice").first).to_have_text(
        f"@crewDwight Schrute and {name} · Who ships"
    )
    page.keyboard.press("Enter")
    expect(box).to_have_value("Hi @crew ")
    expect(page.locator(".composer__reach")).to_contain_text("Notifies 1 person")
    page.keyboard.press("Enter")
    mention = page.locator("#main [data-message-id] .mention--group")
    expect(mention).to_have_class("mention mention--group")
    # It counts for the reader, and stands out in their window.
    channel = seen.get_by_role("link", name="general")
    expect(channel.locator(".sidebar__badge")).to_have_text("1")
    channel.click()
    theirs = seen.locator("#main [data-message-id] .mention--group")
    expect(theirs).to_have_class("mention mention--group mention--mine")
    said = outside.locator("#main [data-message-id]").last
    expect(said).to_contain_text("Hi @crew")
    expect(said.locator(".mention")).to_have_count(0)
    assert violations_in_each_look(seen) == {}

    theirs.click()
    mention.click()
    card, other = (window.get_by_role("dialog", name="@crew") for window in (page, seen))
    expect(other.get_by_role("link", name="Dwight Schrute")).to_be_visible()
    card.get_by_role("button", name=f"Remove {name}").click()
    card.get_by_role("button", name="Remove", exact=True).click()
    expect(other.get_by_role("heading", name="1 member")).to_be_visible()
    expect(other.get_by_role("link", name=name)).to_have_count(0)
    card.get_by_role("textbox", name="Description").fill("Who sails")
    card.get_by_role("button", name="Save").click()
    expect(other.get_by_role("textbox", name="Description")).to_have_value("Who sails")
    # Only owners and admins delete one. What was written stays.
    expect(card.get_by_role("button", name="Delete group")).to_have_count(0)
    assert team.owner.delete(f"/api/user-groups/{made['id']}").is_success
    expect(seen.get_by_role("dialog", name="User group not found")).to_be_visible()
    seen.keyboard.press("Escape")
    expect(theirs).to_have_count(0)
    expect(seen.locator("#main [data-message-id]").last).to_contain_text("Hi @crew")


def me(client) -> str:
    return client.get("/api/me").json()["id"]
