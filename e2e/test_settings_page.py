"""The settings page says who answers, which providers are ready, what is missing, and what may
be spent in a day."""

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.axe import SCHEMES, violations
from e2e.views import go_to, open_general, open_page, settle
from e2e.watch import Watch
from e2e.window import Visit

BUDGETS = "SELECT agent_id, channel_id, daily_usd::float8 FROM budgets"


def assert_no_violation(page: Page) -> None:
    """In either color scheme; it is light again afterwards."""
    for scheme, rules in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert violations(page, rules) == [], scheme
    page.emulate_media(color_scheme="light")


def test_it_lists_providers_and_what_is_missing_and_says_why_a_budget_is_refused(
    visit: Visit, shared_server: Served, watch: Watch
):
    watch.refusals = True
    page: Page = visit(shared_server)
    open_page(page, "/settings")
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    who = page.get_by_role("region", name="Models in use").get_by_role("listitem")
    expect(who).to_have_count(1)
    expect(who).to_contain_text("Using the script until ANTHROPIC_API_KEY is set.")
    providers = page.get_by_role("region", name="Providers").get_by_role("listitem")
    expect(providers.filter(has_text="Scripted replies")).to_contain_text("Ready")
    google = providers.filter(has_text="Google")
    expect(google).to_contain_text("Not set up")
    expect(google).to_contain_text("Set GOOGLE_API_KEY to use it. Model name: google:")
    expect(providers).to_have_count(8)
    assert_no_violation(page)
    page.get_by_label("Daily limit").fill("9999999")
    page.get_by_role("button", name="Set budget").click()
    expect(page.get_by_text("Enter 1,000,000 or less.")).to_be_visible()
    expect(page.get_by_label("Daily limit")).to_have_value("9999999")


def test_it_is_said_where_another_model_or_the_script_answers(visit: Visit, shared_server: Served):
    page = visit(shared_server)
    open_general(page)
    lead_from_the_composer_to_the_settings(page)
    go_to(page, "/a/kevin")
    say_whose_model_stands_in(page)


def say_whose_model_stands_in(page: Page) -> None:
    expect(page.get_by_text("Using the script until ANTHROPIC_API_KEY is set.")).to_be_visible()
    assert_no_violation(page)
    # Of the model that is being typed, before it is saved.
    page.get_by_label("Model", exact=True).fill("gpt-9-magic")
    note = page.locator(".stand-in")
    expect(note).to_contain_text("No model of OpenAI is known as 'gpt-9-magic'")
    expect(note).to_contain_text("Using the script until OPENAI_API_KEY is set.")
    page.get_by_label("Model", exact=True).fill("nonsense-model")
    expect(note).to_contain_text("'nonsense-model' names no provider's model: write scripted, or")
    assert violations(page) == []
    page.get_by_role("button", name="Discard").click()
    expect(note).to_have_text("Using the script until ANTHROPIC_API_KEY is set. All models")
    page.get_by_role("link", name="All models").click()
    page.wait_for_url("**/settings")


def test_a_budget_is_set_changed_and_removed_and_that_of_a_channel_is_for_its_members_alone(
    visit: Visit, server: Served, run_sql
):
    page, other = visit(server), visit(server, "creed")
    open_page(page, "/settings")
    set_change_and_remove(page, run_sql)
    run_sql("INSERT INTO budgets (channel_id, daily_usd) VALUES ('management', 5), (NULL, 9)")
    show_to_members_alone(page, other)


def set_change_and_remove(page: Page, run_sql) -> None:
    budgets = page.get_by_role("region", name="Daily budgets")
    expect(budgets.get_by_role("listitem")).to_have_count(0)
    budgets.get_by_label("Budget for", exact=True).select_option(label="Dwight Schrute")
    budgets.get_by_label("Daily limit").fill("2.50")
    budgets.get_by_role("button", name="Set budget").click()
    row = budgets.get_by_role("listitem")
    expect(row).to_contain_text("Dwight Schrute")
    expect(row).to_contain_text("$0.00 of $2.50 today")
    budgets.get_by_label("Budget for", exact=True).select_option(label="Dwight Schrute")
    expect(budgets.get_by_label("Daily limit")).to_have_value("2.5")
    budgets.get_by_label("Daily limit").fill("0")
    budgets.get_by_role("button", name="Change budget").click()
    expect(row).to_contain_text("Used up")
    assert violations(page) == []
    assert [tuple(each) for each in run_sql(BUDGETS)] == [("dwight", None, 0)]

    row.get_by_role("button", name="Remove budget for Dwight Schrute").click()
    row.get_by_role("button", name="Remove", exact=True).click()
    expect(row).to_have_count(0)
    assert run_sql(BUDGETS) == []


def show_to_members_alone(member: Page, other: Page) -> None:
    for page, names in ((member, ["The workspace", "#management"]), (other, ["The workspace"])):
        open_page(page, "/settings")
        budgets = page.get_by_role("region", name="Daily budgets")
        expect(budgets.locator("li .providers__name")).to_have_text(names)
        choices = budgets.get_by_label("Budget for", exact=True).locator("option").all_inner_texts()
        assert ("#management" in choices) == (page is member)


def lead_from_the_composer_to_the_settings(page: Page) -> None:
    """By its note, and by Ctrl K."""
    note = page.locator(".composer__script")
    expect(note).to_have_text("Replies are scripted. Connect a model")
    note.get_by_role("link", name="Connect a model").click()
    page.wait_for_url("**/models")
    page.go_back()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Jump to")).to_be_focused()
    page.keyboard.type("models")
    page.get_by_role("option", name="Models and settings").click()
    page.wait_for_url("**/settings")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
