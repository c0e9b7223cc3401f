"""Keys that belong to an input method, fences in the editor, and shortcodes."""

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.views import settle
from e2e.window import Visit

# WebKit ends the composition first, and sends the Enter that confirmed it then (its bug 165004).
CONFIRM = """
([key, isComposing]) => {
    const element = document.activeElement;
    const heard = [];
    const hear = (event) => heard.push(event.key);
    element.addEventListener('keydown', hear);
    const event = new KeyboardEvent('keydown', {
        key, keyCode: 229, isComposing, bubbles: true, cancelable: true, composed: true,
    });
    element.dispatchEvent(event);
    element.removeEventListener('keydown', hear);
    return { heard, prevented: event.defaultPrevented };
}
"""
KEYS = ["Enter", "Tab", "Escape", "ArrowUp", "ArrowDown"]


def confirm(page: Page, *keys: str) -> None:
    """Presses each as Safari does, and as the others do; nothing hears of it."""
    for key in keys or KEYS:
        for composing in (False, True):
            done = page.evaluate(CONFIRM, [key, composing])
            assert done == {"heard": [], "prevented": False}, key


def opened(visit: Visit, served: Served, path: str) -> Page:
    page = visit(served, "michael")
    page.goto(path)
    settle(page)
    return page


def test_a_key_of_an_input_method_does_nothing_in_any_field(visit: Visit, server: Served):
    page = opened(visit, server, "/c/sales")
    rows = page.locator("#main [data-message-id]")
    before = rows.count()
    box = page.locator("#main .composer__area")
    box.click()
    page.keyboard.insert_text("変換中")
    confirm(page)
    expect(box).to_have_value("変換中")
    box.fill("")
    box.press_sequentially("@ji")
    expect(page.locator(".completion")).to_be_visible()
    confirm(page)
    expect(box).to_have_value("@ji")
    expect(page.locator(".completion")).to_be_visible()
    box.fill("変換")
    box.press("Enter")
    expect(rows).to_have_count(before + 1)
    expect(page.locator("#main .message--sending")).to_have_count(0)
    box.press("ArrowUp")
    editor = page.get_by_role("textbox", name="Edit the message")
    page.keyboard.insert_text("中")
    confirm(page)
    expect(editor).to_have_value("変換中")
    page.keyboard.press("Enter")
    expect(rows.last.locator(".message-text")).to_have_text("変換中")

    page.get_by_role("button", name="Emoji").last.click()
    search = page.get_by_role("searchbox", name="Search emoji")
    search.fill("tada")
    expect(page.locator(".picker__emoji")).to_have_count(1)
    confirm(page)
    expect(search).to_be_focused()
    page.keyboard.press("Escape")

    page.keyboard.press("Control+k")
    field = page.locator("#switcher-field")
    field.fill("acc")
    confirm(page)
    expect(field).to_be_focused()
    expect(field).to_have_value("acc")
    page.keyboard.press("Escape")

    page.goto("/search")
    settle(page)
    field = page.locator("#search-field")
    field.click()
    field.press_sequentially("fr")
    expect(page.locator("#search-list")).to_be_visible()
    confirm(page)
    expect(field).to_have_value("fr")
    expect(page).to_have_url(f"{server.address}/search")
    expect(page.locator("#search-list")).to_be_visible()


def test_a_shortcode_typed_to_its_end_is_its_emoji_and_enter_begins_a_line_inside_a_fence(
    visit: Visit, server: Served
):
    page = opened(visit, server, "/c/sales")
    composer = page.locator("#main .composer__area")
    editor = page.get_by_role("textbox", name="Edit the message")
    last = page.locator("#main [data-message-id]").last
    for box in (composer, editor):
        composer.click()
        if box is editor:
            page.keyboard.type("x")
            page.keyboard.press("Enter")
            expect(page.locator("#main .message--sending")).to_have_count(0)
            page.keyboard.press("ArrowUp")
            expect(editor).to_have_value("x")
            page.keyboard.press("Backspace")
        # Enter right after it, before the list of emoji can have come.
        page.keyboard.type("so :tada:")
        page.keyboard.press("Enter")
        expect(last.locator(".message-text")).to_have_text("so \U0001f389")
        page.reload()
        settle(page)
        expect(last.locator(".message-text")).to_have_text("so \U0001f389")
    composer.click()
    page.keyboard.type("`:tada:` :+1: 10:30: :nosuch: :tada:")
    expected = "`:tada:` \U0001f44d 10:30: :nosuch: \U0001f389"
    expect(composer).to_have_value(expected)
    page.keyboard.press("Control+z")
    expect(composer).to_have_value(expected[:-1] + ":tada:")

    composer.fill("```\na\n```")
    composer.press("Enter")
    expect(page.locator("#main .message--sending")).to_have_count(0)
    composer.press("ArrowUp")
    expect(editor).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("b")
    expect(editor).to_have_value("```\na\nb\n```")
    page.keyboard.press("Control+Enter")
    expect(last.locator("pre")).to_have_text("a\nb")
