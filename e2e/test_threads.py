"""Threads that one follows, edits, and agents that were stopped: seen where one looks for them."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.support.asking import post, settled
from tests.support.minds import Slow, SmallMind, working
from tests.support.program import until
from tests.support.serving import Served

from e2e.axe import violations
from e2e.layout import STICKS_OUT
from e2e.views import go_to, open_address, settle, titled
from e2e.window import NARROW, WIDE, Visit


@pytest.fixture
def pam(server: Served) -> Iterator[httpx.Client]:
    with server.client("pam") as client:
        yield client


def reply(client: httpx.Client, root: object, text: str) -> str:
    body = {"channelId": "general", "text": text, "parentMessageId": root}
    answer = client.post("/api/messages", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def post_in_general(client: httpx.Client, text: str) -> str:
    answer = client.post("/api/messages", json={"channelId": "general", "text": text})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def general_of(page: Page) -> Locator:
    return page.get_by_role("navigation").get_by_role("link", name="general")


def counted(link: Locator, name: str, in_red: list[str]) -> None:
    expect(link).to_have_accessible_name(name)
    expect(link.locator(".sidebar__badge")).to_have_text(in_red)


def mark_as_unread(within: Locator, message_id: str) -> None:
    row = within.locator(f'[data-message-id="{message_id}"]')
    row.hover()
    row.get_by_role("button", name="Mark as unread").click()


def assert_accessible(page: Page) -> None:
    settle(page)
    assert violations(page) == []


def last_row(page: Page) -> Locator:
    return page.get_by_role("log").locator("[data-message-id]").last


def leave(page: Page) -> None:
    """For a channel that nothing here is about."""
    page.get_by_role("navigation").get_by_role("link", name="announcements").click()
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("announcements")
    settle(page)


def test_what_one_has_not_read_is_counted_in_each_of_ones_windows(
    visit: Visit, server: Served, pam: httpx.Client, url: str, run_sql
):
    """Also of threads and of a muted channel, marked again, edited, and once an agent is asked
    again."""
    with server.client("michael") as michael:
        root = post_in_general(michael, "Who wants pizza?")
    page, second, other = visit(server), visit(server), visit(server, "toby")
    for each in (page, second, other):
        open_address(each, "/c/sales")
    miss_no_reply_and_mark_as_unread(page, second, other, server, pam, root)
    count_mentions_in_red_also_when_muted(page, second, other, pam)
    mark_an_edited_message(page, pam)
    stop_an_agent_and_ask_again(page, other, url, run_sql)


def miss_no_reply_and_mark_as_unread(
    page: Page, second: Page, other: Page, server: Served, pam: httpx.Client, root: str
) -> None:
    general, theirs = general_of(page), general_of(second)
    expect(general).to_have_accessible_name("general")
    before = int(page.title().partition(")")[0].removeprefix("("))
    reply(pam, root, "Me!")
    expect(general).to_have_accessible_name("general, 1 unread")
    expect(page).to_have_title(f"({before + 1}) #sales · Dunder Mifflin")
    reply(pam, root, "With olives")
    general.click()
    # The channel is open, its thread is not: the badge stays, and the thread is one click away.
    expect(general).to_have_accessible_name("general, 2 unread")
    preview = page.locator(f'[data-message-id="{root}"] .thread-preview')
    expect(preview).to_contain_text("2 new")
    page.reload()
    bar = page.get_by_role("link", name="2 new replies in a thread that you follow")
    expect(general).to_have_accessible_name("general, 2 unread")
    assert_accessible(page)
    bar.click()
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("With olives")
    expect(general).to_have_accessible_name("general")
    expect(bar).to_have_count(0)
    expect(page.get_by_text("2 new", exact=True)).to_have_count(0)
    # What comes while the thread is in sight is read.
    reply(pam, root, "And ham")
    expect(panel).to_contain_text("And ham")
    expect(general).to_have_accessible_name("general")
    with server.client("toby") as toby:
        unread = toby.get("/api/unreads").json()["general"]
    expect(general_of(other)).to_have_accessible_name(f"general, {unread} unread")

    page.get_by_role("link", name="Close thread").click()
    expect(panel).to_have_count(0)
    last = post_in_general(pam, "Two")
    pepper = reply(pam, root, "And pepper")
    expect(theirs).to_have_accessible_name("general, 1 unread")
    mark_as_unread(page.locator("#main"), last)
    expect(page.get_by_text("Marked as unread")).to_be_visible()
    expect(theirs).to_have_accessible_name("general, 2 unread, 1 for you")
    expect(page.locator(".new-line")).to_be_visible()
    assert_accessible(page)
    # Both windows leave the message unread, until one of them opens the channel again.
    leave(page)
    expect(general).to_have_accessible_name("general, 2 unread, 1 for you")
    general.click()
    expect(theirs).to_have_accessible_name("general, 1 unread")
    preview.click()
    expect(theirs).to_have_accessible_name("general")
    mark_as_unread(panel, pepper)
    expect(theirs).to_have_accessible_name("general, 1 unread")
    expect(general).to_have_accessible_name("general, 1 unread")
    page.get_by_role("link", name="Close thread").click()
    preview.click()
    expect(theirs).to_have_accessible_name("general")


def count_mentions_in_red_also_when_muted(
    page: Page, second: Page, other: Page, pam: httpx.Client
) -> None:
    mine, theirs, others = general = [general_of(each) for each in (page, second, other)]
    general_of(other).click()
    for each in (page, other):
        settle(each)
        leave(each)
    expect(mine).to_have_accessible_name("general")
    before = page.title(), other.title()
    post_in_general(pam, "Good morning")
    for one in (mine, others):
        counted(one, "general, 1 unread", [])
        expect(one).to_have_class(re.compile("sidebar__row--unread"))
    assert (page.title(), other.title()) == before
    post_in_general(pam, "@michael, the copier")
    counted(mine, "general, 2 unread, 1 for you", ["1"])
    counted(others, "general, 2 unread", [])
    expect(page).not_to_have_title(before[0])
    page.reload()
    expect(mine).to_have_accessible_name("general, 2 unread, 1 for you")
    mine.click()
    expect(mine).to_have_accessible_name("general")
    leave(page)
    expect(page).to_have_title(before[0])

    # Starred and muted, it is so in every window of this reader alone.
    mine.click()
    page.get_by_role("button", name="Star #general").press("Enter")
    starred = second.get_by_role("list", name="Starred")
    expect(starred.get_by_role("link", name="general")).to_be_visible()
    expect(page.get_by_role("button", name="Star #general")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="Mute #general").press("Enter")
    expect(theirs).to_have_accessible_name("general, muted")
    assert_accessible(page)
    leave(page)
    post_in_general(pam, "Good morning")
    expect(others).to_have_accessible_name("general, 3 unread")
    for one in general[:2]:
        expect(one).to_have_accessible_name("general, muted")
        expect(one).not_to_have_class(re.compile("sidebar__row--unread"))
    post_in_general(pam, "@michael")
    for one in general[:2]:
        counted(one, "general, 1 unread, muted", ["1"])
    expect(other.get_by_role("list", name="Starred")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("list", name="Starred").get_by_role("link")).to_have_count(1)
    # A narrow window has the same in the channel's dialog.
    page.get_by_role("list", name="Starred").get_by_role("link").click()
    page.set_viewport_size(NARROW)
    page.get_by_role("button", name="About #general").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Star #general").click()
    expect(starred).to_have_count(0)
    dialog.get_by_role("button", name="Mute #general").click()
    expect(theirs).to_have_accessible_name("general")
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.set_viewport_size(WIDE)


def mark_an_edited_message(page: Page, pam: httpx.Client) -> None:
    address = f"/api/messages/{post_in_general(pam, 'Meeting at nine')}"
    row = last_row(page)
    expect(row).to_contain_text("Meeting at nine")
    expect(row.get_by_text("(edited)")).to_have_count(0)
    assert pam.patch(address, json={"text": "Meeting at ten"}).is_success
    expect(row).to_contain_text("Meeting at ten")
    expect(row.get_by_text("(edited)")).to_be_visible()
    page.reload()
    row.get_by_role("button", name="(edited)").click()
    history = page.get_by_role("dialog", name="Edit history")
    said = history.locator(".message-text")
    expect(said).to_have_text(["Meeting at ten", "Meeting at nine"])
    assert pam.patch(address, json={"text": "Meeting at noon"}).is_success
    expect(said).to_have_text(["Meeting at noon", "Meeting at ten", "Meeting at nine"])
    assert violations(page) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate(STICKS_OUT) == []
    page.keyboard.press("Escape")
    expect(row.get_by_role("button", name="(edited)")).to_be_focused()
    page.set_viewport_size(WIDE)


def stop_an_agent_and_ask_again(page: Page, other: Page, url: str, run_sql) -> None:
    slow = Slow()
    for each in (page, other):
        go_to(each, "/d/dm-michael-toby")
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
