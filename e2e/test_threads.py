"""Threads that one follows, edits, and agents that were stopped: seen where one looks for them."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.support.asking import post, settled
from tests.support.minds import Slow, SmallMind, working
from tests.support.program import until
from tests.support.serving import Served

from e2e.axe import violations
from e2e.layout import STICKS_OUT
from e2e.views import open_address, open_general, settle, titled
from e2e.window import NARROW, Visit


@pytest.fixture
def pam(server: Served) -> Iterator[httpx.Client]:
    with server.client("pam") as client:
        yield client


def reply(client: httpx.Client, root: object, text: str) -> str:
    body = {"channelId": "general", "text": text, "parentMessageId": root}
    answer = client.post("/api/messages", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_reply_in_a_thread_that_one_began_is_not_missed(
    visit: Visit, server: Served, pam: httpx.Client
):
    with server.client("michael") as michael:
        body = {"channelId": "general", "text": "Who wants pizza?"}
        root = michael.post("/api/messages", json=body).json()["id"]
    page, other = visit(server), visit(server, "toby")
    for each in (page, other):
        open_address(each, "/c/sales")
    general = page.get_by_role("navigation").get_by_role("link", name="general")
    expect(general).to_have_accessible_name("general")
    before = int(page.title().partition(")")[0].removeprefix("("))
    reply(pam, root, "Me!")
    expect(general).to_have_accessible_name("general, 1 unread")
    expect(page).to_have_title(f"({before + 1}) #sales · Dunder Mifflin")
    reply(pam, root, "With olives")
    general.click()
    # The channel is open, its thread is not: the badge stays, and the thread is one click away.
    expect(general).to_have_accessible_name("general, 2 unread")
    expect(page.locator(f'[data-message-id="{root}"] .thread-preview')).to_contain_text("2 new")
    page.reload()
    bar = page.get_by_role("link", name="2 new replies in a thread that you follow")
    expect(general).to_have_accessible_name("general, 2 unread")
    settle(page)
    assert violations(page) == []
    bar.click()
    expect(page.get_by_role("complementary")).to_contain_text("With olives")
    expect(general).to_have_accessible_name("general")
    expect(bar).to_have_count(0)
    expect(page.get_by_text("2 new", exact=True)).to_have_count(0)
    # What comes while the thread is in sight is read.
    reply(pam, root, "And ham")
    expect(page.get_by_role("complementary")).to_contain_text("And ham")
    expect(general).to_have_accessible_name("general")
    with server.client("toby") as toby:
        unread = toby.get("/api/unreads").json()["general"]
    theirs = other.get_by_role("navigation").get_by_role("link", name="general")
    expect(theirs).to_have_accessible_name(f"general, {unread} unread")


def test_mentions_are_counted_in_red_where_other_messages_only_make_the_channel_bold(
    visit: Visit, server: Served, pam: httpx.Client
):
    page, other = visit(server, "jim"), visit(server, "toby")
    open_address(page, "/c/sales")
    open_address(other, "/c/announcements")
    pages = (page, other)
    mine, theirs = (
        one.get_by_role("navigation").get_by_role("link", name="general") for one in pages
    )
    for each in pages:
        each.get_by_role("navigation").get_by_role("link", name="general").click()
        settle(each)
    open_address(page, "/c/sales")
    open_address(other, "/c/announcements")
    expect(mine).to_have_accessible_name("general")
    before = page.title(), other.title()
    pam.post("/api/messages", json={"channelId": "general", "text": "Good morning"})
    for one in (mine, theirs):
        expect(one).to_have_accessible_name("general, 1 unread")
        expect(one.locator(".sidebar__badge")).to_have_count(0)
        expect(one).to_have_class(re.compile("sidebar__row--unread"))
    assert (page.title(), other.title()) == before
    pam.post("/api/messages", json={"channelId": "general", "text": "@jim, the copier"})
    expect(mine).to_have_accessible_name("general, 2 unread, 1 for you")
    expect(mine.locator(".sidebar__badge")).to_have_text("1")
    expect(theirs).to_have_accessible_name("general, 2 unread")
    expect(theirs.locator(".sidebar__badge")).to_have_count(0)
    expect(page).not_to_have_title(before[0])
    page.reload()
    expect(mine).to_have_accessible_name("general, 2 unread, 1 for you")
    mine.click()
    expect(mine).to_have_accessible_name("general")
    open_address(page, "/c/sales")
    expect(page).to_have_title(before[0])


def test_starred_and_muted_conversations_are_so_in_every_window_of_their_reader_alone(
    visit: Visit, server: Served, pam: httpx.Client
):
    page, second, other = visit(server, "jim"), visit(server, "jim"), visit(server, "toby")
    for each in (page, second, other):
        open_address(each, "/c/announcements")
    general = [
        each.get_by_role("navigation").get_by_role("link", name="general")
        for each in (page, second, other)
    ]
    general[0].click()
    page.get_by_role("button", name="Star #general").press("Enter")
    starred = second.get_by_role("list", name="Starred")
    expect(starred.get_by_role("link", name="general")).to_be_visible()
    expect(page.get_by_role("button", name="Star #general")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="Mute #general").press("Enter")
    expect(general[1]).to_have_accessible_name("general, muted")
    settle(page)
    assert violations(page) == []
    open_address(page, "/c/announcements")
    pam.post("/api/messages", json={"channelId": "general", "text": "Good morning"})
    expect(general[2]).to_have_accessible_name(re.compile("^general, [0-9]+ unread$"))
    for one in general[:2]:
        expect(one).to_have_accessible_name("general, muted")
        expect(one).not_to_have_class(re.compile("sidebar__row--unread"))
    pam.post("/api/messages", json={"channelId": "general", "text": "@jim"})
    for one in general[:2]:
        expect(one).to_have_accessible_name("general, 1 unread, muted")
        expect(one.locator(".sidebar__badge")).to_have_text("1")
    expect(other.get_by_role("list", name="Starred")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("list", name="Starred").get_by_role("link")).to_have_count(1)
    # A narrow window has the same in the channel's dialog.
    page.set_viewport_size(NARROW)
    page.goto("/c/general")
    page.get_by_role("button", name="About #general").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Star #general").click()
    expect(starred).to_have_count(0)
    dialog.get_by_role("button", name="Mute #general").click()
    expect(general[1]).to_have_accessible_name("general")
    settle(page)
    assert violations(page) == []


def test_messages_and_replies_marked_as_unread_stay_so_in_every_window_until_opened_again(
    visit: Visit, server: Served, pam: httpx.Client
):
    with server.client("michael") as michael:
        body = {"channelId": "general", "text": "Who wants pizza?"}
        root = michael.post("/api/messages", json=body).json()["id"]
        reply(pam, root, "Me!")
        last = pam.post("/api/messages", json={"channelId": "general", "text": "Two"}).json()["id"]
    page, other = visit(server, "michael"), visit(server, "michael")
    open_address(other, "/c/sales")
    open_address(page, "/c/general")
    theirs = other.get_by_role("navigation").get_by_role("link", name="general")
    expect(theirs).to_have_accessible_name("general, 1 unread")
    page.locator(f'[data-message-id="{last}"]').hover()
    page.get_by_role("button", name="Mark as unread").click()
    expect(page.get_by_text("Marked as unread")).to_be_visible()
    expect(theirs).to_have_accessible_name("general, 2 unread, 1 for you")
    expect(page.locator(".new-line")).to_be_visible()
    settle(page)
    assert violations(page) == []
    # Both windows leave the message unread, until one of them opens the channel again.
    own = page.get_by_role("navigation").get_by_role("link", name="general")
    open_address(page, "/c/sales")
    expect(own).to_have_accessible_name("general, 2 unread, 1 for you")
    own.click()
    expect(theirs).to_have_accessible_name("general, 1 unread")
    page.locator(f'[data-message-id="{root}"] .thread-preview').click()
    panel = page.get_by_role("complementary")
    expect(theirs).to_have_accessible_name("general")
    panel.get_by_text("Me!").hover()
    panel.get_by_role("button", name="Mark as unread").click()
    expect(theirs).to_have_accessible_name("general, 1 unread")
    expect(own).to_have_accessible_name("general, 1 unread")


def test_an_edited_message_is_marked_for_everybody(visit: Visit, server: Served):
    michael, pam = visit(server), visit(server, "pam")
    for page in (michael, pam):
        open_general(page)
    michael.get_by_role("textbox", name="Message #general").fill("Meeting at nine")
    michael.keyboard.press("Enter")
    row = pam.get_by_role("log").locator("[data-message-id]").last
    expect(row).to_contain_text("Meeting at nine")
    expect(row.get_by_text("(edited)")).to_have_count(0)
    michael.keyboard.press("ArrowUp")
    michael.get_by_role("textbox", name="Edit the message").fill("Meeting at ten")
    michael.keyboard.press("Enter")
    for page in (michael, pam):
        mine = page.get_by_role("log").locator("[data-message-id]").last
        expect(mine).to_contain_text("Meeting at ten")
        expect(mine.get_by_text("(edited)")).to_be_visible()
    pam.reload()
    expect(row.get_by_text("(edited)")).to_be_visible()
    row.get_by_role("button", name="(edited)").click()
    history = pam.get_by_role("dialog", name="Edit history")
    said = history.locator(".message-text")
    expect(said).to_have_text(["Meeting at ten", "Meeting at nine"])
    michael.keyboard.press("ArrowUp")
    michael.get_by_role("textbox", name="Edit the message").fill("Meeting at noon")
    michael.keyboard.press("Enter")
    expect(said).to_have_text(["Meeting at noon", "Meeting at ten", "Meeting at nine"])
    assert violations(pam) == []
    pam.set_viewport_size(NARROW)
    assert pam.evaluate(STICKS_OUT) == []
    pam.keyboard.press("Escape")
    expect(row.get_by_role("button", name="(edited)")).to_be_focused()


def last_row(page: Page):
    return page.get_by_role("log").locator("[data-message-id]").last


def test_an_agent_is_stopped_in_the_chat_and_asked_again(
    visit: Visit, server: Served, url: str, run_sql
):
    slow = Slow()
    page, other = visit(server), visit(server, "toby")
    for each, path in ((page, "/d/dm-michael-toby"), (other, "/d/dm-michael-toby")):
        open_address(each, path)
    with working(url, SmallMind(act=slow)):
        post(run_sql, "michael", "dm-michael-toby", "May I burn it?")
        expect(page.get_by_text("Toby Flenderson is typing…")).to_be_visible()
        assert violations(page) == []
        stop = page.get_by_role("button", name="Stop", exact=True)
        stop.focus()
        page.keyboard.press("Enter")
        note = last_row(page).get_by_text("Toby Flenderson was stopped before answering.")
        expect(note).to_be_visible()
        expect(stop).to_have_count(0)
        slow.going_on.set()
        until(lambda: settled(run_sql))
        page.reload()
        expect(note).to_be_visible()
        expect(last_row(other).get_by_text("was stopped before answering.")).to_be_visible()
        assert violations(page) == []
        page.get_by_role("button", name="Ask again").click()
        expect(page.get_by_text("was stopped before answering.")).to_have_count(0)
        expect(last_row(page)).to_contain_text("No. (")
        until(lambda: settled(run_sql))
    expect(page).to_have_title(titled("Toby Flenderson · Dunder Mifflin"))
