"""Dialogs, opened."""

from playwright.sync_api import Locator, Page, expect


def about(page: Page, name: str) -> Locator:
    page.get_by_role("button", name=f"About #{name}").click()
    dialog = page.get_by_role("dialog", name=f"#{name}")
    expect(dialog).to_be_visible()
    return dialog
