"""Commands written in the composer: found by a slash, done for everybody, and never losing text."""

import re

from playwright.sync_api import expect
from tests.support.serving import Served

from e2e.axe import problems_in_both_widths
from e2e.views import open_address
from e2e.window import Visit


def test_commands_are_offered_done_and_explained_without_losing_text(visit: Visit, server: Served):
    page, other = visit(server), visit(server, "pam")
    for window in (page, other):
        open_address(window, "/c/random")
    composer = page.get_by_role("textbox", name="Message #random")
    composer.press_sequentially("/")
    offered = page.get_by_role("listbox", name="Commands")
    expect(offered.get_by_role("option")).to_have_count(5)
    assert problems_in_both_widths(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    composer.press_sequentially("to")
    expect(offered.get_by_role("option")).to_have_count(1)
    composer.press("Enter")
    expect(composer).to_have_value("/topic ")
    composer.press_sequentially("Nothing but **soup**")
    composer.press("Enter")
    expect(composer).to_have_value("")
    for window in (page, other):
        expect(window.locator(".header__topic")).to_have_text("Nothing but **soup**")

    # What is not done says why, and stays.
    for text, why in (
        ("/soup today", "There is no command /soup. Type / to see the commands."),
        ("/invite everybody", "Write whom to add after /invite"),
        ("/remind soon", "Write when after /remind"),
        ("/topic", "Write the new topic after /topic."),
    ):
        composer.fill(text)
        composer.press("Escape")
        composer.press("Enter")
        expect(page.get_by_role("alert").filter(has_text=why)).to_have_count(1)
        expect(composer).to_have_value(text)
    composer.fill("//topic is a command")
    composer.press("Enter")
    for window in (page, other):
        said = window.get_by_role("log").get_by_text("/topic is a command", exact=True)
        expect(said).to_have_count(1)

    composer.fill("/remind in 2 hours")
    composer.press("Enter")
    newest = page.get_by_role("log").locator("[data-message-id]").last
    expect(newest.locator(".message__saved")).to_have_text(re.compile("Saved, with a reminder"))
    expect(other.locator(".message__saved")).to_have_count(0)
    composer.fill("/pause Lunch")
    composer.press("Escape")
    composer.press("Enter")
    for window in (page, other):
        expect(window.get_by_text("Lunch")).to_have_count(1)
    composer.fill("/agent @dwight")
    composer.press("Escape")
    composer.press("Enter")
    page.wait_for_url("**/a/dwight")
