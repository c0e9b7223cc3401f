"""A message is written now and sent later, in two windows of its author: nobody else sees it."""

from collections.abc import Callable

from playwright.sync_api import expect
from tests.support.serving import Served

from e2e.axe import problems_in_both_widths, violations
from e2e.views import open_address, open_page
from e2e.window import Visit
from e2e.worker import look


def test_a_message_is_sent_later_changed_given_back_and_kept_where_it_cannot_be_sent(
    visit: Visit, server: Served, url: str, run_sql: Callable[..., object]
):
    page, other, stranger = (visit(server, who) for who in ("michael", "michael", "pam"))
    for window in (page, stranger):
        open_address(window, "/c/general")
    open_page(other, "/scheduled")
    expect(other.get_by_text("Nothing is scheduled")).to_be_visible()
    composer = page.get_by_role("textbox", name="Message #general")
    composer.fill("Happy **birthday**")
    page.get_by_role("button", name="Send later").press("Enter")
    dialog = page.get_by_role("dialog", name="Send later")
    expect(dialog.get_by_role("button", name="Tomorrow morning")).to_contain_text("9:00 AM")
    assert violations(page) == []
    dialog.get_by_role("button", name="In 1 hour").press("Enter")
    expect(dialog).to_have_count(0)
    expect(composer).to_have_value("")
    expect(page.get_by_text("A message will be sent here today at 10:03 AM.")).to_be_visible()
    card = other.get_by_role("main").get_by_role("listitem")
    expect(card).to_contain_text("Happy birthday")
    card.get_by_role("button", name="Edit", exact=True).click()
    editor = other.get_by_role("dialog", name="Edit scheduled message")
    editor.get_by_label("Message").fill("Happy birthday, Kelly")
    assert violations(other) == []
    editor.get_by_role("button", name="Save").click()
    expect(editor).to_have_count(0)
    expect(card).to_contain_text("Happy birthday, Kelly")
    assert problems_in_both_widths(other) == []
    # Given back to the composer where it was written, beside what is written there by now.
    composer.fill("Besides:")
    card.get_by_role("button", name="Cancel and edit").click()
    other.wait_for_url("**/c/general")
    expect(other.get_by_role("textbox", name="Message #general")).to_have_value(
        "Happy birthday, Kelly"
    )
    expect(composer).to_have_value("Besides:")
    expect(page.get_by_text("A message will be sent here")).to_have_count(0)
    expect(stranger.get_by_text("Happy birthday")).to_have_count(0)
    for text in ("On time", "Too late"):
        composer.fill(text)
        page.get_by_role("button", name="Send later").click()
        dialog.get_by_role("button", name="In 20 minutes").click()
        expect(dialog).to_have_count(0)
    # The windows' clocks stand still, in the past.
    run_sql("UPDATE scheduled_posts SET send_at = now() + interval '1 day'")
    run_sql("UPDATE scheduled_posts SET send_at = now() WHERE text = 'On time'")
    look(url)
    for window in (page, stranger):
        expect(window.get_by_role("log").get_by_text("On time")).to_have_count(1)
    run_sql("DELETE FROM channel_members WHERE channel_id = 'general' AND user_id = 'michael'")
    run_sql("UPDATE scheduled_posts SET send_at = now()")
    look(url)
    link = page.get_by_role("navigation").get_by_role("link", name="Scheduled, 1 not sent")
    link.click()
    expect(page.get_by_role("main").get_by_role("listitem")).to_contain_text(
        "Not sent. Only members can write in this channel."
    )
    expect(stranger.get_by_role("log").get_by_text("Too late")).to_have_count(0)
