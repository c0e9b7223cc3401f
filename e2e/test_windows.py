"""Several windows of one browser: nothing typed is lost, and nobody posts as somebody else."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served, serving

from e2e.views import face, follow_link, settle, view_as
from e2e.watch import Watch
from e2e.window import Visit, choose


def opened(page: Page, path: str) -> Page:
    page.goto(path)
    settle(page)
    expect(area(page)).to_be_visible()
    return page


def area(page: Page) -> Locator:
    return page.locator("#main form.composer .composer__area")


def write(page: Page, text: str) -> None:
    area(page).fill(text)
    area(page).press("Enter")


def row(page: Page, text: str) -> Locator:
    return page.locator("#main [data-message-id]").filter(has_text=text)


def authors(served: Served, channel_id: str, text: str) -> list[str]:
    with served.client("michael") as client:
        newest = client.get(f"/api/channels/{channel_id}/messages?limit=200").json()
    return [message["userId"] for message in newest if message["text"] == text]


def test_each_window_keeps_its_drafts_and_what_waits_is_sent_though_one_is_closed(
    visit: Visit, server: Served, watch: Watch
):
    watch.refusals = True
    one = opened(visit(server, "michael"), "/c/sales")
    other = opened(one.context.new_page(), "/c/general")
    area(one).fill("long draft")
    area(other).fill("b")
    opened(one, "/c/sales")
    expect(area(one)).to_have_value("long draft")
    # The same place in two windows is one draft: what is sent in one is gone in the other.
    follow_link(other, "sales")
    expect(area(other)).to_have_value("long draft")
    area(other).fill("longer draft")
    expect(area(one)).to_have_value("longer draft")
    area(one).press("Enter")
    expect(row(one, "longer draft")).to_have_class(re.compile("^message( message--grouped)?$"))
    expect(area(other)).to_have_value("")
    follow_link(other, "general")
    expect(area(other)).to_have_value("b")
    area(other).fill("bc")
    opened(one, "/c/sales")
    expect(area(one)).to_have_value("")
    # One is closed before it could send.
    one.context.set_offline(True)
    write(one, "OFF-A one")
    expect(row(one, "OFF-A one")).to_contain_text("Will send when you’re back online")
    write(other, "OFF-B one")
    expect(row(other, "OFF-B one")).to_contain_text("Will send when you’re back online")
    one.close()
    other.context.set_offline(False)
    expect(row(other, "OFF-B one")).not_to_contain_text("when you’re back online")
    follow_link(other, "sales")
    expect(row(other, "OFF-A one")).not_to_contain_text("when you’re back online")
    assert authors(server, "sales", "OFF-A one") == ["michael"]
    assert authors(server, "general", "OFF-B one") == ["michael"]


def test_drafts_and_messages_that_were_kept_in_the_old_form_are_taken_over(
    visit: Visit, server: Served
):
    page = visit(server, "michael")
    page.goto("/api/health")
    waiting = {
        "id": "01900000-0000-7000-8000-000000000001",
        "channelId": "sales",
        "parentMessageId": None,
        "userId": "michael",
        "text": "From before the update",
        "timestamp": "2026-03-04T14:00:00Z",
        "status": "waiting",
        "error": "",
    }
    drafts = {"general": {"channelId": "general", "text": "An old draft"}}
    for name, value in (("drafts", drafts), ("outbox", [waiting])):
        page.evaluate(
            "([name, value]) => localStorage.setItem(`bullpen.${name}.michael`, value)",
            [name, json.dumps(value)],
        )
    opened(page, "/c/general")
    expect(area(page)).to_have_value("An old draft")
    follow_link(page, "sales")
    expect(row(page, "From before the update")).to_have_count(1)
    opened(page, "/c/general")
    expect(area(page)).to_have_value("An old draft")
    assert authors(server, "sales", "From before the update") == ["michael"]


def test_a_window_acts_as_whom_it_shows_when_another_one_switches(visit: Visit, server: Served):
    one = opened(visit(server, "michael"), "/c/random")
    other = opened(one.context.new_page(), "/c/random")
    view_as(one, "Jim Halpert")
    expect(one.locator(".sidebar__me")).to_contain_text("Jim Halpert")
    bar = other.get_by_role("region", name="Viewing as a member")
    expect(bar).to_contain_text("Viewing as Michael Scott")
    write(other, "Who am I in window two?")
    write(one, "And in the first?")
    for page in (one, other):
        expect(row(page, "Who am I in window two?")).to_contain_text("Michael Scott")
        expect(row(page, "And in the first?")).to_contain_text("Jim Halpert")
    assert authors(server, "random", "Who am I in window two?") == ["michael"]
    assert authors(server, "random", "And in the first?") == ["jim"]
    # It stays who it is, and sees what that member may see; a new window is of the session.
    opened(other, "/d/dm-michael-jim")
    expect(other.locator(".sidebar__me")).to_contain_text("Michael Scott")
    write(other, "Psst")
    expect(row(one, "Psst")).to_have_count(0)
    third = opened(one.context.new_page(), "/c/random")
    expect(third.locator(".sidebar__me")).to_contain_text("Jim Halpert")
    # Once it switches itself, the session is what it wants.
    view_as(other, "Pam Beesly")
    other.wait_for_url("**/c/general")
    follow_link(other, "random")
    expect(other.locator(".sidebar__me")).to_contain_text("Pam Beesly")


def test_a_switch_stays_in_a_channel_that_both_can_read(visit: Visit, server: Served):
    with server.client("michael") as client:
        assert client.delete("/api/channels/general").status_code == 200
    page = opened(visit(server, "michael"), "/c/random")
    view_as(page, "Pam Beesly")
    expect(page.locator(".sidebar__me")).to_contain_text("Pam Beesly")
    expect(page).to_have_url(re.compile("/c/random$"))
    view_as(page, "Jim Halpert")
    expect(page.locator(".sidebar__me")).to_contain_text("Jim Halpert")
    follow_link(page, "management", "Private channel management")
    view_as(page, "Pam Beesly")
    page.wait_for_url("**/c/sales")
    page.goto("/")
    page.wait_for_url("**/c/sales")


def edit(page: Page, message: Locator, text: str) -> Locator:
    message.hover()
    message.get_by_role("group", name="Message actions").get_by_label("Edit", exact=True).click()
    editor = page.get_by_role("textbox", name="Edit the message")
    editor.fill(text)
    return editor


def test_a_change_is_kept_until_the_server_has_it_and_a_dialog_until_it_is_canceled(
    visit: Visit, server: Served, watch: Watch
):
    watch.refusals = True
    page = opened(visit(server, "michael"), "/c/sales")
    write(page, "Short")
    editor = edit(page, row(page, "Short"), "Something long and thoughtful")
    # It survives a look elsewhere, and a reload.
    page.get_by_role("navigation").get_by_role("link", name="random").click()
    page.get_by_role("navigation").get_by_role("link", name="sales").click()
    expect(editor).to_have_value("Something long and thoughtful")
    opened(page, "/c/sales")
    expect(editor).to_have_value("Something long and thoughtful")
    page.route(
        "**/api/messages/*", lambda route: route.fulfill(status=503, json={"error": "Away."})
    )
    editor.press("Enter")
    changed = row(page, "Something long and thoughtful")
    expect(changed).to_contain_text("Your changes will be saved when you’re back online.")
    page.reload()
    expect(changed).to_contain_text("Your changes will be saved when you’re back online.")
    page.unroute_all()
    expect(changed).not_to_contain_text("when you’re back online")
    assert authors(server, "sales", "Something long and thoughtful") == ["michael"]
    # What the server does not take is offered to be changed further.
    refusal = {"error": "Not like that."}
    page.route("**/api/messages/*", lambda route: route.fulfill(status=400, json=refusal))
    edit(page, changed, "Worse").press("Enter")
    expect(changed).to_contain_text("Couldn’t save your changes. Not like that.")
    page.unroute_all()
    changed.locator(".pending").get_by_role("button", name="Edit").click()
    expect(editor).to_have_value("Worse")
    editor.press("Enter")
    expect(row(page, "Worse")).to_have_count(1)
    expect(editor).to_have_count(0)
    # What is typed into a dialog is there when it is opened again.
    for button, name, label in (
        ("Create a channel", "New channel", "Name"),
        ("About #sales", "#sales", "Topic"),
        (re.compile("status and settings"), "Michael Scott", "What's your status?"),
    ):
        page.get_by_role("button", name=button).click()
        dialog = page.get_by_role("dialog", name=name)
        dialog.get_by_label(label, exact=True).fill("Half typed")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        page.get_by_role("button", name=button).click()
        expect(dialog.get_by_label(label, exact=True)).to_have_value("Half typed")
        page.mouse.click(20, 880)
        expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Create a channel").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Create a channel").click()
    expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_have_value("")


def test_what_is_gone_says_so_and_gives_back_what_was_typed_there(
    visit: Visit, server: Served, watch: Watch
):
    # A message that a link leads to: the channel is shown.
    watch.refusals = True
    page = visit(server, "michael")
    page.goto("/c/sales/m/00000000-0000-4000-8000-000000000000")
    note = page.get_by_text("The message that this link leads to was not found.")
    expect(note).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("sales")
    expect(page.get_by_role("log").get_by_role("listitem").first).to_be_attached()
    page.get_by_role("button", name="Dismiss").click()
    expect(note).to_have_count(0)
    expect(page).to_have_url(re.compile("/c/sales$"))
    # A message that is being changed.
    write(page, "Soon gone")
    shown = row(page, "Soon gone")
    expect(shown).to_have_class(re.compile("^message( message--grouped)?$"))
    message_id = shown.get_attribute("data-message-id")
    edit(page, shown, "Words that took an hour")
    with server.client("michael") as michael:
        assert michael.delete(f"/api/messages/{message_id}").status_code == 200
    kept = page.get_by_role("region", name="The message that you were editing was deleted.")
    expect(kept).to_contain_text("Words that took an hour")
    page.reload()
    expect(kept).to_contain_text("Words that took an hour")
    kept.get_by_role("button", name="Discard").click()
    expect(kept).to_have_count(0)
    # A channel that a message is being written in.
    follow_link(page, "random")
    area(page).fill("Half a joke")
    with server.client("jim") as jim:
        assert jim.delete("/api/channels/random").status_code == 200
    main = page.locator("#main")
    expect(main).to_contain_text("#random was deleted")
    expect(main).to_contain_text("Jim Halpert deleted it, with its messages.")
    kept = main.get_by_role("region", name="It can no longer be sent here.")
    expect(kept).to_contain_text("Half a joke")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    kept.get_by_role("button", name="Copy text").click()
    expect(kept.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "Half a joke"
    kept.get_by_role("button", name="Discard").click()
    expect(kept).to_have_count(0)


def test_errors_of_an_outage_and_of_a_switch_in_it_go_when_it_is_over(
    visit: Visit, server: Served, watch: Watch
):
    watch.refusals = True
    page = opened(visit(server, "michael"), "/c/sales")
    page.context.set_offline(True)
    page.get_by_role("navigation").get_by_role("link", name="random").click()
    expect(page.locator("#main")).to_contain_text("Can’t reach Bullpen")
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Not loaded")
    expect(dialog.get_by_role("button", name="Close")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("combobox").or_(page.locator("#switcher-field")).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("log").get_by_role("listitem").first).to_be_attached()
    expect(page.get_by_role("alert")).to_have_count(0)
    face(page, "Jim Halpert").click()
    card = page.get_by_role("dialog", name="Jim Halpert")
    expect(card).to_be_visible()
    page.context.set_offline(True)
    card.get_by_role("button", name="View as Jim Halpert").click()
    failed = page.get_by_text("Couldn’t switch member.")
    expect(failed).to_be_visible()
    page.context.set_offline(False)
    expect(failed).to_have_count(0)
    # Nobody wants to be somebody else minutes after the click.
    expect(page.locator(".sidebar__me")).to_contain_text("Michael Scott")


def test_windows_of_seven_members_all_hear_what_is_said(visit: Visit, server: Served):
    page = opened(visit(server, "michael"), "/c/general")
    windows = {"Michael Scott": page}
    for name in ("Jim", "Pam", "Dwight", "Angela", "Kevin", "Oscar"):
        choose(page.context, name.lower())
        page = opened(page.context.new_page(), "/c/general")
        windows[name] = page
    for text in ("First to all", "Second to all"):
        # The browser has connections left to send it.
        write(page, text)
        expect(row(page, text)).to_have_class(re.compile("^message( message--grouped)?$"))
        for name, window in windows.items():
            expect(window.locator(".sidebar__me")).to_contain_text(name)
            expect(row(window, text)).to_have_count(1)
            expect(window.locator(".connection")).to_have_count(0)
    assert authors(server, "general", "Second to all") == ["oscar"]


# The stream is half a second behind the answers.
LATE_STREAM = """
const ask = fetch;
window.fetch = async (url, how) => {
    const answer = await ask(url, how);
    if (!String(url).startsWith('/api/sse')) return answer;
    const late = new TransformStream({
        async transform(chunk, controller) {
            await new Promise((done) => setTimeout(done, 500));
            controller.enqueue(chunk);
        },
    });
    return new Response(answer.body.pipeThrough(late), answer);
};
"""
# How many messages had the text, each time that something was drawn.
DRAWN = """
(text) => {
    const drawn = [];
    window.drawn = drawn;
    new MutationObserver(() => {
        const rows = [...document.querySelectorAll('#main [data-message-id]')];
        drawn.push(rows.filter((row) => row.textContent.includes(text)).length);
    }).observe(document.querySelector('#main'), {childList: true, subtree: true});
}
"""


def test_what_one_window_sends_does_not_flicker_in_another(visit: Visit, server: Served):
    page = visit(server, "michael")
    page.context.add_init_script(LATE_STREAM)
    one = opened(page, "/c/sales")
    other = opened(one.context.new_page(), "/c/sales")

    def assert_steady() -> None:
        drawn = other.evaluate("window.drawn")
        assert set(drawn[drawn.index(1) :]) == {1}

    other.evaluate(DRAWN, "Steady")
    write(one, "Steady")
    expect(row(other, "Steady")).to_have_class(re.compile("^message( message--grouped)?$"))
    assert_steady()
    other.evaluate(DRAWN, "Calm")
    edit(one, row(one, "Steady"), "Calm").press("Enter")
    expect(row(other, "Calm")).to_contain_text("(edited)")
    assert_steady()


MEMBERS = ("Michael Scott", "Jim Halpert")
# Together more than the six connections that a browser has to one server.
EACH = 15


@pytest.mark.timeout(300)
def test_thirty_windows_of_two_members_live_through_an_outage(visit: Visit, url: str, watch: Watch):
    watch.refusals = True
    with serving(url) as first:
        windows = [opened(visit(first, "michael"), "/c/sales")]
        context = windows[0].context
        windows += [opened(context.new_page(), "/c/sales") for _ in range(EACH)]
        view_as(windows[-1], MEMBERS[1])
        expect(windows[-1].locator(".sidebar__me")).to_contain_text(MEMBERS[1])
        windows += [opened(context.new_page(), "/c/sales") for _ in range(EACH - 1)]
        for at, page in enumerate(windows):
            expect(page.locator(".sidebar__me")).to_contain_text(MEMBERS[at >= EACH])
        # The one that became somebody else meanwhile waited for the first one's, too.
        assert watch.requests.count("GET /api/sse") == len(MEMBERS)
        michael, jim = windows[:EACH], windows[EACH:]
        for page, text in ((michael[3], "Michael's draft"), (jim[3], "Jim's draft")):
            area(page).fill(text)
        written = {"Michael 1": michael[1], "Jim 1": jim[1], "Michael 2": michael[2]}
        for text, page in written.items():
            follow_link(page, "general")
            expect(page.locator(".sidebar__me")).to_contain_text(text.split()[0])
        context.set_offline(True)
        for text, page in written.items():
            write(page, text)
            expect(row(page, text)).to_contain_text("Will send when you’re back online")
        # One of those that wait to be sent is in a window that does not come back, and so is
        # the one that holds Michael's stream.
        michael[2].close()
        michael[0].close()
    port = int(first.address.rpartition(":")[2])
    with serving(url, port=port) as again:
        context.set_offline(False)
        left = [page for page in windows if not page.is_closed()]
        for text in written:
            expect(row(michael[1], text)).not_to_contain_text("when you’re back online")
        with again.client("jim") as client:
            client.post("/api/messages", json={"channelId": "sales", "text": "Everybody here?"})
        for page in left:
            if page not in written.values():
                expect(row(page, "Everybody here?")).to_have_count(1)
        for text in written:
            assert authors(again, "general", text) == [text.split()[0].lower()], text
        for page, text in ((michael[3], "Michael's draft"), (jim[3], "Jim's draft")):
            expect(area(page)).to_have_value(text)
            opened(page, "/c/sales")
            expect(area(page)).to_have_value(text)
            expect(row(page, "Everybody here?")).to_have_count(1)
        context.close()
