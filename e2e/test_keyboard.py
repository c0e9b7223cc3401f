"""Everything is reached and done by keyboard alone."""

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.keyboard import focus, press, tab_to
from e2e.views import face, from_the_top, go_to, open_address, settle, thread_address
from e2e.window import Visit


def test_all_of_the_chat_is_reached_by_keyboard_and_focus_is_seen_on_every_stop(
    visit: Visit, shared_server: Served
):
    page = visit(shared_server)
    open_address(page, "/settings")
    press(page, "Tab")
    expect(focus(page)).to_have_text("Skip to the page")
    go_to(page, "/c/general")
    open_and_return_by_escape(page)
    go_to(page, thread_address())
    see_the_focus_on_every_stop(page)
    go_to(page, "/c/general")
    skip_to_messages_and_move_in_the_rail(page)


def open_and_return_by_escape(page: Page) -> None:
    """To where one was, from threads, members, channels and direct messages."""
    rows = page.locator("#main [data-message-id]")
    tab_to(page, rows.last)
    press(page, "ArrowUp", "ArrowDown", "ArrowUp")
    expect(rows.nth(-2)).to_be_focused()
    press(page, *["ArrowUp"] * 5)
    expect(rows.nth(-7)).to_be_focused()
    preview = page.locator(f'.thread-preview[href="{thread_address()}"]')
    tab_to(page, preview)
    press(page, "Enter")
    page.wait_for_url(f"**{thread_address()}")
    panel = page.get_by_role("complementary")
    # Whoever opens a thread can write at once.
    expect(panel.get_by_role("textbox")).to_be_focused()
    press(page, "Escape")
    page.wait_for_url("**/c/general")
    expect(panel).to_have_count(0)
    expect(preview).to_be_focused()
    from_the_top(page)
    button = page.get_by_role("button", name="Show the 16 members")
    tab_to(page, button)
    press(page, "Enter")
    dialog = page.get_by_role("dialog", name="16 members")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("listitem")).to_have_count(16)
    press(page, "Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    from_the_top(page)
    for name, path in (("random", "/c/random"), ("Jim Halpert", "/d/dm-michael-jim")):
        tab_to(page, page.get_by_role("navigation").get_by_role("link", name=name))
        press(page, "Enter")
        page.wait_for_url(f"**{path}")
        settle(page)


def see_the_focus_on_every_stop(page: Page) -> None:
    unseen = []
    from_the_top(page)
    for _ in range(60):
        marked = page.evaluate("""
            () => {
                const at = document.activeElement;
                // A text and the tools around it are marked as one.
                const marked = [at.closest('.composer__box') ?? at, ...at.querySelectorAll('*')];
                const within = marked.map((it) => getComputedStyle(it));
                return at === document.body || within.some(
                    (style) => style.outlineStyle !== 'none' && style.outlineWidth !== '0px'
                        || style.boxShadow !== 'none');
            }
        """)
        if not marked:
            unseen.append(focus(page).evaluate("(it) => it.outerHTML.slice(0, 120)"))
        if page.evaluate("document.activeElement === document.body"):
            break
        press(page, "Tab")
    assert unseen == []


def skip_to_messages_and_move_in_the_rail(page: Page) -> None:
    """The rail is one stop of Tab."""
    from_the_top(page)
    expect(focus(page)).to_have_text("Skip to messages")
    press(page, "Enter")
    expect(page.get_by_role("main")).to_be_focused()
    assert page.evaluate("location.hash") == ""
    members = face(page)
    from_the_top(page)
    # Past the bar that says as whom one views.
    press(page, "Tab", "Tab")
    expect(members.first).to_be_focused()
    press(page, "ArrowUp")
    expect(members.first).to_be_focused()
    press(page, "End")
    expect(members.last).to_be_focused()
    press(page, "Home", "ArrowDown", "ArrowDown")
    expect(members.nth(2)).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("dialog", name="Dwight Schrute")).to_be_visible()
    press(page, "Escape")
    expect(members.nth(2)).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("button", name="Message", exact=True)).to_be_focused()
    press(page, "Tab", "Enter")
    expect(members.nth(2)).to_have_attribute("aria-current", "true")
    settle(page)
    expect(page.get_by_role("navigation")).to_contain_text("Assistant Regional Manager")
