"""The five views that are pictured, each opened and waited for until it has settled."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from playwright.sync_api import Locator, Page, expect
from tests.support.bundled import bundled_pack

from bullpen.packs.pack import message_id

PACK = bundled_pack()

LOADED = """
() => document.fonts.status === 'loaded' && document.querySelector('#main h1')
    && !document.querySelector('.skeletons, [aria-busy="true"]')
"""
DRAWN = """
() => document.fonts.ready.then(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
)
"""
FOLLOW = """
(path) => {
    const link = document.createElement('a');
    link.href = path;
    document.body.append(link);
    link.click();
    link.remove();
}
"""


@dataclass(frozen=True)
class View:
    name: str
    user_id: str
    open: Callable[[Page], None]


def settle(page: Page) -> None:
    page.wait_for_function(LOADED)
    page.evaluate(DRAWN)


def titled(title: str) -> re.Pattern[str]:
    """With how much is unread before it, or without."""
    return re.compile(rf"^(\(\d+\) )?{re.escape(title)}$")


def open_address(page: Page, path: str) -> None:
    """As a user to whom the sidebar shows unread messages somewhere."""
    page.goto(path)
    expect(page.locator(".sidebar__row--unread").first).to_be_visible()
    settle(page)


def thread_address() -> str:
    general = next(channel for channel in PACK.channels if channel.id == "general")
    root = next(
        message
        for message in general.messages
        if (message.day, message.at, message.user_id) == (0, time(8, 5), "darryl")
    )
    return f"/c/general/t/{message_id(PACK.id, root.key)}"


def from_the_top(page: Page) -> None:
    """At the first stop of the page; a channel that was opened has the focus in its composer."""
    page.locator(".skip-link").focus()


def open_general(page: Page) -> None:
    open_address(page, "/c/general")


def open_accounting(page: Page) -> None:
    open_address(page, "/c/accounting")


def open_direct_message(page: Page) -> None:
    open_address(page, "/d/dm-michael-jim")


def open_thread(page: Page) -> None:
    open_address(page, thread_address())


def rail(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="Agents")


def face(page: Page, name: str | None = None) -> Locator:
    """An agent of the rail, by its name and what follows it, or all of them."""
    return rail(page).get_by_role("button", name=name)


def view_as(page: Page, name: str) -> None:
    """Through the card that the member's face in the rail opens."""
    face(page, name).click()
    card = page.get_by_role("dialog", name=name)
    card.get_by_role("button", name=f"View as {name}").click()
    expect(card).to_have_count(0)
    expect(page.locator(".sidebar__me")).to_contain_text(name)


def open_user_switcher(page: Page) -> None:
    """By keyboard: from the link to the messages past the bar to the second member of the rail."""
    open_general(page)
    from_the_top(page)
    for key in ("Tab", "Tab", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator(".tooltip")).to_contain_text("Jim Halpert")
    settle(page)


def open_view(page: Page, view: View) -> None:
    """Complete: the note above the composer comes last, once the server has named its models."""
    view.open(page)
    expect(page.get_by_text("Replies are scripted").first).to_be_visible()


VIEWS = (
    View("general", "michael", open_general),
    View("accounting", "kevin", open_accounting),
    View("direct-message", "michael", open_direct_message),
    View("thread", "michael", open_thread),
    View("user-switcher", "michael", open_user_switcher),
)


def open_page(page: Page, path: str) -> None:
    page.goto(path)
    settle(page)


def go_to(page: Page, path: str) -> None:
    """As by a link of the page that is open: nothing is loaded anew, which takes a second."""
    page.evaluate(FOLLOW, path)
    settle(page)


def follow_link(page: Page, name: str, heading: str | None = None) -> None:
    """To the channel of that name in the sidebar. `heading`: what it is called there, if not so."""
    page.get_by_role("navigation").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name(heading or name)
