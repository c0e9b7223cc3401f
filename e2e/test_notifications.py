"""Being told in the title, and on the desktop where that was asked for."""

import re

from playwright.sync_api import expect
from tests.support.posting import post
from tests.support.serving import Served

from e2e.axe import violations_in_each_look
from e2e.desktop import ask_for, recorded, shown
from e2e.dialogs import about
from e2e.team import Enter, TeamWorkspace, new_name
from e2e.views import open_general, open_page
from e2e.window import WIDE, Visit


def test_the_title_counts_what_is_unread_and_one_is_told_only_where_that_was_asked_for(
    visit: Visit, server: Served
):
    page = recorded(visit(server))
    open_general(page)
    unread = sum(int(count) for count in page.locator(".sidebar__badge").all_inner_texts())
    expect(page).to_have_title(f"({unread}) #general · Dunder Mifflin")
    with server.client("jim") as jim:
        assert post(jim, "News", channel="dm-michael-jim").status_code == 201
        expect(page).to_have_title(f"({unread + 1}) #general · Dunder Mifflin")
        page.evaluate("window.hidden = true")
        post(jim, "Lunch?", channel="dm-michael-jim")
    expect(page).to_have_title(f"({unread + 2}) #general · Dunder Mifflin")
    assert shown(page) == []
    assert page.evaluate("asked") == 0
    page.evaluate("window.hidden = false")
    # Once it was, one is told of what is meant for one, and a click opens it.
    ask_for(page)
    assert page.evaluate("asked") == 1
    expect(page.get_by_role("switch", name="Desktop notifications")).to_be_checked()
    page.keyboard.press("Escape")
    with server.client("jim") as jim, server.client("dwight") as dwight:
        before = re.search(r"\((\d+)\) ", page.title())
        assert before is not None
        post(jim, "While it is seen", channel="dm-michael-jim")
        expect(page).to_have_title(re.compile(rf"\({int(before[1]) + 1}\) "))
        page.evaluate("window.hidden = true")
        post(dwight, "To nobody in particular", channel="sales")
        post(dwight, "Psst, not for Michael", channel="dm-dwight-angela")
        post(dwight, "Look at this, @michael", channel="sales")
        post(jim, "<b>Lunch</b>?", channel="dm-michael-jim")
    page.wait_for_function("() => shown.length >= 2")
    assert shown(page) == [
        ["Dwight Schrute in #sales", "Look at this, @michael"],
        ["Jim Halpert", "<b>Lunch</b>?"],
    ]
    page.evaluate("window.hidden = false; shown[1].onclick()")
    page.wait_for_url("**/d/dm-michael-jim/m/*")
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("Jim Halpert")
    expect(page.locator("#main [data-message-id]").last).to_contain_text("<b>Lunch</b>?")


def test_what_and_when_one_is_told_holds_in_every_window(visit: Visit, server: Served):
    page, other = recorded(visit(server)), visit(server)
    for each in (page, other):
        open_general(each)
    ask_for(page)
    page.get_by_role("button", name="For 1 hour").press("Enter")
    expect(page.get_by_role("group", name="Pause notifications")).to_contain_text("Paused until")
    page.get_by_role("switch", name="Do not disturb").press("Space")
    expect(page.get_by_label("From", exact=True)).to_have_value("22:00")
    page.get_by_role("switch", name="Sound").press("Space")
    page.get_by_label("Keywords").fill("Paper, q3 numbers, paper, ...")
    expect(page.get_by_text("“...” has no letter, digit or emoji.")).to_be_visible()
    page.get_by_label("Keywords").fill("Paper, q3 numbers, paper")
    page.get_by_label("Keywords").press("Enter")
    expect(page.get_by_label("Keywords")).to_have_value("Paper, q3 numbers")
    assert violations_in_each_look(page) == {}
    page.set_viewport_size(WIDE)
    other.get_by_role("button", name=re.compile(": status and settings$")).click()
    expect(other.get_by_role("button", name="Resume")).to_be_visible()
    expect(other.get_by_role("switch", name="Sound")).not_to_be_checked()
    page.keyboard.press("Escape")
    page.evaluate("window.hidden = true")
    before = page.title()
    with server.client("jim") as jim:
        post(jim, "While paused", channel="dm-michael-jim")
        expect(page).not_to_have_title(before)
        other.get_by_role("switch", name="Do not disturb").press("Space")
        other.get_by_role("button", name="Resume").press("Enter")
        expect(other.get_by_role("button", name="For 1 hour")).to_be_visible()
        other.keyboard.press("Escape")
        post(jim, "Where is the paper?")
        page.wait_for_function("() => shown.length === 1")
        level = about(other, "general").get_by_label("Notify me of")
        level.select_option("All messages")
        expect(level).to_be_enabled()
        post(jim, "To nobody in particular")
        page.wait_for_function("() => shown.length === 2")
    assert shown(page) == [
        ["Jim Halpert in #general", "Where is the paper?"],
        ["Jim Halpert in #general", "To nobody in particular"],
    ]
    assert page.evaluate("shown[0].silent")


def test_a_browser_that_says_no_is_explained(visit: Visit, server: Served):
    page = recorded(visit(server), "denied")
    open_general(page)
    ask_for(page)
    switch = page.get_by_role("switch", name="Desktop notifications")
    expect(switch).to_be_disabled()
    expect(switch).not_to_be_checked()
    expect(switch).to_have_accessible_description(re.compile("Your browser blocks notifications"))


def test_a_person_is_told_of_messages_by_other_people(team: TeamWorkspace, enter: Enter):
    nora, olle = new_name("Nora"), new_name("Olle")
    person, other = team.person(nora), team.person(olle)
    person_id, other_id = (one.get("/api/me").json()["id"] for one in (person, other))
    page = recorded(enter(person))
    open_page(page, "/c/general")
    ask_for(page)
    page.keyboard.press("Escape")
    page.evaluate("window.hidden = true")
    members = [person_id, other_id]
    dm = {"id": f"dm-{person_id}-{other_id}", "name": "dm", "kind": "dm", "memberIds": members}
    assert other.post("/api/channels", json=dm).status_code == 201
    post(other, "For nobody")
    post(other, f"Look at this, @{person_id}")
    post(other, "Lunch?", channel=dm["id"])
    page.wait_for_function("() => shown.length === 2")
    assert shown(page) == [
        [f"{olle} in #general", f"Look at this, @{person_id}"],
        [olle, "Lunch?"],
    ]
