"""The rail shows agents and what they are doing; a face opens the member's card."""

from playwright.sync_api import Page, expect
from tests.support.asking import post, settled
from tests.support.minds import Slow, SmallMind, working
from tests.support.program import until
from tests.support.serving import Served

from e2e.axe import each_look, violations
from e2e.keyboard import press
from e2e.views import face, from_the_top, go_to, settle
from e2e.window import WIDE, Visit


def opened(page: Page, path: str = "/c/general") -> Page:
    page.goto(path)
    settle(page)
    expect(page.locator("#main .composer")).to_be_visible()
    return page


def test_an_agent_at_work_or_out_of_budget_is_seen_at_once_and_its_card_says_so(
    visit: Visit, server: Served, url: str, run_sql
):
    with server.client("michael") as michael:
        assert michael.put("/api/budgets", json={"agentId": "jim", "dailyUsd": 0}).is_success
    slow = Slow()
    page = opened(visit(server, "michael"))
    stranger = opened(visit(server, "pam"))
    toby = face(page, "Toby Flenderson")
    expect(toby).to_have_accessible_name("Toby Flenderson, HR Representative, active")
    with working(url, SmallMind(act=slow)):
        post(run_sql, "michael", "dm-michael-toby", "May I burn it?")
        busy = "Toby Flenderson, HR Representative, active, Working with Michael Scott"
        expect(toby).to_have_accessible_name(busy)
        expect(toby).to_have_class("rail__member rail__member--working")
        # A window that is opened meanwhile shows it as well; others do not learn of a private run.
        expect(face(opened(visit(server, "michael")), busy)).to_be_visible()
        expect(face(stranger, "Toby Flenderson")).to_have_accessible_name(
            "Toby Flenderson, HR Representative, active"
        )
        toby.click()
        card = page.get_by_role("dialog", name="Toby Flenderson")
        expect(card.get_by_role("region", name="Now")).to_contain_text("Working")
        slow.going_on.set()
        expect(card.get_by_role("region", name="Now")).to_contain_text("Idle")
        page.keyboard.press("Escape")
        expect(toby).to_have_accessible_name("Toby Flenderson, HR Representative, active")
        until(lambda: settled(run_sql))
    jim = face(page, "Jim Halpert")
    expect(jim).to_have_accessible_name("Jim Halpert, Sales Representative, active, Out of budget")
    expect(face(page, "Pam Beesly")).to_have_accessible_name("Pam Beesly, Receptionist, active")
    jim.click()
    expect(page.get_by_role("dialog", name="Jim Halpert")).to_contain_text("Out of budget")


def test_a_card_is_in_the_window_and_leads_to_the_conversation_the_profile_and_to_view_as(
    visit: Visit, shared_server: Served
):
    page = opened(visit(shared_server, "michael"))
    lead_to_conversation_and_profile_or_be_closed(page)
    go_to(page, "/c/general")
    stay_accessible_and_in_the_window(page)
    page.set_viewport_size(WIDE)
    view_as_by_keyboard_alone(page)


def stay_accessible_and_in_the_window(page: Page) -> None:
    card = page.get_by_role("dialog", name="Darryl Philbin")

    def open_card() -> None:
        face(page, "Darryl Philbin").click()
        expect(card.get_by_role("region", name="Now")).to_be_visible()

    def open_again() -> None:
        if card.is_visible():
            press(page, "Escape")
        page.get_by_role("button", name="Channels and members").click()
        open_card()

    open_card()
    for look, rules in each_look(page, when_narrow=open_again):
        expect(card).to_be_visible()
        assert violations(page, rules) == [], look
        box = card.bounding_box()
        assert box
        inner = page.evaluate("({ width: innerWidth, height: innerHeight })")
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= inner["width"]
        assert box["y"] + box["height"] <= inner["height"]
    press(page, "Escape")
    expect(card).to_have_count(0)


def lead_to_conversation_and_profile_or_be_closed(page: Page) -> None:
    from_the_top(page)
    press(page, "Tab", "Tab", "ArrowDown", "Enter")
    expect(page.get_by_role("dialog", name="Jim Halpert")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(face(page, "Jim Halpert")).to_be_focused()
    face(page, "Jim Halpert").click()
    card = page.get_by_role("dialog", name="Jim Halpert")
    expect(card).to_contain_text("Sales Representative")
    card.get_by_role("button", name="Message").click()
    page.wait_for_url("**/d/dm-michael-jim")
    expect(card).to_have_count(0)
    face(page, "Pam Beesly").click()
    page.get_by_role("dialog", name="Pam Beesly").get_by_role("link", name="Profile").click()
    page.wait_for_url("**/a/pam")
    # One's own card offers neither.
    face(page, "Michael Scott").click()
    card = page.get_by_role("dialog", name="Michael Scott")
    expect(card.get_by_role("button", name="Set status")).to_be_visible()
    expect(card.get_by_role("button", name="View as")).to_have_count(0)
    expect(card.get_by_role("button", name="Message")).to_have_count(0)
    press(page, "Escape")
    expect(card).to_have_count(0)


def view_as_by_keyboard_alone(page: Page) -> None:
    press(page, "Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("view as")
    expect(page.get_by_role("option", selected=True)).to_contain_text("View as")
    press(page, "Enter")
    dialog = page.get_by_role("dialog", name="View as")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("kevin")
    press(page, "Enter")
    expect(page.locator(".sidebar__me")).to_contain_text("Kevin Malone")
    # The same list is behind one's own name at the bottom of the sidebar.
    page.locator(".sidebar__me").click()
    page.get_by_role("dialog", name="Kevin Malone").get_by_role("button", name="View as").click()
    expect(dialog).to_be_visible()
