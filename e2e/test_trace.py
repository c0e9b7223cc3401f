"""The trace of a run: its steps, what was said in each, and what leads on from it."""

import json
import re

from playwright.sync_api import Page, expect
from tests.support.serving import Served
from tests.support.traces import insert_trace

from e2e.axe import violations_in_each_look
from e2e.keyboard import focus, press, tab_to
from e2e.layout import STICKS_OUT
from e2e.views import from_the_top, go_to, open_page
from e2e.watch import Watch
from e2e.window import NARROW, Visit


def test_a_trace_shows_what_a_run_did_and_does_is_copied_and_gone_through_by_keyboard(
    visit: Visit, server: Served, run_sql
):
    page = visit(server, permissions=["clipboard-read", "clipboard-write"])
    run_id = insert_trace(run_sql, 3)
    open_page(page, f"/r/{run_id}")
    read_copy_and_lead_on(page, run_id)
    begin_grow_and_be_cancelled(page, run_sql)
    move_by_arrows(page, run_sql)
    assert violations_in_each_look(page) == {}
    assert page.evaluate(STICKS_OUT) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") == NARROW["width"]


def read_copy_and_lead_on(page: Page, run_id: object) -> None:
    """To its channel and its agent."""
    expect(page.get_by_role("heading", level=1)).to_have_text("DSDwight Schrute · run")
    facts = page.locator(".run-facts")
    for fact in ("Completed", "Finished", "6.0 s", "3,006 in, 6 out"):
        expect(facts).to_contain_text(fact)
    rows = page.get_by_role("navigation", name="Steps").get_by_role("link")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("1.5 s")
    bar = rows.nth(1).locator(".waterfall__bar")
    assert bar.evaluate("it => [it.style.insetInlineStart, it.style.inlineSize]") == [
        "33.3333%",
        "25%",
    ]
    step = page.get_by_role("region", name="Step 2")
    expect(step).to_contain_text("1,002 tokens in, 2 out")
    assert step.locator(".trace-message__kind").all_text_contents() == [
        "System",
        "User",
        "Assistant",
        "Tool call",
        "Tool result",
    ]
    expect(step.locator(".trace-message--tool-call pre")).to_have_text(
        json.dumps({"row": {"first": 1}, "field": "north"}, indent=2)
    )
    expect(step.locator(".trace-message--tool-return pre")).to_contain_text('"beets": [')
    system = step.locator(".trace-message--system")
    assert len(system.text_content() or "") < 700
    system.get_by_role("button", name="Show all 7,600 characters").click()
    assert len(system.text_content() or "") > 7_600

    page.get_by_role("button", name="Copy as JSON").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert (copied["id"], len(copied["steps"])) == (str(run_id), 3)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download as JSON").click()
    assert started.value.suggested_filename == f"run-{run_id}.json"
    assert json.loads(started.value.path().read_text()) == copied

    page.get_by_role("link", name="A message in #general").click()
    page.wait_for_url("**/c/general")
    page.go_back()
    page.get_by_role("heading", level=1).get_by_role("link").click()
    page.wait_for_url("**/a/dwight/runs")
    page.locator(f'a[href="/r/{run_id}"]').click()
    page.wait_for_url(f"**/r/{run_id}")


def test_who_may_not_read_the_channel_finds_no_run(
    visit: Visit, server: Served, watch: Watch, run_sql
):
    watch.refusals = True
    run_id = insert_trace(run_sql, 1, channel="management")
    for user_id, found in (("michael", True), ("creed", False)):
        page = visit(server, user_id)
        open_page(page, f"/r/{run_id}")
        shown = "Dwight Schrute · run" if found else "Not found"
        expect(page.get_by_role("heading", level=1)).to_contain_text(shown)
    open_page(page, "/r/no-uuid")
    expect(page.get_by_text("Page not found")).to_be_visible()


def begin_grow_and_be_cancelled(page: Page, run_sql) -> None:
    run_id = run_sql("INSERT INTO runs (agent_id) VALUES ('dwight') RETURNING id")[0][0]
    go_to(page, f"/r/{run_id}")
    expect(page.get_by_text("No steps yet")).to_be_visible()
    expect(page.locator(".run-facts")).to_contain_text("The schedule")

    run_sql("UPDATE runs SET status = 'cancelled' WHERE status = 'running'")
    run_id = insert_trace(run_sql, 1, status="running")
    go_to(page, f"/r/{run_id}")
    expect(page.locator(".run-facts")).to_contain_text("Running")
    run_sql(
        "INSERT INTO run_steps (run_id, step_number, model_id) VALUES ($1, 2, 'next-model')",
        run_id,
    )
    step = page.get_by_role("region", name="Step 2")
    expect(step).to_contain_text("next-model")
    expect(step).to_contain_text("running")
    page.get_by_role("button", name="Cancel this run").click()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Cancel this run").click()
    page.get_by_role("button", name="Cancel run").click()
    expect(page.locator(".run-facts")).to_contain_text("Cancelled")
    expect(page.get_by_role("button", name="Cancel this run")).to_have_count(0)
    assert run_sql("SELECT status FROM runs WHERE id = $1", run_id)[0][0] == "cancelled"


def test_a_trace_of_a_thousand_messages_is_there_and_reached(visit: Visit, server: Served, run_sql):
    run_id = insert_trace(run_sql, 200)
    page = visit(server)
    open_page(page, f"/r/{run_id}#step-181")
    expect(page.locator(".trace-message")).to_have_count(1000)
    rows = page.get_by_role("navigation", name="Steps").get_by_role("link")
    expect(rows).to_have_count(200)
    expect(page.get_by_role("heading", name="Step 181", exact=True)).to_be_in_viewport()
    rows.nth(20).click()
    page.wait_for_url("**#step-21")
    heading = page.get_by_role("heading", name="Step 21", exact=True)
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    page.go_back()
    assert page.url == "about:blank"


def move_by_arrows(page: Page, run_sql) -> None:
    """The steps are one stop of Tab."""
    run_id = insert_trace(run_sql, 4)
    go_to(page, f"/r/{run_id}")
    from_the_top(page)
    press(page, "Enter")
    rows = page.get_by_role("navigation", name="Steps").get_by_role("link")
    tab_to(page, rows.first)
    press(page, "End")
    expect(rows.last).to_be_focused()
    press(page, "ArrowUp", "Enter")
    expect(focus(page)).to_have_text("Step 3")
    tab_to(page, page.get_by_role("region", name="Step 3").get_by_role("button").first)
    expect(focus(page)).to_have_text(re.compile("Show all"))
