"""Writing, changing and reacting, by mouse and by keyboard."""

import re

from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served

from e2e.held import Held
from e2e.views import go_to, settle, view_as
from e2e.watch import Watch
from e2e.window import Visit

SENDING = re.compile("^message( message--grouped)? message--sending$")
SENT = re.compile("^message( message--grouped)?$")


def opened(visit: Visit, served: Served, path: str, user_id: str = "michael") -> Page:
    page = visit(served, user_id)
    page.goto(path)
    settle(page)
    return page


def area(page: Page) -> Locator:
    return page.locator("#main .composer__area")


def last(page: Page) -> Locator:
    return page.locator("#main [data-message-id]").last


def send(page: Page, text: str) -> Locator:
    area(page).fill(text)
    area(page).press("Enter")
    row = last(page)
    expect(row).not_to_have_class(re.compile("message--sending"))
    return row


def test_messages_are_formatted_sent_reacted_to_edited_deleted_and_kept_as_drafts(
    visit: Visit, server: Served, run_sql
):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('annex', 'annex', 'public')")
    page = opened(visit, server, "/c/sales")
    format_send_react_and_name(page)
    go_to(page, "/c/sales")
    show_edit_and_delete_by_keyboard(page)
    keep_drafts_by_channel_and_user(page)
    go_to(page, "/c/annex")
    join_before_writing(page)


def format_send_react_and_name(page: Page) -> None:
    """The one who is named is a click away."""
    box = area(page)
    box.click()
    page.keyboard.type("So ")
    page.keyboard.press("Control+b")
    page.keyboard.type("loud")
    page.keyboard.press("Control+b")
    expect(box).to_have_value("So **loud**")
    page.keyboard.press("End")
    page.keyboard.press("Shift+Enter")
    page.get_by_role("button", name="Bulleted list").last.click()
    page.keyboard.type("one")
    expect(box).to_have_value("So **loud**\n- one")
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    row = last(page)
    expect(row.locator("strong")).to_have_text("loud")
    expect(row.locator("li")).to_have_text("one")
    page.reload()
    settle(page)
    expect(last(page).locator("strong")).to_have_text("loud")
    row = send(page, "React to this")
    row.hover()
    row.get_by_role("button", name="Add a reaction").click()
    picker = page.get_by_role("dialog", name="Emoji")
    expect(picker.get_by_role("searchbox")).to_be_focused()
    expect(picker.get_by_role("button", name="grinning face", exact=True)).to_be_visible()
    page.keyboard.type("tada")
    expect(picker.locator(".picker__emoji")).to_have_count(1)
    page.keyboard.press("Enter")
    reaction = row.get_by_role("button", name="🎉 1: Michael Scott")
    expect(reaction).to_have_attribute("aria-pressed", "true")
    reaction.click()
    expect(reaction).to_have_count(0)
    row = send(page, "@dwight and @michael in #general, not @nobody or `@jim`")
    mentions = row.locator(".mention")
    expect(mentions).to_have_text(["@Dwight Schrute", "@Michael Scott", "#general"])
    expect(row.locator(".mention--mine")).to_have_text("@Michael Scott")
    mentions.first.click()
    page.wait_for_url("**/a/dwight")


def show_edit_and_delete_by_keyboard(page: Page) -> None:
    """A message is there before it is confirmed."""
    held = Held(page, "**/api/messages")
    area(page).fill("Optimism")
    area(page).press("Enter")
    shown = page.locator("#main [data-message-id]").filter(has_text="Optimism")
    expect(shown).to_have_class(SENDING)
    held.let_through()
    expect(shown).to_have_class(SENT)
    expect(shown).to_have_count(1)
    # The one that is just being sent is the last one.
    area(page).fill("A typo hree")
    area(page).press("Enter")
    expect(last(page)).to_have_class(SENDING)
    area(page).press("ArrowUp")
    held.let_through()
    editor = page.get_by_role("textbox", name="Edit the message")
    expect(editor).to_be_focused()
    expect(editor).to_have_value("A typo hree")
    page.unroute_all()
    row = last(page)
    editor.fill("A typo here")
    editor.press("Enter")
    expect(row.locator(".message-text")).to_have_text("A typo here")
    expect(row.get_by_text("(edited)")).to_be_visible()
    # Where one was: what is typed next is the next message.
    expect(area(page)).to_be_focused()
    area(page).press("ArrowUp")
    editor.press("Escape")
    expect(row.locator(".message-text")).to_have_text("A typo here")
    expect(area(page)).to_be_focused()
    row.focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("aria-label") == "Delete":
            break
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Delete this message?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Delete").press("Enter")
    expect(page.locator("#main")).not_to_contain_text("A typo here")


def keep_drafts_by_channel_and_user(page: Page) -> None:
    area(page).fill("Half a thought")
    page.get_by_role("navigation").get_by_role("link", name="random").click()
    settle(page)
    expect(area(page)).to_have_value("")
    expect(page.get_by_role("navigation").get_by_role("link", name="sales, draft")).to_be_visible()
    view_as(page, "Jim Halpert")
    page.get_by_role("navigation").get_by_role("link", name="sales").click()
    settle(page)
    expect(area(page)).to_have_value("")
    view_as(page, "Michael Scott")
    page.get_by_role("navigation").get_by_role("link", name="sales").click()
    settle(page)
    expect(area(page)).to_have_value("Half a thought")


def join_before_writing(page: Page) -> None:
    """Whoever is not in the channel."""
    expect(area(page)).to_have_count(0)
    page.get_by_role("button", name="Join #annex").click()
    send(page, "I have arrived")
    expect(page.get_by_role("button", name="Show the 1 member")).to_be_visible()


def test_what_is_refused_or_too_long_is_not_lost(visit: Visit, server: Served, watch: Watch):
    watch.refusals = True
    page = opened(visit, server, "/c/sales")
    refusal = {"error": "Not today."}
    page.route("**/api/messages", lambda route: route.fulfill(status=403, json=refusal))
    area(page).fill("Alpha paper")
    area(page).press("Enter")
    row = page.locator("#main [data-message-id]").filter(has_text="Alpha paper")
    expect(row.get_by_role("alert")).to_contain_text("Couldn’t send. Not today.")
    page.unroute_all()
    row.get_by_role("button", name="Try again").click()
    expect(row).to_have_class(SENT)
    page.route("**/api/messages", lambda route: route.fulfill(status=403, json=refusal))
    area(page).fill("Beta paper")
    area(page).press("Enter")
    row = page.locator("#main [data-message-id]").filter(has_text="Beta paper")
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    area(page).fill("x" * 40_001)
    area(page).press("Enter")
    expect(page.locator("#main .composer").get_by_role("alert")).to_contain_text(
        "Too long by 1 character (limit 40,000)"
    )
    assert len(area(page).input_value()) == 40_001


def test_names_are_completed_and_others_messages_are_not_ones_own_to_change(
    visit: Visit, shared_server: Served
):
    page = opened(visit, shared_server, "/c/general")
    for typed, option, key, value in (
        ("Ask @dwi", "Dwight Schrute", "Tab", "Ask @dwight "),
        ("See #par", "#party-planning", "Enter", "See #party-planning "),
        ("Hooray :tada", ":tada:", "Enter", "Hooray 🎉 "),
    ):
        area(page).fill("")
        area(page).click()
        page.keyboard.type(typed)
        choice = page.locator(".completion").get_by_role("option", name=option)
        expect(choice, typed).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Escape")
        expect(choice, typed).to_have_count(0)
        page.keyboard.press("Backspace")
        page.keyboard.press("Backspace")
        area(page).fill("")
        page.keyboard.type(typed)
        expect(choice, typed).to_be_visible()
        page.keyboard.press(key)
        expect(area(page), typed).to_have_value(value)
    area(page).fill("")
    row = page.locator("#main [data-message-id]").filter(has_text="They're parking").last
    row.hover()
    actions = row.get_by_role("group", name="Message actions")
    expect(actions.get_by_role("button", name="Copy link")).to_be_visible()
    expect(actions.get_by_role("button", name="Edit")).to_have_count(0)
    expect(actions.get_by_role("button", name="Delete")).to_have_count(0)


def test_a_link_opens_a_message_among_those_around_it(visit: Visit, server: Served, run_sql):
    ids = run_sql(
        "INSERT INTO messages (channel_id, user_id, text, created_at)"
        " SELECT 'sales', 'jim', 'Line ' || n, timestamptz '2024-01-01' + n * interval '1 minute'"
        " FROM generate_series(1, 300) n RETURNING id, text"
    )
    wanted = next(row["id"] for row in ids if row["text"] == "Line 120")
    page = visit(server, "michael")
    page.goto(f"/c/sales/m/{wanted}")
    row = page.locator(f'[data-message-id="{wanted}"]')
    expect(row).to_be_in_viewport()
    expect(row).to_be_focused()
    newest = page.locator(".message-list__newest")
    expect(newest).to_be_visible()
    page.locator("#main [data-message-id]").last.scroll_into_view_if_needed()
    expect(page.locator("#main").get_by_text("Line 180", exact=True)).to_be_attached()
    newest.click()
    expect(page.locator("#main").get_by_text("Line 120", exact=True)).to_have_count(0)
    expect(page.locator("#main [data-message-id]").last).to_be_in_viewport()
