"""What an agent will do and did: its schedule and its runs."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.axe import violations, violations_in_each_look
from e2e.keyboard import press, tab_to
from e2e.layout import STICKS_OUT
from e2e.views import go_to, open_page, settle
from e2e.watch import Watch
from e2e.window import NARROW, WIDE, Visit

TABS = [
    "/a/dwight",
    "/a/dwight/memory",
    "/a/dwight/archive",
    "/a/dwight/schedule",
    "/a/dwight/runs",
]


def group(page: Page, name: str):
    return page.get_by_role("region", name=re.compile(f"^{name}")).get_by_role("listitem")


def test_prompts_are_scheduled_and_runs_listed_for_the_members_of_their_channel(
    visit: Visit, server: Served, watch: Watch, run_sql
):
    run_sql("DELETE FROM scheduled_messages WHERE agent_id IN ('dwight', 'jim', 'pam')")
    run_sql(
        "INSERT INTO scheduled_messages (agent_id, trigger_at, prompt)"
        " VALUES ('pam', now() + interval '1 day', 'Polish the nunchucks.')"
    )
    page, other = visit(server, "michael"), visit(server, "creed")
    open_page(page, "/a/dwight/schedule")
    schedule_and_cancel(page, run_sql)
    go_to(page, "/a/jim/schedule")
    repeat_until_stopped(page, run_sql)
    go_to(page, "/a/creed/schedule")
    offer_only_what_the_agent_can_read(page)
    list_for_members_alone(page, other, run_sql)
    go_to(page, "/a/creed/runs")
    filter_and_page(page)
    watch.refusals = True
    go_to(page, "/a/andy/schedule")
    refuse_what_is_no_cron_expression(page)
    # What was fired meanwhile cannot be cancelled.
    go_to(page, "/a/pam/schedule")
    expect(group(page, "Upcoming")).to_have_count(1)
    run_sql("UPDATE scheduled_messages SET status = 'fired' WHERE agent_id = 'pam'")
    page.get_by_role("button", name=re.compile("Cancel the run scheduled")).click()
    page.get_by_role("button", name="Cancel run").click()
    expect(group(page, "Upcoming").get_by_role("alert")).not_to_be_empty()


def schedule_and_cancel(page: Page, run_sql) -> None:
    expect(page.get_by_text("Nothing scheduled")).to_be_visible()
    expect(page.get_by_text("Times in America/New York.")).to_be_visible()
    page.get_by_role("button", name="Schedule a prompt").click()
    page.get_by_label("When").fill("2026-03-05T07:30")
    page.get_by_label("Prompt").fill("Count the beets.")
    page.get_by_label("Channel", exact=True).select_option(label="#sales")
    page.get_by_role("button", name="Schedule", exact=True).click()
    coming = group(page, "Upcoming")
    expect(coming).to_have_count(1)
    expect(coming).to_contain_text("Mar 5 at 7:30 AM")
    expect(coming).to_contain_text("in 22 hours")
    expect(coming.get_by_role("link", name="#sales")).to_have_attribute("href", "/c/sales")
    [row] = run_sql("SELECT * FROM scheduled_messages WHERE agent_id = 'dwight'")
    assert row["trigger_at"] == datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
    assert (row["prompt"], row["target_channel_id"]) == ("Count the beets.", "sales")

    coming.get_by_role("button", name=re.compile("Cancel the run scheduled")).click()
    coming.get_by_role("button", name="Cancel run").click()
    expect(group(page, "Cancelled")).to_have_count(1)
    expect(group(page, "Upcoming")).to_have_count(0)
    assert run_sql("SELECT status FROM scheduled_messages WHERE agent_id = 'dwight'")[0][0] == (
        "cancelled"
    )


def repeat_until_stopped(page: Page, run_sql) -> None:
    page.get_by_role("button", name="Schedule a prompt").click()
    page.get_by_label("Repeats").select_option(label="Monday to Friday")
    page.get_by_label("Time").fill("07:30")
    page.get_by_label("Prompt").fill("Count the beets.")
    page.get_by_label("Channel", exact=True).select_option(label="#sales")
    page.get_by_role("button", name="Schedule", exact=True).click()
    repeating = group(page, "Repeating")
    expect(repeating).to_contain_text("Monday to Friday at 7:30 AM")
    expect(repeating).to_contain_text("America/New York")
    expect(repeating.get_by_role("link", name="#sales")).to_have_attribute("href", "/c/sales")
    expect(group(page, "Upcoming")).to_have_count(1)
    assert violations(page) == []
    [row] = run_sql("SELECT cron, time_zone, prompt FROM recurring_messages")
    assert tuple(row) == ("30 7 * * mon-fri", "America/New_York", "Count the beets.")

    repeating.get_by_role("button", name=re.compile("^Stop repeating")).click()
    repeating.get_by_role("button", name="Stop", exact=True).click()
    expect(repeating).to_have_count(0)
    expect(group(page, "Cancelled")).to_have_count(1)
    assert run_sql("SELECT FROM recurring_messages") == []


def offer_only_what_the_agent_can_read(page: Page) -> None:
    page.get_by_role("button", name="Schedule a prompt").click()
    names = page.get_by_label("Channel", exact=True).locator("option").all_inner_texts()
    assert "#general" in names
    assert "#management" not in names


def refuse_what_is_no_cron_expression(page: Page) -> None:
    page.get_by_role("button", name="Schedule a prompt").click()
    page.get_by_label("Prompt").fill("Count the beets.")
    page.get_by_label("Repeats").select_option(label="Custom (cron)")
    expect(page.get_by_role("button", name="Schedule", exact=True)).to_be_disabled()
    page.get_by_label("Cron expression").fill("whenever")
    page.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("'whenever' is not a cron expression")
    expect(page.get_by_label("Cron expression")).to_have_value("whenever")


RUNS = """
INSERT INTO runs (agent_id, status, stop_reason, channel_id, trigger_message_id, created_at,
                  started_at, completed_at)
SELECT 'creed', status, stop, 'general', gen_random_uuid(), at, at + interval '1 second',
       at + interval '75 seconds'
FROM generate_series(1, 120) n,
     LATERAL (SELECT timestamptz '2026-03-04 12:00Z' - n * interval '1 minute' AS at,
                     (ARRAY['completed', 'failed', 'cancelled'])[1 + n % 3] AS status,
                     (ARRAY['end_turn', 'error', 'cancelled'])[1 + n % 3] AS stop) row
"""


def list_for_members_alone(member: Page, other: Page, run_sql) -> None:
    run_sql("DELETE FROM runs WHERE agent_id IN ('creed', 'michael')")
    run_sql(RUNS)
    run_sql("INSERT INTO runs (agent_id, channel_id) VALUES ('michael', 'management')")
    run_sql(
        "INSERT INTO recurring_messages (agent_id, cron, time_zone, prompt, target_channel_id)"
        " VALUES ('michael', '0 9 1 * *', 'UTC', 'Say how much.', 'management')"
    )
    for page, count in ((member, 1), (other, 0)):
        open_page(page, "/a/michael/schedule")
        expect(page.get_by_role("heading", level=2).first).to_be_visible()
        expect(group(page, "Repeating")).to_have_count(count)
        go_to(page, "/a/michael/runs")
    expect(member.get_by_text("The schedule, for #management")).to_be_visible()
    expect(other.get_by_text("No runs yet")).to_be_visible()
    member.go_back()
    expect(group(member, "Repeating")).to_contain_text("0 9 1 * *")


def filter_and_page(page: Page) -> None:
    runs = page.get_by_role("list", name="Runs").get_by_role("listitem")
    expect(runs).to_have_count(50)
    expect(runs.first).to_contain_text("A message in #general")
    expect(runs.first).to_contain_text("1 m 14 s")
    page.get_by_role("button", name="Show older runs").click()
    expect(runs).to_have_count(100)
    page.get_by_role("button", name="Show older runs").click()
    expect(runs).to_have_count(120)
    expect(page.get_by_role("button", name="Show older runs")).to_have_count(0)
    assert (
        len(set(page.locator(".runs__row").evaluate_all("all => all.map((it) => it.href)"))) == 120
    )

    page.get_by_role("link", name="Failed", exact=True).click()
    page.wait_for_url("**/a/creed/runs?status=failed")
    expect(runs).to_have_count(40)
    assert set(page.locator(".run-status").all_inner_texts()) == {"Failed"}
    runs.first.get_by_role("link").click()
    page.wait_for_url("**/r/*")
    page.go_back()
    expect(runs).to_have_count(40)
    page.get_by_role("link", name="Running", exact=True).click()
    expect(page.get_by_text("No runs in progress")).to_be_visible()
    page.go_back()
    page.go_back()
    page.wait_for_url("**/a/creed/runs")
    expect(runs).to_have_count(50)


def test_tabs_are_reached_by_keyboard_and_have_no_violation(visit: Visit, shared_server: Served):
    page = visit(shared_server)
    open_page(page, "/a/dwight")
    press(page, "Tab", "Enter")
    tabs = page.get_by_role("navigation", name="This agent")
    for name in ("Memory", "Archive", "Schedule", "Runs"):
        tab_to(page, tabs.get_by_role("link", name=name))
        press(page, "Enter")
        page.wait_for_url(f"**/a/dwight/{name.lower()}")
        settle(page)
        expect(tabs.get_by_role("link", name=name)).to_be_focused()
        expect(tabs.locator("[aria-current=page]")).to_have_text(name)
    for path in TABS:
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        go_to(page, path)
        expect(tabs.locator("[aria-current=page]")).to_have_attribute("href", path)
        for name in ("New block", "New passage", "Schedule a prompt", "Versions of current_state"):
            for button in page.get_by_role("button", name=name).all():
                button.click()
                settle(page)
        assert violations_in_each_look(page) == {}, path
        assert page.evaluate(STICKS_OUT) == [], path
        assert page.evaluate("document.scrollingElement.scrollWidth") == NARROW["width"], path
