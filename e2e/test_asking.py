"""What an agent is given, and what it answers where, seen and chosen by people."""

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.axe import violations
from e2e.dialogs import about
from e2e.layout import STICKS_OUT
from e2e.views import open_address, open_page
from e2e.watch import Watch
from e2e.window import NARROW, Visit


def test_a_prompt_is_shown_by_section_for_the_channel_that_is_chosen(
    visit: Visit, shared_server: Served, watch: Watch
):
    page = visit(shared_server)
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
    page.set_viewport_size(NARROW)
    assert page.evaluate(STICKS_OUT) == []
    watch.refusals = True
    other = visit(shared_server, "kevin")
    open_page(other, "/a/michael/prompt?channel=management")
    expect(other.get_by_role("alert")).to_be_visible()
    expect(other.locator(".prompt__section")).to_have_count(0)


def test_a_channel_says_who_replies_and_the_composer_how_many(
    visit: Visit, server: Served, run_sql
):
    page = visit(server)
    open_address(page, "/c/sales")
    # The note that replies are scripted stays hidden once it is.
    script = page.locator(".composer__script")
    expect(script.get_by_role("link", name="Connect a model")).to_be_visible()
    script.get_by_role("button", name="Hide this note").click()
    expect(script).to_have_count(0)
    name = "What Stanley Hudson answers here"
    choice = about(page, "sales").get_by_label(name)
    expect(choice).to_have_value("all")
    choice.select_option("mentions")
    expect(choice).to_be_enabled()
    page.reload()
    expect(page.get_by_role("textbox", name="Message #sales")).to_be_visible()
    expect(script).to_have_count(0)
    expect(about(page, "sales").get_by_label(name)).to_have_value("mentions")
    sql = "SELECT agent_id, policy FROM channel_policies WHERE channel_id = 'sales'"
    assert [tuple(row) for row in run_sql(sql)] == [("stanley", "mentions")]
    page.keyboard.press("Escape")
    choose_who_replies(page, run_sql)


def choose_who_replies(page: Page, run_sql) -> None:
    composer = page.get_by_role("textbox", name="Message #sales")
    note = page.locator(".composer__reach")
    expect(note).to_have_count(0)
    composer.fill("Hello")
    # Michael writes it, and Stanley answers mentions alone.
    number = run_sql(
        "SELECT count(*) FROM channel_members m JOIN agents a ON a.id = m.user_id"
        " WHERE m.channel_id = 'sales' AND a.is_active AND a.id NOT IN ('michael', 'stanley')"
    )[0][0]
    expect(note).to_have_text(f"Reaches {number} agents")
    dialog = about(page, "sales")
    dialog.get_by_label("Who replies to a message").select_option("best_fit")
    host = dialog.get_by_label("Host")
    host.select_option("dwight")
    expect(host).to_be_enabled()
    # Whoever had no policy of their own follows the channel.
    jim = dialog.get_by_label("What Jim Halpert answers here")
    expect(jim).to_have_value("best_fit")
    assert violations(page) == []
    assert [tuple(row) for row in run_sql("SELECT * FROM channel_answering")] == [
        ("sales", "best_fit", "dwight")
    ]
    page.keyboard.press("Escape")
    expect(note).to_have_text("Reaches 1 agent")
    composer.fill("@jim and @dwight, hello")
    expect(note).to_have_text("Reaches 2 agents")
    composer.fill("")
    expect(note).to_have_count(0)
