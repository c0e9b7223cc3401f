"""What an agent is given, and what it answers where, seen and chosen by people."""

from playwright.sync_api import expect
from tests.support.serving import Served

from e2e.axe import violations
from e2e.dialogs import about
from e2e.layout import STICKS_OUT
from e2e.views import open_address, open_page
from e2e.watch import Watch
from e2e.window import NARROW, Visit


def test_a_prompt_is_shown_by_section_for_the_channel_that_is_chosen(
    visit: Visit, server: Served, watch: Watch
):
    page = visit(server)
    open_page(page, "/a/creed")
    page.get_by_role("navigation", name="This agent").get_by_role("link", name="Prompt").click()
    expect(page.locator(".prompt__sum")).to_contain_text("tokens · scripted")
    persona = page.locator(".prompt__section").first
    expect(persona).to_contain_text("You are Creed Bratton")
    channel = page.get_by_label("Preview for")
    assert "#management" not in channel.locator("option").all_text_contents()
    channel.select_option("sales")
    page.wait_for_url("**/a/creed/prompt?channel=sales")
    expect(page.locator(".page__scroller")).to_contain_text("#sales")
    assert violations(page) == []
    narrow = visit(server, viewport=NARROW)
    open_page(narrow, "/a/creed/prompt?channel=sales")
    assert narrow.evaluate(STICKS_OUT) == []
    watch.refusals = True
    other = visit(server, "kevin")
    open_page(other, "/a/michael/prompt?channel=management")
    expect(other.get_by_role("alert")).to_be_visible()
    expect(other.locator(".prompt__section")).to_have_count(0)


def test_what_an_agent_answers_in_a_channel_is_chosen_there(visit: Visit, server: Served, run_sql):
    page = visit(server)
    open_address(page, "/c/sales")
    choice = about(page, "sales").get_by_label("What Jim Halpert answers here")
    expect(choice).to_have_value("all")
    choice.select_option("mentions")
    expect(choice).to_be_enabled()
    page.reload()
    expect(about(page, "sales").get_by_label("What Jim Halpert answers here")).to_have_value(
        "mentions"
    )
    assert violations(page) == []
    sql = "SELECT agent_id, policy FROM channel_policies WHERE channel_id = 'sales'"
    assert [tuple(row) for row in run_sql(sql)] == [("jim", "mentions")]
