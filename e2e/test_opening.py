"""Where the focus is when a conversation is opened, and when what had it is gone."""

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.keyboard import press
from e2e.views import face, go_to, open_address, open_general, settle, thread_address, view_as
from e2e.window import NARROW, Visit


def composer(page: Page, name: str):
    return page.get_by_role("textbox", name=name, exact=True)


def test_what_is_typed_is_written_where_one_is_and_the_focus_stays_where_it_was_put(
    visit: Visit, shared_server: Served
):
    page = visit(shared_server)
    open_general(page)
    type_into_what_is_opened(page)
    go_to(page, "/c/general")
    act_on_one_message(page, shared_server.address)
    jim = face(page, "Jim Halpert")
    view_as(page, "Jim Halpert")
    expect(jim).to_have_attribute("aria-current", "true")
    settle(page)
    expect(jim).to_be_focused()


def type_into_what_is_opened(page: Page) -> None:
    expect(composer(page, "Message #general")).to_be_focused()
    page.get_by_role("navigation").get_by_role("link", name="sales").click()
    expect(composer(page, "Message #sales")).to_be_focused()
    page.keyboard.type("hello")
    expect(composer(page, "Message #sales")).to_have_value("hello")
    page.get_by_role("navigation").get_by_role("link", name="Jim Halpert").press("Enter")
    expect(composer(page, "Message Jim Halpert")).to_be_focused()
    page.go_back()
    expect(composer(page, "Message #sales")).to_be_focused()
    page.go_back()
    expect(composer(page, "Message #general")).to_be_focused()
    page.go_forward()
    expect(composer(page, "Message #sales")).to_be_focused()
    open_address(page, thread_address())
    expect(composer(page, "Reply…")).to_be_focused()


def act_on_one_message(page: Page, address: str) -> None:
    """Actions are shown at one only, and a refused clipboard leaves a link."""
    rows = page.get_by_role("log").locator("[data-message-id]")
    actions = page.get_by_role("group", name="Message actions")
    rows.last.hover()
    expect(rows.last.get_by_role("group", name="Message actions")).to_be_visible()
    rows.nth(-2).focus()
    press(page, "ArrowUp")
    expect(rows.nth(-3).get_by_role("group", name="Message actions")).to_be_visible()
    expect(actions).to_have_count(1)
    rows.last.hover(position={"x": 60, "y": 4})
    expect(rows.last.get_by_role("group", name="Message actions")).to_be_visible()
    expect(actions).to_have_count(1)
    page.evaluate("""
        navigator.clipboard.writeText = () => Promise.reject(new Error('Write permission denied'));
        document.execCommand = () => false;
    """)
    rows.last.get_by_role("button", name="Copy link").click()
    message_id = rows.last.get_attribute("data-message-id")
    expect(page.get_by_role("alert")).to_have_text(
        f"Couldn’t copy. The link is {address}/c/general/m/{message_id}"
    )


def test_a_finger_brings_up_no_keyboard(visit: Visit, shared_server: Served):
    page = visit(shared_server, viewport=NARROW, has_touch=True, is_mobile=True)
    page.goto("/c/general")
    settle(page)
    expect(composer(page, "Message #general")).to_be_visible()
    expect(composer(page, "Message #general")).not_to_be_focused()


def test_after_a_deletion_a_neighbor_has_the_focus_and_after_an_edit_the_composer(
    visit: Visit, server: Served
):
    with server.client("michael") as michael:
        for text in ("one", "two", "three"):
            posted = {"channelId": "management", "text": text}
            assert michael.post("/api/messages", json=posted).status_code == 201
    page = visit(server)
    open_address(page, "/c/management")
    rows = page.get_by_role("log").locator("[data-message-id]")
    # One in the middle, and the last one.
    for gone, neighbor in (("two", "three"), ("three", "one")):
        row = rows.filter(has_text=gone).last
        row.focus()
        row.get_by_role("button", name="Delete").press("Enter")
        page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
        expect(page.locator("[data-message-id]:focus"), gone).to_contain_text(neighbor)
    writing = composer(page, "Message #management")
    for key in ("Enter", "Escape"):
        writing.fill(f"first tyop {key}")
        writing.press("Enter")
        expect(rows.last).to_contain_text(key)
        writing.press("ArrowUp")
        editor = page.get_by_role("textbox", name="Edit the message")
        expect(editor).to_be_focused()
        editor.press(key)
        expect(editor).to_have_count(0)
        expect(writing).to_be_focused()
