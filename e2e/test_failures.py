"""What is shown while something loads, where there is nothing, and where it could not be had."""

from uuid import UUID

from playwright.sync_api import Page, expect
from tests.support.serving import Served, serving

from e2e.asking import without_first_answers
from e2e.held import Held
from e2e.outages import ask_again
from e2e.views import face, follow_link, settle
from e2e.watch import Watch
from e2e.window import Visit

AWAY = {"error": "The database cannot be reached."}


def shows_messages(page: Page) -> None:
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("log").get_by_role("listitem").first).to_be_visible()


def messages_of(channel_id: str) -> str:
    return f"**/api/channels/{channel_id}/messages"


def test_what_is_on_its_way_is_announced_and_what_failed_named_and_asked_for_again(
    visit: Visit, shared_server: Served, watch: Watch
):
    watch.refusals = True
    page = without_first_answers(visit(shared_server))
    # A workspace that cannot be read.
    page.route("**/api/**", lambda route: route.fulfill(status=503, json=AWAY))
    page.goto("/c/sales")
    expect(page.get_by_role("alert")).to_contain_text("Database unavailable")
    ask_again(page, "**/api/channels*")
    shows_messages(page)
    expect(face(page)).to_have_count(16)

    held = Held(page, messages_of("random"))
    follow_link(page, "random")
    expect(page.get_by_text("Loading messages")).to_be_attached()
    expect(page.get_by_role("log")).to_have_attribute("aria-busy", "true")
    held.let_through()
    settle(page)
    expect(page.get_by_text("Loading messages")).to_have_count(0)

    # A database that is away.
    wanted = messages_of("announcements")
    page.route(wanted, lambda route: route.fulfill(status=503, json=AWAY))
    follow_link(page, "announcements")
    expect(page.get_by_role("alert")).to_contain_text("Database unavailable")
    ask_again(page, wanted)
    shows_messages(page)

    # A server that does not answer.
    wanted = messages_of("general")
    page.route(wanted, lambda route: route.abort())
    follow_link(page, "general")
    expect(page.get_by_role("alert")).to_contain_text("Can’t reach Bullpen")
    ask_again(page, wanted)
    shows_messages(page)

    # Any other error is quoted.
    error = {"error": "<b>Paper</b>"}
    wanted = messages_of("management")
    page.route(wanted, lambda route: route.fulfill(status=500, json=error))
    follow_link(page, "management", "Private channel management")
    expect(page.get_by_role("alert")).to_contain_text("<b>Paper</b>")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    shows_messages(page)


def test_a_thread_that_is_not_there_says_so_and_one_that_fails_can_be_asked_for_again(
    visit: Visit, shared_server: Served, watch: Watch
):
    watch.refusals = True
    page = without_first_answers(visit(shared_server))
    page.goto(f"/c/sales/t/{UUID(int=1)}")
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("Thread not found")
    settle(page)
    expect(page.locator("#main").get_by_role("listitem").first).to_be_visible()

    page.route("**/replies", lambda route: route.fulfill(status=503, json=AWAY))
    page.locator(".thread-preview").first.click()
    expect(panel.get_by_role("alert")).to_contain_text("Database unavailable")
    ask_again(panel, "**/replies")
    expect(panel.get_by_role("list", name="Replies").get_by_role("listitem").first).to_be_visible()


def test_an_empty_channel_says_so(visit: Visit, server: Served, run_sql):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('annex', 'annex', 'public')")
    page = visit(server)
    page.goto("/c/annex")
    expect(page.locator("#main")).to_contain_text("No messages yet.")


def test_who_is_not_signed_in_is_led_to_the_page_for_that(
    visit: Visit, shared_url: str, watch: Watch
):
    watch.refusals = True
    with serving(shared_url, team=True) as served:
        page = visit(served)
        page.goto("/c/sales")
        page.wait_for_url("**/sign-in?next=%2Fc%2Fsales")
