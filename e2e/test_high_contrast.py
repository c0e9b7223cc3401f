"""Windows high contrast (forced colors), and the API's page in dark mode."""

from playwright.sync_api import Locator, expect
from tests.support.serving import Served

from e2e.views import face, go_to, open_general
from e2e.window import Visit

STYLE = "(it, name) => getComputedStyle(it)[name]"


def style(element: Locator, name: str) -> str:
    return str(element.evaluate(STYLE, name))


def test_what_is_current_active_or_a_button_differs_from_what_is_not(
    visit: Visit, shared_server: Served
):
    page = visit(shared_server, forced_colors="active")
    open_general(page)
    background = style(page.locator(".rail"), "backgroundColor")
    active = face(page, "Jim Halpert").locator(".presence")
    offline = face(page, "Creed Bratton").locator(".presence")
    assert style(active, "backgroundColor") != background
    assert style(offline, "backgroundColor") == background
    assert style(page.locator(".header__search"), "borderTopStyle") == "solid"
    links = page.get_by_role("navigation").get_by_role("link")
    current = page.locator(".sidebar__row[aria-current]")
    assert style(current, "backgroundColor") != style(links.last, "backgroundColor")
    me, other = face(page).nth(0), face(page).nth(1)
    faces = [style(member.locator(".avatar__face"), "outlineStyle") for member in (me, other)]
    assert faces == ["solid", "none"]
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog")
    chosen = dialog.get_by_role("option", selected=True)
    expect(chosen).to_be_visible()
    plain = dialog.get_by_role("option", selected=False).first
    assert style(chosen, "backgroundColor") != style(plain, "backgroundColor")
    # Nor has a hidden bar borders.
    go_to(page, "/a/dwight")
    bar = page.locator(".save-bar")
    assert style(bar, "borderTopColor") == style(page.locator("html"), "backgroundColor")
    tabs = page.get_by_role("navigation", name="This agent").get_by_role("link")
    lines = [style(tab, "textDecorationLine") for tab in (tabs.nth(0), tabs.nth(1))]
    assert lines == ["underline", "none"]
    # Bars of steps and of the timeline are drawn.
    go_to(page, "/a/dwight/runs?status=completed")
    page.locator(".runs__row").first.click()
    bar = page.locator(".waterfall__bar").first
    expect(bar).to_be_visible()
    row = page.locator(".waterfall__row").first
    assert style(bar, "backgroundColor") != style(row, "backgroundColor")
    go_to(page, "/activity")
    bar, lane = page.locator(".timeline__bar").first, page.locator(".timeline__lane").first
    expect(bar).to_be_visible()
    assert style(bar, "backgroundColor") != style(lane, "backgroundColor")


def test_the_page_of_the_api_follows_the_color_scheme(visit: Visit, shared_server: Served):
    page = visit(shared_server)
    page.goto("/api/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    light = style(page.locator("html"), "backgroundColor")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_class("dark-mode")
    assert style(page.locator("html"), "backgroundColor") == "rgb(28, 32, 34)" != light
