"""What a window would show on the desktop."""

import re

from playwright.sync_api import Page

# Records what the browser would show, and lets a test say whether the window is seen.
RECORDED = """
window.asked = 0;
window.shown = [];
window.hidden = false;
let permission = 'default';
window.Notification = class {
    constructor(title, { body, silent }) {
        window.shown.push(this);
        Object.assign(this, { title, body, silent });
    }
    static get permission() { return permission; }
    static async requestPermission() { window.asked += 1; return permission = window.answer; }
    close() {}
};
Object.defineProperty(document, 'visibilityState', {
    get: () => window.hidden ? 'hidden' : 'visible',
});
"""


def recorded(page: Page, answer: str = "granted") -> Page:
    page.add_init_script(RECORDED + f"window.answer = '{answer}';")
    return page


def ask_for(page: Page) -> None:
    page.get_by_role("button", name=re.compile(": status and settings$")).click()
    page.get_by_role("switch", name="Desktop notifications").click()


def shown(page: Page) -> list[list[str]]:
    return page.evaluate("shown.map((one) => [one.title, one.body])")
