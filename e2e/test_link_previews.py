"""Link previews switched on by keyboard, seen in every window, and removed by the author."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from tests.support.equivalence import PICTURES
from tests.support.serving import Served, serving
from tests.support.web_server import Answer, Site, site

from e2e.axe import violations
from e2e.layout import STICKS_OUT
from e2e.views import open_address
from e2e.window import NARROW, Visit

HEAD = """<title>{title}</title><meta property=og:site_name content="The Paper Gazette">
<meta property=og:image content=/a.png><meta name=description content="{about}">"""
LONG = "Seven sizes, four weights and every color that is white. " * 20


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as served:
        served.answers["/a.png"] = Answer(PICTURES["black"], "image/png")
        yield served


@pytest.fixture
def server(url: str, web: Site) -> Iterator[Served]:
    with serving(url, preview_networks=["127.0.0.0/8"]) as served:
        yield served


def test_a_preview_comes_to_every_window_and_goes_with_a_click_of_its_author(
    visit: Visit, server: Served, web: Site
):
    hostile = HEAD.format(title="&lt;img src=x onerror=alert(1)&gt; " + "W" * 500, about=LONG)
    first = web.page("/paper", HEAD.format(title="All about paper", about=LONG))
    second = web.page("/sly", hostile)
    page, other = visit(server), visit(server, "pam")
    open_address(page, "/admin/workspace")
    switch = page.get_by_role("switch", name="Link previews")
    switch.focus()
    page.keyboard.press("Space")
    expect(switch).to_be_checked()
    assert violations(page) == []
    page.reload()
    expect(switch).to_be_checked()
    open_address(page, "/c/general")
    open_address(other, "/c/general")
    page.get_by_role("textbox", name="Message #general").fill(f"Read {first} and {second}")
    page.keyboard.press("Enter")
    for window in (page, other):
        cards = window.get_by_role("log").get_by_role("list", name="Link previews")
        expect(cards.get_by_role("listitem")).to_have_count(2)
        expect(cards).to_contain_text("All about paper")
        expect(cards.get_by_role("link").first).to_have_attribute("href", first)
        picture = cards.locator("img").first
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("img => img.naturalWidth") == 1
        assert violations(window) == []
        window.set_viewport_size(NARROW)
        assert window.evaluate(STICKS_OUT) == []
    # Every picture comes from this server.
    assert page.evaluate("[...document.images].every(img => img.src.startsWith(origin))")
    expect(other.get_by_role("button", name="Remove the preview")).to_have_count(0)
    page.get_by_role("button", name="Remove the preview of All about paper").focus()
    page.keyboard.press("Enter")
    for window in (page, other):
        cards = window.get_by_role("log").get_by_role("list", name="Link previews")
        expect(cards.get_by_role("listitem")).to_have_count(1)
