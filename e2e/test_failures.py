"""What is shown while something loads, where there is nothing, and where it could not be had."""

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from tests.support.serving import Served, serving

from e2e.asking import without_first_answers
from e2e.held import Held
from e2e.outages import ask_again
from e2e.views import face, settle
from e2e.watch import Watch
from e2e.window import Visit

AWAY = {"error": "The database cannot be reached."}
MESSAGES = "**/api/channels/sales/messages"


@pytest.fixture
def refused(watch: Watch) -> None:
    watch.refusals = True


def shows_messages(page: Page) -> None:
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("log").get_by_role("listitem").first).to_be_visible()


def test_messages_on_their_way_are_announced(visit: Visit, shared_server: Served):
    page = without_first_answers(visit(shared_server))
    held = Held(page, MESSAGES)
    page.goto("/c/sales")
    expect(page.get_by_text("Loading messages")).to_be_attached()
    expect(page.get_by_role("heading", level=1)).to_have_text("sales")
    expect(page.get_by_role("log")).to_have_attribute("aria-busy", "true")
    held.let_through()
    settle(page)
    expect(page.get_by_text("Loading messages")).to_have_count(0)


@pytest.mark.usefixtures("refused")
def test_a_database_that_is_away_is_named(visit: Visit, shared_server: Served):
    page = without_first_answers(visit(shared_server))
    page.route(MESSAGES, lambda route: route.fulfill(status=503, json=AWAY))
    page.goto("/c/sales")
    expect(page.get_by_role("alert")).to_contain_text("Database unavailable")
    ask_again(page, MESSAGES)
    shows_messages(page)


@pytest.mark.usefixtures("refused")
def test_a_workspace_that_cannot_be_read_is_asked_for_again(visit: Visit, shared_server: Served):
    page = without_first_answers(visit(shared_server))
    page.route("**/api/**", lambda route: route.fulfill(status=503, json=AWAY))
    page.goto("/c/sales")
    expect(page.get_by_role("alert")).to_contain_text("Database unavailable")
    ask_again(page, "**/api/channels*")
    shows_messages(page)
    expect(face(page)).to_have_count(16)


@pytest.mark.usefixtures("refused")
def test_a_server_that_does_not_answer_is_named(visit: Visit, shared_server: Served):
    page = without_first_answers(visit(shared_server))
    page.route(MESSAGES, lambda route: route.abort())
    page.goto("/c/sales")
    expect(page.get_by_role("alert")).to_contain_text("Can’t reach Bullpen")
    ask_again(page, MESSAGES)
    shows_messages(page)


@pytest.mark.usefixtures("refused")
def test_any_other_error_is_quoted(visit: Visit, shared_server: Served):
    page = without_first_answers(visit(shared_server))
    page.route(MESSAGES, lambda route: route.fulfill(status=500, json={"error": "<b>Paper</b>"}))
    page.goto("/c/sales")
    expect(page.get_by_role("alert")).to_contain_text("<b>Paper</b>")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    shows_messages(page)


@pytest.mark.usefixtures("refused")
def test_a_thread_that_is_not_there_says_so(visit: Visit, shared_server: Served):
    page = without_first_answers(visit(shared_server))
    page.goto(f"/c/sales/t/{UUID(int=1)}")
    expect(page.get_by_role("complementary")).to_contain_text("Thread not found")
    settle(page)
    expect(page.locator("#main").get_by_role("listitem").first).to_be_visible()


@pytest.mark.usefixtures("refused")
def test_a_thread_that_fails_can_be_asked_for_again(visit: Visit, shared_server: Served):
    page = without_first_answers(visit(shared_server))
    page.goto("/c/sales")
    page.route("**/replies", lambda route: route.fulfill(status=503, json=AWAY))
    page.locator(".thread-preview").first.click()
    panel = page.get_by_role("complementary")
    expect(panel.get_by_role("alert")).to_contain_text("Database unavailable")
    ask_again(panel, "**/replies")
    expect(panel.get_by_role("list", name="Replies").get_by_role("listitem").first).to_be_visible()


def test_an_empty_channel_says_so(visit: Visit, server: Served, run_sql):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('annex', 'annex', 'public')")
    page = visit(server)
    page.goto("/c/annex")
    expect(page.locator("#main")).to_contain_text("No messages yet.")


@pytest.mark.usefixtures("refused")
def test_who_is_not_signed_in_is_led_to_the_page_for_that(visit: Visit, shared_url: str):
    with serving(shared_url, team=True) as served:
        page = visit(served)
        page.goto("/c/sales")
        page.wait_for_url("**/sign-in?next=%2Fc%2Fsales")
