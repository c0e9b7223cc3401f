"""What the first page with messages costs to transfer."""

from collections import defaultdict
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect
from tests.support.serving import Served

from bullpen.api.browser.frame import MOST_MESSAGES
from e2e.first_load import AFTERWARDS
from e2e.views import open_general
from e2e.watch import Watch
from e2e.window import Visit

MOST_BYTES = 100_000
MOST_BYTES_BEFORE_MESSAGES = 60_000
MOST_BYTES_OF_FONTS = 120_000
MESSAGE = "[data-message-id]"


def test_the_first_load_is_at_most_100_kb_besides_fonts(visit: Visit, shared_server: Served):
    page = visit(shared_server)
    kinds: dict[str, str] = {}
    transferred: dict[str, int] = defaultdict(int)

    def received(answer: Any) -> None:
        if not AFTERWARDS.search(answer["response"]["url"]):
            kinds[answer["requestId"]] = answer["type"]

    network = page.context.new_cdp_session(page)
    network.on("Network.responseReceived", received)
    network.on(
        "Network.loadingFinished",
        lambda it: transferred.update({it["requestId"]: it["encodedDataLength"]}),
    )
    network.send("Network.enable")
    open_general(page)
    # Styles and the first answers of the API are in the document.
    assert set(kinds.values()) == {"Document", "Script", "Font"}
    assert set(kinds) <= set(transferred)
    costs: dict[str, int] = defaultdict(int)
    for request, kind in kinds.items():
        costs[kind] += transferred[request]
    assert min(costs.values()) > 0
    fonts = costs.pop("Font")
    assert sum(costs.values()) <= MOST_BYTES, (dict(costs), fonts)
    # The document has drawn messages in it: nothing else comes before them.
    assert costs["Document"] <= MOST_BYTES_BEFORE_MESSAGES
    assert fonts <= MOST_BYTES_OF_FONTS


def test_the_document_alone_shows_the_messages_and_the_client_shows_the_same(
    browser: Browser, visit: Visit, shared_server: Served
):
    drawn = without_scripts(browser, shared_server)
    page = visit(shared_server)
    open_general(page)
    shown = rows(page)
    assert len(drawn) == min(MOST_MESSAGES, len(shown)) > 20
    assert drawn == shown[-MOST_MESSAGES:]
    assert page.locator("[data-drawn]").count() == 0


def without_scripts(browser: Browser, served: Served) -> list[dict[str, str]]:
    context = browser.new_context(java_script_enabled=False, base_url=served.address)
    page = context.new_page()
    page.goto("/c/general")
    found = rows(page)
    # At its end, as the client scrolls it.
    expect(page.locator(MESSAGE).last).to_be_in_viewport()
    context.close()
    return found


def rows(page: Page) -> list[dict[str, str]]:
    found: list[dict[str, str]] = page.locator(MESSAGE).evaluate_all(
        "rows => rows.map((row) => ({ id: row.dataset.messageId,"
        " author: row.querySelector('.message__author, .system__who').textContent }))"
    )
    return found


def test_what_is_said_between_the_page_and_its_stream_is_shown_once(
    visit: Visit, server: Served, watch: Watch
):
    page = visit(server, "jim")
    with server.client("dwight") as dwight:

        def post_meanwhile(route: Route) -> None:
            """When the document has its data, and no stream is open."""
            answer = route.fetch()
            said = dwight.post("/api/messages", json={"channelId": "sales", "text": "In between"})
            assert said.status_code == 201
            route.fulfill(response=answer)

        page.route("**/c/sales", post_meanwhile)
        page.goto("/c/sales")
        expect(page.locator(MESSAGE).filter(has_text="In between")).to_have_count(1)
        dwight.post("/api/messages", json={"channelId": "sales", "text": "Afterwards"})
        expect(page.locator(MESSAGE).filter(has_text="Afterwards")).to_have_count(1)
        expect(page.locator(MESSAGE).filter(has_text="In between")).to_have_count(1)
    assert "GET /api/channels/sales/messages" not in watch.requests
