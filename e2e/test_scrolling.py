"""Opening is at the newest message, and older ones load without moving what is being read."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.held import Held
from e2e.outages import ask_again
from e2e.views import DRAWN, settle
from e2e.window import Visit

MESSAGES = """
INSERT INTO messages (channel_id, user_id, text, created_at)
SELECT 'long', CASE n % 3 WHEN 0 THEN 'jim' ELSE 'pam' END,
       'message ' || n || repeat(' and some more words', n % 7 * 4),
       timestamptz '2026-03-01 12:00Z' + n * interval '7 minutes'
FROM generate_series(1, 300) n
"""
VISIBLE = """
() => {
    const scroller = document.querySelector('.message-list__scroller');
    const { top, bottom } = scroller.getBoundingClientRect();
    return [...scroller.querySelectorAll('[data-message-id]')]
        .map((row) => [row.dataset.messageId, row.getBoundingClientRect().top])
        .filter(([, at]) => at >= top && at < bottom);
}
"""


@pytest.fixture
def page(visit: Visit, server: Served, run_sql) -> Iterator[Page]:
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('long', 'long', 'public')")
    run_sql(MESSAGES)
    page = visit(server)
    yield page
    page.unroute_all()


def rows(page: Page):
    return page.locator("#main [data-message-id]")


def scroll_to(page: Page, place: int) -> None:
    page.locator(".message-list__scroller").evaluate("(it, place) => it.scrollTop = place", place)
    page.evaluate(DRAWN)


def test_opening_is_at_the_newest_message_and_older_ones_load_up_to_the_first_without_a_jump(
    page: Page, run_sql
):
    run_sql(
        "INSERT INTO reactions (message_id, user_id, emoji)"
        " SELECT id, 'pam', '👍' FROM messages WHERE text LIKE 'message 300%'"
    )
    page.goto("/c/long")
    expect(rows(page)).to_have_count(50)
    stay_at_the_newest(page)
    load_older_ones(page)
    close_the_tooltip_with_what_it_is_about(page)


def stay_at_the_newest(page: Page) -> None:
    page.evaluate(DRAWN)
    expect(rows(page).last).to_be_in_viewport(ratio=1)
    expect(rows(page).last).to_contain_text("message 300")
    expect(rows(page).first).not_to_be_in_viewport()
    # Also when something below needs room, and where the browser tells of scrolling before it
    # tells of the new height.
    page.evaluate("""
        () => {
            const below = document.createElement('div');
            below.id = 'below';
            below.style.height = '200px';
            document.querySelector('#main').append(below);
            document.querySelector('.message-list__scroller').dispatchEvent(new Event('scroll'));
        }
    """)
    page.evaluate(DRAWN)
    expect(rows(page).last).to_be_in_viewport(ratio=1)
    page.evaluate("document.querySelector('#below').remove()")


def load_older_ones(page: Page) -> None:
    held = Held(page, "**/messages?before=*")
    for loaded, place in ((100, 400), (150, 400), (200, 0), (250, 0), (300, 0)):
        scroll_to(page, place)
        before = dict(page.evaluate(VISIBLE))
        held.let_through()
        expect(rows(page)).to_have_count(loaded)
        page.evaluate(DRAWN)
        after = dict(page.evaluate(VISIBLE))
        stayed = [abs(after[row] - before[row]) for row in before if row in after]
        assert len(stayed) > 3, loaded
        assert max(stayed) < 1, loaded
    expect(page.get_by_text("This is the start of #long.")).to_be_attached()
    texts = rows(page).locator(".message-text").all_text_contents()
    assert [int(text.split()[1]) for text in texts] == list(range(1, 301))


def close_the_tooltip_with_what_it_is_about(page: Page) -> None:
    rows(page).last.locator(".reaction").first.focus()
    tooltip = page.locator(".tooltip")
    expect(tooltip).to_contain_text("Pam")
    scroll_to(page, 0)
    expect(tooltip).to_have_count(0)
    scroll_to(page, 100_000)
    expect(tooltip).to_contain_text("Pam")


def test_going_back_returns_to_where_one_was_reading_and_what_failed_is_asked_for_again(
    page: Page, watch
):
    watch.refusals = True
    page.goto("/c/long")
    expect(rows(page)).to_have_count(50)
    scroll_to(page, 1500)
    before = page.evaluate(VISIBLE)
    page.get_by_role("link", name="sales").click()
    page.wait_for_url("**/c/sales")
    settle(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("long")
    page.evaluate(DRAWN)
    assert page.evaluate(VISIBLE) == before
    # Older messages that could not be loaded.
    page.route("**/messages?before=*", lambda route: route.abort())
    scroll_to(page, 0)
    alert = page.get_by_role("alert").filter(has_text="Older messages could not be loaded.")
    expect(alert).to_be_visible()
    ask_again(alert, "**/messages?before=*")
    expect(rows(page)).to_have_count(100)
