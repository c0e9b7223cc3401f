"""Using a page by keyboard."""

from playwright.sync_api import Locator, Page, expect


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focus(page: Page) -> Locator:
    return page.locator(":focus")


def tab_to(page: Page, wanted: Locator) -> None:
    """By Tab alone, within the stops that a page may reasonably have before it."""
    element = wanted.element_handle()
    for _ in range(80):
        if page.evaluate("(it) => document.activeElement === it", element):
            return
        press(page, "Tab")
    expect(wanted).to_be_focused()
