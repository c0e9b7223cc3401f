"""Asking again for what an outage has kept from a window."""

from contextlib import suppress

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as Late


def ask_again(within: Page | Locator, asked: str) -> None:
    """Presses "Try again", which asks for `asked`, and ends the outage.

    A window also asks by itself when an outage ends, and the button goes. So it is pressed while
    the outage lasts, and once more afterwards if it is still there.
    """
    button = within.get_by_role("button", name="Try again")
    page = button.page
    with page.expect_request(asked):
        button.click()
    page.unroute_all()
    with suppress(Late):
        button.click(timeout=2_000)
