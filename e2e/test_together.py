"""Two windows of two people: what one does the other sees; and a window that was cut off."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from tests.support.fixtures import complete
from tests.support.serving import Served, serving

from bullpen.events.actions import Event, append
from bullpen.events.kinds import Kind
from bullpen.kit.database import connect
from e2e.views import go_to, settle
from e2e.watch import Watch
from e2e.window import Visit


def opened(visit: Visit, served: Served, path: str, user_id: str) -> Page:
    page = visit(served, user_id)
    with page.expect_response("**/api/sse*"):
        page.goto(path)
    settle(page)
    return page


@pytest.fixture
def pair(visit: Visit, server: Served) -> Callable[[str], tuple[Page, Page]]:
    """Michael's window and Jim's, at the same address."""

    def open_both(path: str) -> tuple[Page, Page]:
        return opened(visit, server, path, "michael"), opened(visit, server, path, "jim")

    return open_both


def write(page: Page, text: str, within: str = "#main") -> None:
    area = page.locator(f"{within} .composer__area")
    area.fill(text)
    area.press("Enter")


def row(page: Page, text: str, within: str = "#main") -> Locator:
    return page.locator(f"{within} [data-message-id]").filter(has_text=text)


def action(page: Page, on: Locator, name: str) -> None:
    on.hover()
    on.get_by_role("group", name="Message actions").get_by_label(name, exact=True).click()


def test_what_one_does_the_other_sees_and_after_a_reset_everything_is_asked_for_again(
    pair, server: Served, url: str, run_sql
):
    michael, jim = pair("/c/sales")
    do_all_to_a_message(michael, jim)
    # Away from the thread that is gone: a reset asks for what is open.
    for page in (michael, jim):
        go_to(page, "/c/sales")
    say_who_is_typing_and_reset(michael, server, url, run_sql)


def do_all_to_a_message(michael: Page, jim: Page) -> None:
    write(michael, "Who wants to hear about my morning?")
    seen = row(jim, "my morning?")
    expect(seen.locator(".message__author")).to_have_text("Michael Scott")
    expect(seen).to_be_in_viewport()

    action(jim, seen, "React with 👍")
    expect(
        row(michael, "my morning?").get_by_role("button", name="👍 1: Jim Halpert")
    ).to_be_visible()
    row(michael, "my morning?").get_by_role("button", name="👍 1: Jim Halpert").click()
    expect(seen.locator(".reaction__count")).to_have_text("2")
    seen.locator(".reaction").click()
    expect(row(michael, "my morning?").locator(".reaction__count")).to_have_text("1")

    action(jim, seen, "Reply in thread")
    write(jim, "Nobody", within=".thread")
    preview = row(michael, "my morning?").locator(".thread-preview")
    expect(preview).to_contain_text("1 reply")
    preview.click()
    expect(row(michael, "Nobody", within=".thread")).to_be_visible()
    write(michael, "Wow", within=".thread")
    expect(row(jim, "Wow", within=".thread")).to_be_visible()

    action(michael, row(michael, "my morning?"), "Edit")
    editor = michael.get_by_role("textbox", name="Edit the message")
    expect(editor).to_have_count(1)
    editor.fill("Who wants to hear about my evening?")
    editor.press("Enter")
    expect(row(jim, "my evening?")).to_be_visible()
    expect(jim.locator(".thread")).to_contain_text("my evening?")

    action(michael, row(michael, "my evening?"), "Delete")
    michael.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row(jim, "my evening?")).to_have_count(0)
    expect(jim.locator(".thread")).to_contain_text("Thread not found")


def say_who_is_typing_and_reset(page: Page, server: Served, url: str, run_sql) -> None:
    line = page.locator("#main .composer__typing")

    def send(event: Event) -> None:
        async def work() -> None:
            connection = await connect(url, pooled=False)
            async with connection.transaction():
                await append(connection, event)
            await connection.close()

        complete(work())

    def tell(kind: Kind, agent_id: str) -> None:
        place = {"agentId": agent_id, "channelId": "sales", "parentMessageId": None}
        send(Event(kind, place, "sales"))

    tell("agent.typing", "dwight")
    expect(line).to_have_text("Dwight Schrute is typing…")
    tell("agent.typing", "jim")
    expect(line).to_have_text("Dwight Schrute and Jim Halpert are typing…")
    tell("agent.done", "dwight")
    expect(line).to_have_text("Jim Halpert is typing…")
    with server.client("jim") as jim:
        jim.post("/api/messages", json={"channelId": "sales", "text": "Done"})
    expect(line).to_have_text("")

    run_sql(
        "INSERT INTO messages (channel_id, user_id, text, created_at)"
        " VALUES ('sales', 'jim', 'Nobody told of this', now())"
    )
    send(Event("reset", {}))
    expect(row(page, "Nobody told of this")).to_be_visible()
    with server.client("jim") as jim:
        jim.post("/api/messages", json={"channelId": "sales", "text": "But of this"})
    expect(row(page, "But of this")).to_be_visible()


def test_what_one_read_in_one_window_is_read_in_the_other_and_what_is_new_is_counted(
    visit: Visit, server: Served
):
    sales = opened(visit, server, "/c/announcements", "michael")
    link = sales.get_by_role("navigation").get_by_role("link", name="sales")
    expect(link).to_have_class(re.compile("sidebar__row--unread"))
    other = opened(visit, server, "/c/sales", "michael")
    expect(other.locator(".new-line")).to_be_visible()
    expect(link).not_to_have_class(re.compile("sidebar__row--unread"))
    # What is new is counted where one does not see the end.
    page = other
    page.get_by_role("navigation").get_by_role("link", name="general").click()
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("general")
    settle(page)
    page.locator(".message-list__scroller").evaluate("it => it.scrollTo(0, 0)")
    expect(page.get_by_role("button", name="Jump to latest")).to_be_visible()
    with server.client("jim") as jim:
        for text in ("One", "Two"):
            jim.post("/api/messages", json={"channelId": "general", "text": text})
    page.get_by_role("button", name="2 new messages").click()
    expect(row(page, "Two").last).to_be_in_viewport()
    expect(page.locator(".new-line")).to_be_visible()
    expect(page.get_by_role("button", name="2 new messages")).to_have_count(0)


def test_what_is_written_without_a_connection_is_sent_after_it_in_order(
    visit: Visit, server: Served, watch: Watch
):
    watch.refusals = True
    page = opened(visit, server, "/c/sales", "michael")
    cut: BrowserContext = page.context
    cut.set_offline(True)
    expect(page.get_by_role("alert").filter(has_text="Connection lost")).to_be_visible()
    for text in ("Is this thing on?", "Hello?", "I am alone."):
        write(page, text)
        expect(row(page, text).last).to_contain_text("Will send when you’re back online")
    with server.client("jim") as jim:
        jim.post("/api/messages", json={"channelId": "sales", "text": "Peace at last"})
        cut.set_offline(False)
        expect(row(page, "I am alone.").last).to_have_class("message message--grouped")
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(row(page, "Peace at last")).to_have_count(1)
        newest = jim.get("/api/channels/sales/messages?limit=4").json()
    said = ["Peace at last", "Is this thing on?", "Hello?", "I am alone."]
    assert [message["text"] for message in newest] == said


def test_a_server_that_comes_back_is_followed_from_where_it_was(
    visit: Visit, url: str, watch: Watch
):
    watch.refusals = True
    with serving(url) as first:
        page = opened(visit, first, "/c/sales", "michael")
    expect(page.get_by_role("alert").filter(has_text="Connection lost")).to_be_visible()
    write(page, "Written while it was away")
    port = int(first.address.rpartition(":")[2])
    with serving(url, port=port) as again:
        with again.client("jim") as jim:
            jim.post("/api/messages", json={"channelId": "sales", "text": "Back"})
        expect(row(page, "Back").last).to_be_visible()
        expect(row(page, "Written while it was away")).not_to_have_class("message--waiting")
        expect(page.get_by_role("alert")).to_have_count(0)
        page.close()
