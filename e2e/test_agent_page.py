"""An agent's page: what it is, knows, will do and did, read and changed there."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.keyboard import press, tab_to
from e2e.outages import ask_again
from e2e.views import (
    face,
    go_to,
    open_general,
    open_page,
    settle,
    thread_address,
    titled,
    view_as,
)
from e2e.watch import Watch
from e2e.window import Visit


def test_every_name_and_face_in_the_chat_leads_to_its_page_which_is_loaded_then(
    visit: Visit, shared_server: Served, watch: Watch
):
    page = visit(shared_server)
    open_general(page)
    assert not [one for one in watch.requests if "/pages" in one]
    author = page.locator(".message__author", has_text="Jim Halpert").first
    author.click()
    page.wait_for_url("**/a/jim")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Jim Halpert"))
    expect(page.get_by_label("System prompt")).to_be_visible()
    assert [one for one in watch.requests if "/chunks/pages.js" in one]
    expect(page).to_have_title(titled("Jim Halpert · Dunder Mifflin"))
    page.go_back()
    settle(page)
    page.locator(".message:not(.message--grouped)", has=author).locator(".avatar").first.click()
    page.wait_for_url("**/a/jim")

    go_to(page, "/c/general")
    page.get_by_role("button", name="Show the 16 members").click()
    page.get_by_role("dialog").get_by_role("link", name="Pam Beesly").click()
    page.wait_for_url("**/a/pam")
    expect(page.get_by_role("dialog")).to_have_count(0)

    go_to(page, "/d/dm-michael-jim")
    page.get_by_role("heading", level=1).get_by_role("link", name="Jim Halpert").click()
    page.wait_for_url("**/a/jim")
    page.get_by_role("link", name="Message", exact=True).click()
    page.wait_for_url("**/d/dm-michael-jim")

    go_to(page, thread_address())
    replied = page.get_by_role("complementary").get_by_role("list", name="Who replied")
    first = replied.get_by_role("link").first
    name = first.get_attribute("aria-label")
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(str(name)))


def test_who_views_as_another_member_leaves_the_page_and_what_they_left_unsaved(
    visit: Visit, shared_server: Served
):
    page = visit(shared_server)
    open_page(page, "/a/jim")
    page.get_by_label("Title").fill("Secret thoughts")
    view_as(page, "Pam Beesly")
    page.wait_for_url("**/c/general")
    go_to(page, "/a/jim")
    expect(page.get_by_label("Title")).to_have_value("Sales Representative")


def test_a_profile_is_changed_and_what_is_refused_is_not_lost(
    visit: Visit, server: Served, watch: Watch, run_sql
):
    page = visit(server)
    open_page(page, "/a/jim")
    edit_by_keyboard_alone(page)
    change_and_see_it_everywhere(page, run_sql)
    watch.refusals = True
    lose_nothing_when_refused(page, run_sql)


def edit_by_keyboard_alone(page: Page) -> None:
    press(page, "Tab", "Enter")
    expect(page.get_by_role("main")).to_be_focused()
    tab_to(page, page.get_by_label("Title"))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Paper salesman")
    tab_to(page, page.get_by_label("System prompt"))
    page.keyboard.press("Control+Enter")
    expect(page.locator(".save-bar__text")).to_have_text("Saved")
    expect(page.locator(".header__topic")).to_contain_text("Paper salesman")


def change_and_see_it_everywhere(page: Page, run_sql) -> None:
    page.get_by_label("Title").fill("Co-Manager")
    page.get_by_label("System prompt").fill("You are Jim.\nLook at the camera.")
    page.get_by_label("Max turns per run").fill("12")
    page.get_by_label("Max cost per run").fill("0.25")
    page.get_by_role("switch", name="Active").click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".save-bar__text")).to_have_text("Saved")
    expect(page.locator(".header__topic")).to_have_text(re.compile("Inactive.*Co-Manager"))
    # Nobody acts as who is inactive.
    expect(face(page, "Jim Halpert")).to_have_count(0)
    [row] = run_sql("SELECT * FROM agents WHERE id = 'jim'")
    assert row["system_prompt"] == "You are Jim.\nLook at the camera."
    assert (row["title"], row["max_turns"], row["is_active"]) == ("Co-Manager", 12, False)
    assert row["max_budget_usd"] == pytest.approx(0.25)
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Co-Manager")


def lose_nothing_when_refused(page: Page, run_sql) -> None:
    """What is refused says which field it is."""
    page.get_by_label("Max turns per run").fill("5000")
    page.get_by_label("Title").fill("Salesman of the Year")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_label("Max turns per run")).to_have_accessible_description(
        re.compile("1,000")
    )
    expect(page.get_by_role("alert")).to_have_text("Couldn't save. Fix the highlighted fields.")

    page.get_by_role("link", name="general").click()
    settle(page)
    page.go_back()
    expect(page.get_by_label("Title")).to_have_value("Salesman of the Year")
    page.reload()
    expect(page.get_by_label("Max turns per run")).to_have_value("5000")
    page.route("**/api/agents/jim", lambda route: route.abort())
    page.get_by_label("Max turns per run").fill("50")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("Can’t reach Bullpen"))
    expect(page.get_by_label("Max turns per run")).to_have_value("50")
    page.unroute("**/api/agents/jim")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".save-bar__text")).to_have_text("Saved")
    assert run_sql("SELECT title FROM agents WHERE id = 'jim'")[0][0] == "Salesman of the Year"

    page.get_by_label("Name").fill("Big Tuna")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_label("Name")).to_have_value("Jim Halpert")


def test_a_page_that_cannot_be_loaded_says_so_and_can_be_tried_again(
    visit: Visit, shared_server: Served, watch: Watch
):
    watch.refusals = True
    page = visit(shared_server)
    page.route("**/styles/pages.css", lambda route: route.abort())
    open_page(page, "/a/jim")
    expect(page.get_by_text("Can’t reach Bullpen")).to_be_visible()
    ask_again(page, "**/styles/pages.css")
    expect(page.get_by_label("System prompt")).to_be_visible()
