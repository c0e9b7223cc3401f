"""Ctrl K: to a channel, a person, a search or a command by a few letters."""

import re

from playwright.sync_api import Locator, Page, expect
from tests.support.serving import Served

from e2e.axe import violations_in_each_look
from e2e.keyboard import press, tab_to
from e2e.layout import STICKS_OUT
from e2e.outages import ask_again
from e2e.views import open_address, open_general, thread_address
from e2e.watch import Watch
from e2e.window import WIDE, Visit


def opened(page: Page) -> Locator:
    press(page, "Control+k")
    expect(page.get_by_role("dialog", name="Jump to")).to_be_visible()
    expect(field(page)).to_be_focused()
    return page.get_by_role("dialog")


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Jump to a channel or person, or search")


def of_accounting(page: Page) -> Locator:
    """Which is private, and Kevin's but not Michael's."""
    options = page.get_by_role("dialog").get_by_role("option")
    return options.filter(has_text="It balances or nobody")


def current(page: Page) -> Locator:
    return page.get_by_role("dialog").get_by_role("option", selected=True)


def test_a_few_letters_or_arrows_lead_to_a_place_a_search_or_what_a_command_says(
    visit: Visit, shared_server: Served, watch: Watch
):
    page = visit(shared_server)
    open_address(page, thread_address())
    assert not [one for one in watch.requests if "/pages" in one]
    close_alone_by_escape(page)
    choose_by_arrows_with_the_last_place_first(page)
    go_on_by_letters(page)


def go_on_by_letters(page: Page) -> None:
    opened(page)
    page.keyboard.type("accounting")
    expect(current(page)).to_be_visible()
    expect(of_accounting(page)).to_have_count(0)
    press(page, "Escape")
    opened(page)
    page.keyboard.type("plan")
    # Somebody who never joined a channel is not told that something there is unread.
    expect(current(page)).to_have_accessible_name(re.compile("^party-planning .*colors\\.$"))
    expect(current(page).locator("b")).to_have_text("plan")
    expect(field(page)).to_have_attribute(
        "aria-activedescendant", str(current(page).get_attribute("id"))
    )
    press(page, "Enter")
    page.wait_for_url("**/c/party-planning")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    # What nobody is called is searched for.
    opened(page)
    page.keyboard.type("printer from:jim")
    expect(current(page)).to_have_text("Search for “printer from:jim”")
    press(page, "Enter")
    page.wait_for_url("**/search?q=printer+from%3Ajim")
    opened(page)
    page.keyboard.type("new ch")
    expect(current(page)).to_have_text(re.compile("New channel"))
    press(page, "Enter")
    expect(page.get_by_role("dialog", name="New channel")).to_be_visible()


def choose_by_arrows_with_the_last_place_first(page: Page) -> None:
    for path in ("/c/random", "/d/dm-michael-jim", "/c/general"):
        page.locator(f'nav a[href="{path}"]').click()
        page.wait_for_url(f"**{path}")
        page.wait_for_function(
            "(path) => (localStorage.getItem('bullpen.places:michael') ?? '').includes(path)",
            arg=path.rpartition("/")[2],
        )
    page.get_by_role("textbox", name="Message #general").focus()
    dialog = opened(page)
    options = dialog.get_by_role("option")
    expect(options.nth(0)).to_contain_text("Jim Halpert")
    expect(options.nth(1)).to_contain_text("random")
    press(page, "ArrowDown")
    expect(current(page)).to_contain_text("random")
    press(page, "ArrowUp", "ArrowUp")
    expect(current(page)).to_have_text(re.compile(".+"))
    press(page, "ArrowDown")
    expect(current(page)).to_contain_text("Jim Halpert")
    press(page, "Enter")
    page.wait_for_url("**/d/dm-michael-jim")


def close_alone_by_escape(page: Page) -> None:
    """The focus returns to where it was."""
    close = page.get_by_role("link", name="Close thread")
    tab_to(page, close)
    opened(page)
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(close).to_be_focused()
    expect(page.get_by_role("complementary")).to_be_visible()
    opened(page)
    press(page, "Control+k")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Jump to a channel or person").click()
    expect(field(page)).to_be_focused()
    page.mouse.click(20, 880)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_dialog_that_cannot_be_loaded_says_so_and_once_loaded_offers_what_its_reader_may_see(
    visit: Visit, shared_server: Served, watch: Watch
):
    watch.refusals = True
    page = visit(shared_server, "kevin")
    open_general(page)
    page.route("**/styles/pages.css", lambda route: route.abort())
    press(page, "Control+k")
    dialog = page.get_by_role("dialog", name="Not loaded")
    expect(dialog).to_contain_text("Can’t reach Bullpen")
    # It stands where the one that is missing would, which brings no style for it.
    box = dialog.bounding_box()
    assert box is not None
    assert (box["x"] + box["width"] / 2, box["width"]) == (WIDE["width"] / 2, 560)
    page.mouse.click(20, WIDE["height"] - 20)
    expect(dialog).to_have_count(0)
    press(page, "Control+k")
    expect(dialog).to_be_visible()
    ask_again(page, "**/styles/pages.css")
    expect(field(page)).to_be_visible()
    field(page).fill("accounting")
    expect(of_accounting(page)).to_have_count(1)
    field(page).fill("a")
    assert violations_in_each_look(page) == {}
    assert page.evaluate(STICKS_OUT.replace("#main *", "dialog *")) == []
