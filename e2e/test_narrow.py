"""On a narrow screen one column is shown at a time, and nothing sticks out of it."""

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.layout import STICKS_OUT
from e2e.views import VIEWS, View, go_to, open_page, settle, thread_address, view_as
from e2e.window import NARROW, Visit


def open_menu(page: Page) -> None:
    page.get_by_role("button", name="Channels and members").click()
    expect(page.get_by_role("navigation")).to_be_in_viewport()


def test_no_view_is_wider_than_the_screen_and_the_menu_brings_the_rest(
    visit: Visit, shared_server: Served
):
    pages = {
        user_id: visit(shared_server, user_id, viewport=NARROW, has_touch=True)
        for user_id in {view.user_id for view in VIEWS}
    }
    for page in pages.values():
        open_page(page, "/c/general")
    for view in VIEWS:
        page = pages[view.user_id]
        go_to(page, "/c/general" if view.name == "user-switcher" else path_of(view))
        if view.name == "user-switcher":
            open_menu(page)
        assert page.evaluate("document.scrollingElement.scrollWidth") == NARROW["width"], view.name
        assert page.evaluate(STICKS_OUT) == [], view.name
    page = pages["michael"]
    page.keyboard.press("Escape")
    use_the_menu(page)


def path_of(view: View) -> str:
    addresses = {"direct-message": "/d/dm-michael-jim", "thread": thread_address()}
    return addresses.get(view.name, f"/c/{view.name}")


def use_the_menu(page: Page) -> None:
    """It brings channels and members."""
    navigation = page.locator("nav")
    expect(navigation).not_to_be_in_viewport()
    open_menu(page)
    page.keyboard.press("Escape")
    expect(navigation).not_to_be_in_viewport()
    expect(page.get_by_role("button", name="Channels and members")).to_be_focused()

    open_menu(page)
    page.get_by_role("link", name="sales").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("sales")
    expect(navigation).not_to_be_in_viewport()
    open_menu(page)
    view_as(page, "Pam Beesly")
    # She reads #sales as well.
    expect(page.get_by_role("heading", level=1)).to_have_text("sales")
    settle(page)


def test_at_four_hundred_percent_messages_have_most_of_the_room(
    visit: Visit, shared_server: Served
):
    page = visit(shared_server, viewport={"width": 360, "height": 225})
    page.goto("/c/general")
    settle(page)
    expect(page.get_by_role("textbox", name="Message #general")).to_be_visible()
    log = page.locator(".message-list__scroller").bounding_box()
    assert log is not None
    assert log["height"] > 225 / 2
    assert page.evaluate(STICKS_OUT) == []
    page.set_viewport_size({"width": 320, "height": 256})
    name = page.locator(".header__name-text")
    expect(name).to_have_text("general")
    assert name.evaluate("(it) => it.clientWidth > 0 && it.scrollWidth <= it.clientWidth")
