"""What an agent noted in private, on its page: for those who may read that place."""

from playwright.sync_api import expect
from tests.support.serving import Served

from e2e.views import open_page
from e2e.window import Visit


def test_members_of_the_place_see_and_correct_a_private_note(visit: Visit, server: Served):
    michael = server.client("michael")
    path = "/api/agents/jim/notes/management/current_state"
    assert michael.put(path, json={"content": "Jim covers for Dwight."}).is_success
    page = visit(server)
    open_page(page, "/a/jim/memory")
    notes = page.get_by_role("region", name="Private notes from #management")
    card = notes.get_by_role("article", name="current_state")
    expect(card).to_contain_text("Jim covers for Dwight.")
    card.get_by_role("button", name="Edit the note current_state").click()
    card.get_by_label("Content").fill("Jim covers for Andy.")
    card.get_by_role("button", name="Save", exact=True).click()
    expect(card).to_contain_text("Version 2")
    card.get_by_role("button", name="Versions of the note").click()
    expect(card).to_contain_text("Changes in version 2")
    # Somebody else's change arrives by itself.
    assert michael.put(path, json={"content": "Jim is out."}).is_success
    expect(card).to_contain_text("Jim is out.")
    card.get_by_role("button", name="Delete the note").click()
    card.get_by_role("button", name="Delete", exact=True).click()
    expect(notes).to_have_count(0)


def test_others_see_nothing_of_a_private_note(visit: Visit, server: Served):
    oscar = server.client("oscar")
    path = "/api/agents/kevin/notes/accounting/current_state"
    assert oscar.put(path, json={"content": "The numbers are heliotrope."}).is_success
    page = visit(server)
    open_page(page, "/a/kevin/memory")
    expect(page.get_by_role("article", name="current_state")).to_have_count(1)
    expect(page.get_by_text("heliotrope")).to_have_count(0)
    expect(page.get_by_text("Private notes")).to_have_count(0)
