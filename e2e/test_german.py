"""The interface in German: no text of its own stays English, and longer words fit."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.serving import Served

from bullpen.api.browser.client import FOLDER
from e2e.axe import violations
from e2e.layout import STICKS_OUT
from e2e.views import go_to, open_general, open_page, settle, thread_address
from e2e.window import NARROW, Visit

CATALOG: dict[str, str | dict[str, str]] = json.loads(
    (FOLDER / "languages" / "de.json").read_text()
)
# What people have written is in no language of ours.
TEXTS = """
() => {
    const found = [];
    const attributes = ['aria-label', 'placeholder', 'title', 'alt', 'data-tip'];
    for (const element of document.body.querySelectorAll('*:not(script, style)')) {
        if (element.closest('[dir=auto], code, pre, option[lang]')) continue;
        for (const name of attributes)
            if (element.hasAttribute(name)) found.push(element.getAttribute(name));
        for (const node of element.childNodes)
            if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent);
    }
    return [...new Set(found.map((text) => text.trim()).filter((text) => /\\p{L}{2}/u.test(text)))];
}
"""
# Tabs that do not fit are scrolled.
TOO_WIDE = STICKS_OUT.replace(".header__topic'", ".header__topic, .tabs'")
OPEN_DIALOG = """
(name) => {
    const button = document.createElement('button');
    button.dataset.dialog = name;
    document.querySelector('#app').append(button);
    button.click();
    button.remove();
}
"""
PLACES = [
    "/c/general",
    thread_address(),
    "/inbox",
    "/search",
    "/settings",
    "/saved",
    "/a/jim",
    "/a/jim/memory",
    "/admin/usage",
    "/history",
]
DIALOGS = ["me", "channels", "new-channel", "sections"]


def english() -> list[re.Pattern[str]]:
    """What is said differently in German, with anything in its placeholders."""
    patterns: list[re.Pattern[str]] = []
    for key, translation in CATALOG.items():
        forms = [translation] if isinstance(translation, str) else list(translation.values())
        text = key.partition(" | ")[0]
        parts = re.split(r"\{\w+\}|</?\w+>", text)
        if text not in forms and len(re.findall(r"[a-z]", "".join(parts))) > 3:
            patterns.append(re.compile(".+".join(map(re.escape, parts)), re.DOTALL))
    return patterns


ENGLISH = english()


def left_in_english(page: Page) -> list[str]:
    return [text for text in page.evaluate(TEXTS) if any(it.fullmatch(text) for it in ENGLISH)]


def test_no_text_of_the_main_pages_and_dialogs_is_english_or_too_long(
    visit: Visit, shared_server: Served
):
    page = visit(shared_server, "pam", locale="de-DE", viewport=NARROW, has_touch=True)
    found: dict[str, list[str]] = {}
    open_page(page, "/c/sales")
    for place in PLACES:
        go_to(page, place)
        found[place] = left_in_english(page) + page.evaluate(TOO_WIDE) + violations(page)
    go_to(page, "/c/general")
    for name in DIALOGS:
        page.evaluate(OPEN_DIALOG, name)
        expect(page.locator("dialog[open] h2").first).to_be_visible()
        found[name] = left_in_english(page) + violations(page)
        found[name] += page.evaluate(STICKS_OUT.replace("#main *", "dialog *"))
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    assert {place: problems for place, problems in found.items() if problems} == {}
    expect(page.get_by_placeholder("Nachricht an #general")).to_be_visible()


def test_english_texts_are_found_until_somebody_chooses_german(visit: Visit, shared_server: Served):
    page = visit(shared_server, "pam")
    open_general(page)
    assert {"Inbox", "Skip to messages", "About #general"} <= set(left_in_english(page))
    page.evaluate(OPEN_DIALOG, "me")
    choice = page.get_by_label("Language")
    expect(choice).to_have_value("")
    choice.select_option("Deutsch")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    settle(page)
    page.evaluate(OPEN_DIALOG, "me")
    expect(page.get_by_label("Sprache")).to_have_value("de")
    page.get_by_label("Sprache").select_option("Wie der Browser")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name="Saved")).to_be_visible()


@pytest.mark.parametrize(("locale", "word"), [("de-AT", "Posteingang"), ("fr-FR", "Inbox")])
def test_the_document_is_drawn_in_the_language_of_the_browser(
    browser: Browser, shared_server: Served, locale: str, word: str
):
    context = browser.new_context(
        java_script_enabled=False, base_url=shared_server.address, locale=locale
    )
    page = context.new_page()
    page.goto("/c/general")
    expect(page.locator(".sidebar__name").first).to_have_text(word)
    context.close()
