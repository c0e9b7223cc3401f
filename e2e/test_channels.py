"""Channels are made, changed, joined, left and deleted, and conversations begun."""

import re

import httpx
from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served

from e2e.axe import problems_in_both_widths, violations, violations_in_each_look
from e2e.dialogs import about
from e2e.keyboard import press, tab_to
from e2e.layout import STICKS_OUT
from e2e.views import follow_link, from_the_top, go_to, open_address, open_general
from e2e.watch import Watch
from e2e.window import WIDE, Visit


def sidebar(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Channels and direct messages")


def test_channels_are_made_joined_and_left_and_only_public_ones_are_shown_to_others(
    visit: Visit, server: Served, run_sql, watch: Watch
):
    page, other = visit(server), visit(server, "creed")
    read = "SELECT count(*) FROM read_cursors WHERE user_id = 'michael'"
    before = run_sql(read)
    for each in (page, other):
        open_general(each)
        expect(each.get_by_role("status").filter(has_text="Connecting")).to_have_count(0)
    with server.client("phyllis") as phyllis:
        preview_by_keyboard(page, phyllis)
    assert run_sql(read) == before
    join_by_keyboard(page)
    page.set_viewport_size(WIDE)
    leave_in_the_list(page)
    join_where_it_is_read(page)
    follow_link(page, "management", "Private channel management")
    bring_remove_and_leave(page, other)
    from_the_top(page)
    make_private_channel_by_keyboard(page)
    rows = run_sql(
        "SELECT kind, array(SELECT user_id FROM channel_members m WHERE m.channel_id = c.id"
        " ORDER BY m.id) FROM channels c WHERE id = 'late-lunch'"
    )
    assert [tuple(row) for row in rows] == [("private", ["michael", "pam"])]
    watch.refusals = True
    make_public_channel_once_nothing_is_refused(page)
    # Others have it in the list of all channels: the sidebar has only those that one is in.
    sidebar(other).get_by_role("button", name="All channels").click()
    rows = other.get_by_role("dialog", name="Channels").get_by_role("listitem")
    expect(rows.filter(has_text="Annex")).to_contain_text("1 member")
    expect(rows.filter(has_text="Late Lunch")).to_have_count(0)
    expect(sidebar(other).get_by_role("link", name="Annex")).to_have_count(0)
    expect(sidebar(other).get_by_role("link", name="Late Lunch")).to_have_count(0)
    rows.get_by_role("link", name="Annex").click()
    # A channel that somebody only looks at can be read, and joined below its messages.
    expect(other.get_by_role("heading", level=1)).to_contain_text("Annex")
    expect(other.locator("#main").get_by_role("button", name="Join")).to_be_visible()
    expect(sidebar(other).get_by_role("link", name="Annex")).to_be_visible()


def make_private_channel_by_keyboard(page: Page) -> None:
    tab_to(page, page.get_by_role("button", name="Create a channel"))
    press(page, "Enter")
    dialog = page.get_by_role("dialog", name="New channel")
    name = dialog.get_by_role("textbox", name="Name")
    expect(name).to_be_focused()
    page.keyboard.type("Late Lunch")
    press(page, "Tab")
    page.keyboard.type("Where, and who <b>pays</b>")
    press(page, "Tab", "ArrowDown")
    expect(dialog.get_by_role("radio", name="Private")).to_be_checked()
    press(page, "Tab")
    page.keyboard.type("pam")
    press(page, "Enter")
    expect(dialog.get_by_role("list", name="Chosen members")).to_contain_text("Pam Beesly")
    tab_to(page, dialog.get_by_role("button", name="Create"))
    press(page, "Enter")
    page.wait_for_url("**/c/late-lunch")
    expect(page.get_by_role("heading", level=1)).to_have_text("Private channel Late Lunch")
    expect(page.locator(".header__topic")).to_have_text("Where, and who <b>pays</b>")
    expect(sidebar(page).get_by_role("link", name="Late Lunch, private")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message #Late Lunch")).to_be_focused()


def make_public_channel_once_nothing_is_refused(page: Page) -> None:
    """What is refused is said beside the field."""
    dialog = page.get_by_role("dialog", name="New channel")
    name = dialog.get_by_role("textbox", name="Name")
    page.get_by_role("button", name="Create a channel").click()
    name.fill("Sales")
    press(page, "Enter")
    expect(name).to_have_accessible_description(
        re.compile("A channel named “Sales” or very similar already exists")
    )
    name.fill("   ")
    press(page, "Enter")
    expect(name).to_have_accessible_description("Enter a name.")
    page.route("**/api/channels", lambda route: route.abort())
    name.fill("Annex")
    press(page, "Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Can’t reach Bullpen")
    page.unroute_all()
    press(page, "Enter")
    page.wait_for_url("**/c/annex")


def test_a_channel_is_archived_restored_deleted_and_another_one_renamed(
    visit: Visit, server: Served, run_sql, watch: Watch
):
    page = visit(server)
    open_address(page, "/c/random")
    archive_and_take_back(page)
    assert run_sql("SELECT count(*) FROM messages WHERE channel_id = 'random'")[0][0] > 0
    go_to(page, "/admin/channels")
    archive_and_restore(page)
    delete_by_typing_its_name(page, run_sql)
    watch.refusals = True
    sidebar(page).get_by_role("link", name="sales").click()
    change_name_and_topic(page)


def archive_and_take_back(page: Page) -> None:
    dialog = about(page, "random")
    expect(dialog.get_by_role("button", name="Delete")).to_have_count(0)
    begin = dialog.get_by_role("button", name="Archive #random")
    begin.click()
    expect(dialog).to_contain_text("Archive #random? Nobody can write in it until it is restored.")
    press(page, "Escape")
    expect(begin).to_be_focused()
    press(page, "Enter", "Enter")
    page.wait_for_url("**/c/general")
    link = sidebar(page).get_by_role("link", name="random")
    expect(link).to_have_count(0)
    expect(page.get_by_text("#random is archived.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(link).to_be_visible()


def archive_and_restore(page: Page) -> None:
    active = page.get_by_role("region", name="Channels")
    active.get_by_role("button", name="Archive #sales").click()
    active.get_by_role("button", name="Archive", exact=True).click()
    expect(sidebar(page).get_by_role("link", name="sales")).to_have_count(0)
    page.get_by_role("button", name="Restore #sales").click()
    expect(sidebar(page).get_by_role("link", name="sales")).to_be_visible()
    expect(page.get_by_text("No channel is archived.")).to_be_visible()


def delete_by_typing_its_name(page: Page, run_sql) -> None:
    count = "SELECT count(*) FROM channels WHERE id = 'random'"
    active = page.get_by_role("region", name="Channels")
    archive = page.get_by_role("region", name="Archive")
    active.get_by_role("button", name="Archive #random").click()
    active.get_by_role("button", name="Archive", exact=True).click()
    row = archive.get_by_role("listitem").filter(has_text="random")
    begin = row.get_by_role("button", name="Delete #random")
    begin.click()
    form = row.get_by_role("form", name="Delete #random")
    expect(form).to_contain_text("All of its messages and threads")
    field, sure = form.get_by_role("textbox"), form.get_by_role("button", name="Delete channel")
    expect(field).to_be_focused()
    for typed in ("", "rando", "Random"):
        field.fill(typed)
        expect(sure).to_be_disabled()
        press(page, "Enter")
    press(page, "Escape")
    expect(begin).to_be_focused()
    assert run_sql(count)[0][0] == 1
    press(page, "Enter")
    expect(field).to_have_value("")
    page.keyboard.type("random")
    expect(sure).to_be_enabled()
    press(page, "Enter")
    expect(row).to_have_count(0)
    assert run_sql(count)[0][0] == 0


def change_name_and_topic(page: Page) -> None:
    dialog = about(page, "sales")
    dialog.get_by_role("textbox", name="Name").fill("Paper sales")
    topic = dialog.get_by_role("textbox", name="Topic")
    topic.fill("x" * 251)
    dialog.get_by_role("button", name="Save").click()
    expect(topic).to_have_accessible_description(re.compile("250"))
    topic.fill("Paper")
    press(page, "Control+Enter")
    form = page.get_by_role("dialog").get_by_role("form", name="Name and topic")
    expect(form.get_by_role("status")).to_have_text("Saved")
    expect(page.get_by_role("dialog", name="#Paper sales")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("button", name="About #Paper sales")).to_be_focused()
    expect(page.locator(".header__topic")).to_have_text("Paper")
    expect(sidebar(page).get_by_role("link", name="Paper sales")).to_be_visible()


def join_where_it_is_read(page: Page) -> None:
    """By somebody who is not in it, and can read it."""
    page.get_by_role("dialog").get_by_role("link", name="party-planning").click()
    page.wait_for_url("**/c/party-planning")
    expect(page.get_by_role("dialog")).to_have_count(0)
    dialog = about(page, "party-planning")
    expect(dialog.get_by_role("textbox", name="Name")).to_have_count(0)
    expect(dialog.get_by_role("button", name="Remove Phyllis Vance")).to_have_count(0)
    dialog.get_by_role("button", name="Join #party-planning").click()
    expect(dialog.get_by_role("textbox", name="Name")).to_have_value("party-planning")
    expect(dialog.get_by_role("button", name="Remove Phyllis Vance")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("button", name="Show the 8 members")).to_be_visible()


def preview_by_keyboard(page: Page, phyllis: httpx.Client) -> None:
    tab_to(page, sidebar(page).get_by_role("button", name="All channels"))
    press(page, "Enter")
    dialog = page.get_by_role("dialog", name="Channels")
    # Not of those that one is in, nor of private ones.
    expect(dialog.get_by_role("button", name="Preview")).to_have_count(1)
    tab_to(page, dialog.get_by_role("button", name="Preview party-planning"))
    press(page, "Enter")
    newest = dialog.get_by_role("group", name="Newest messages of party-planning")
    cards = newest.get_by_role("listitem")
    expect(cards).to_have_count(5)
    [last] = phyllis.get("/api/channels/party-planning/messages?limit=1").json()
    link = cards.last.get_by_role("link", name="Show the message")
    expect(link).to_have_attribute("href", re.compile(last["id"]))
    assert problems_in_both_widths(page) == []
    # What is said meanwhile is there as well.
    said = {"channelId": "party-planning", "text": "Who brings the **cake**?"}
    assert phyllis.post("/api/messages", json=said).status_code == 201
    expect(cards.last).to_contain_text("Who brings the cake?")
    expect(cards).to_have_count(5)


def join_by_keyboard(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="Channels")
    newest = dialog.get_by_role("group", name="Newest messages of party-planning")
    tab_to(page, dialog.get_by_role("button", name="Join party-planning"))
    press(page, "Enter")
    expect(newest).to_have_count(0)
    expect(dialog.get_by_role("button", name="Leave party-planning")).to_be_focused()
    press(page, "Escape")


def leave_in_the_list(page: Page) -> None:
    page.get_by_role("button", name="Create a channel").click()
    page.get_by_role("button", name="Browse channels").click()
    dialog = page.get_by_role("dialog", name="Channels")
    rows = dialog.get_by_role("listitem")
    expect(rows).to_have_count(6)
    expect(dialog.get_by_text("accounting")).to_have_count(0)
    dialog.get_by_role("searchbox", name="Find a channel").fill("breakfast")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Joined · 8 members")
    dialog.get_by_role("button", name="Leave party-planning").click()
    expect(dialog.get_by_role("button", name="Leave", exact=True)).to_be_focused()
    press(page, "Escape")
    expect(rows).to_contain_text("Joined · 8 members")
    dialog.get_by_role("button", name="Leave party-planning").click()
    dialog.get_by_role("button", name="Leave", exact=True).click()
    expect(rows).not_to_contain_text("Joined")
    expect(rows).to_contain_text("7 members")


def bring_remove_and_leave(page: Page, other: Page) -> None:
    dialog = about(page, "management")
    dialog.get_by_role("combobox", name="Add people").fill("cre")
    press(page, "Enter")
    expect(dialog.get_by_role("heading", name="4 members")).to_be_visible()
    theirs = sidebar(other).get_by_role("link", name="management, private")
    theirs.click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("management")
    dialog.get_by_role("button", name="Remove Creed Bratton").click()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog.get_by_role("heading", name="4 members")).to_be_visible()
    dialog.get_by_role("button", name="Remove Creed Bratton").click()
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(dialog.get_by_role("heading", name="3 members")).to_be_visible()
    expect(dialog.get_by_role("combobox", name="Add people")).to_be_focused()
    expect(theirs).to_have_count(0)
    expect(other.get_by_text("Creed Bratton is not in this channel any more")).to_be_visible()
    expect(dialog.get_by_role("status").filter(has_text="was removed")).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Undo").click()
    expect(dialog.get_by_role("heading", name="4 members")).to_be_visible()
    expect(dialog.get_by_role("button", name="Undo")).to_have_count(0)
    expect(theirs).to_be_visible()

    # To leave a private channel leads away from it.
    leave = dialog.get_by_role("button", name="Leave #management")
    leave.click()
    expect(dialog).to_contain_text("You’ll need an invitation to rejoin")
    press(page, "Escape")
    expect(leave).to_be_focused()
    press(page, "Enter")
    dialog.get_by_role("button", name="Leave", exact=True).click()
    page.wait_for_url("**/c/general")
    expect(sidebar(page).get_by_role("link", name="management")).to_have_count(0)


def test_a_conversation_begins_with_anybody_in_three_ways(visit: Visit, server: Served, run_sql):
    page = visit(server, "jim")
    open_general(page)

    def search(typed: str) -> None:
        page.get_by_role("button", name="New message").click()
        expect(page.get_by_role("combobox", name="To:")).to_be_focused()
        page.keyboard.type(typed)
        press(page, "Enter")

    def begun_with(user_id: str, name: str) -> None:
        conversation = f"dm-jim-{user_id}"
        page.wait_for_url(f"**/d/{conversation}")
        expect(page.get_by_role("heading", level=1)).to_have_accessible_name(name)
        expect(sidebar(page).get_by_role("link", name=name)).to_be_visible()
        members = "SELECT user_id FROM channel_members WHERE channel_id = $1"
        assert {row[0] for row in run_sql(members, conversation)} == {"jim", user_id}
        # The second time, it is there.
        go_to(page, f"/a/{user_id}")
        page.get_by_role("link", name="Message", exact=True).click()
        page.wait_for_url(f"**/d/{conversation}")

    search("martinez")
    begun_with("oscar", "Oscar Martinez")
    go_to(page, "/a/kelly")
    page.get_by_role("button", name="Message", exact=True).click()
    begun_with("kelly", "Kelly Kapoor")
    go_to(page, "/c/general")
    page.get_by_role("button", name="Show the 16 members").click()
    page.get_by_role("button", name="Message Stanley Hudson").click()
    begun_with("stanley", "Stanley Hudson")
    # One that is there is opened under whatever ID it has.
    search("micha")
    page.wait_for_url("**/d/dm-michael-jim")


def test_no_dialog_has_a_violation_or_sticks_out(visit: Visit, shared_server: Served):
    page = visit(shared_server)
    open_address(page, "/c/sales")

    def look_at(name: str) -> None:
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        assert violations_in_each_look(page) == {}, name
        assert page.evaluate(STICKS_OUT.replace("#main *", "dialog *")) == [], name

    def close() -> None:
        press(page, "Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.set_viewport_size(WIDE)

    page.get_by_role("button", name="All members").click()
    look_at("Members")
    close()
    page.get_by_role("button", name="Create a channel").click()
    look_at("New channel")
    page.get_by_role("button", name="Browse channels").click()
    look_at("Channels")
    close()
    about(page, "sales")
    page.get_by_role("combobox", name="Add people").fill("a")
    page.get_by_role("button", name="Archive #sales").click()
    look_at("#sales")
