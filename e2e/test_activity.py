"""The activity page: what each run answered and what came of it, live, filtered and drawn."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from tests.support.asking import post, settled
from tests.support.minds import SmallMind, working
from tests.support.program import until
from tests.support.serving import Served

from e2e.axe import violations_in_each_look
from e2e.views import settle
from e2e.window import Visit


def opened(page: Page, path: str = "/activity") -> Page:
    page.goto(path)
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()
    settle(page)
    return page


def rows(page: Page) -> Locator:
    return page.locator(".activity__row")


def test_runs_that_one_can_read_appear_as_they_happen_and_are_filtered_by_keyboard(
    visit: Visit, server: Served, url: str, run_sql: Callable[..., list]
):
    run_sql("DELETE FROM runs")
    run_sql("INSERT INTO runs (agent_id, channel_id, status) VALUES"
            " ('toby', 'management', 'completed')")  # fmt: skip
    expect(rows(opened(visit(server, "michael")))).to_have_count(1)
    # What one cannot read is not there.
    page = opened(visit(server, "oscar"))
    expect(page.get_by_text("No runs", exact=True)).to_be_visible()
    expect(rows(page)).to_have_count(0)
    with working(url, SmallMind()):
        post(run_sql, "oscar", "accounting", "Who has the **receipts**?")
        until(lambda: settled(run_sql))
    first = rows(page).filter(has_text="Oscar Martinez: Who has the receipts?").first
    expect(first).to_contain_text("→ replied in #accounting")
    expect(page.get_by_text("Who worked when")).to_be_visible()
    agent = page.get_by_label("Agent", exact=True)
    agent.focus()
    agent.select_option(label="Kevin Malone")
    expect(page).to_have_url(re.compile(r"agent=kevin"))
    others = rows(page).locator("strong").filter(has_not_text="Kevin Malone")
    expect(others).to_have_count(0)
    expect(rows(page).locator("strong").first).to_have_text("Kevin Malone")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    assert download.value.suggested_filename == "activity.csv"
    first.get_by_role("link", name="replied in #accounting").click()
    expect(page).to_have_url(re.compile("/c/accounting"))


def test_plots_have_a_table_and_every_look_is_accessible(visit: Visit, shared_server: Served):
    page = opened(visit(shared_server, "michael"), "/activity?from=2026-02-01")
    expect(page.locator(".uplot canvas")).to_be_visible()
    page.get_by_label("Show").select_option(label="Cost ($)")
    page.get_by_label("Split").select_option(label="By agent")
    page.get_by_text("Cost ($) as a table").click()
    expect(page.get_by_role("columnheader", name="Day")).to_be_visible()
    assert violations_in_each_look(page) == {}
