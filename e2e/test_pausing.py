"""Stop, the queue in words, pauses and failed answers: what people see and do about them."""

import re

from playwright.sync_api import Locator, Page, expect
from tests.support.asking import post, settled
from tests.support.minds import Slow, SmallMind, working
from tests.support.program import until
from tests.support.serving import Served

from bullpen.agents.runtimes.base import Recorder, RunRequest, RunResult
from e2e.axe import violations_in_each_look
from e2e.dialogs import about
from e2e.views import face, go_to, settle
from e2e.window import WIDE, Visit

STOPPED = re.compile("stopped before answering")


def line(page: Page) -> Locator:
    return page.locator("#main .composer__line")


def opened(page: Page, path: str) -> Page:
    page.goto(path)
    settle(page)
    return page


def looks(page: Page) -> dict[str, list[str]]:
    """What axe-core finds in both color schemes and widths; the page is wide again afterwards."""
    found = violations_in_each_look(page)
    page.set_viewport_size(WIDE)
    return found


def test_answers_are_stopped_and_a_channel_is_paused(
    visit: Visit, server: Served, url: str, run_sql
):
    oscar, kevin = visit(server, "oscar"), visit(server, "kevin")
    for page in (oscar, kevin):
        opened(page, "/c/accounting")
    stop_one_answer_of_the_queue_or_all(oscar, url, run_sql)
    stop_once_for_all_messages(oscar, run_sql)
    pause_for_everybody_in_a_channel(oscar, kevin, run_sql)


def stop_one_answer_of_the_queue_or_all(page: Page, url: str, run_sql) -> None:
    slow = Slow()
    with working(url, SmallMind(act=slow)):
        post(run_sql, "oscar", "accounting", "Who has the receipts?")
        expect(line(page)).to_have_text(
            re.compile(r"(Angela Martin|Kevin Malone) is writing, 1 more after them")
        )
        post(run_sql, "oscar", "accounting", "And the stapler?")
        assert looks(page) == {}
        [(first,)] = run_sql("SELECT agent_id FROM runs WHERE status = 'running'")
        one = page.get_by_role("button", name="Stop this answer")
        one.focus()
        page.keyboard.press("Enter")
        until(lambda: run_sql("SELECT agent_id FROM runs WHERE status = 'running'") != [(first,)])
        expect(page.get_by_text(STOPPED)).to_have_count(1)
        stop = page.get_by_role("button", name=re.compile("^Stop( all)?$"))
        stop.click()
        until(lambda: settled(run_sql))
        slow.going_on.set()
    expect(stop).to_have_count(0)
    expect(page.get_by_role("textbox", name="Message #accounting")).to_be_focused()


def stop_once_for_all_messages(page: Page, run_sql) -> None:
    """One stop is one line, however many messages were to be answered."""
    stopped = page.get_by_text(STOPPED).count()
    post(run_sql, "oscar", "accounting", "@kevin the receipts?")
    run_sql("UPDATE mailbox SET worker = 'none', lease_until = 'infinity' WHERE agent_id = 'kevin'")
    run_sql("UPDATE runs SET status = 'running', started_at = now() WHERE status = 'created'"
            " AND agent_id = 'kevin'")  # fmt: skip
    post(run_sql, "oscar", "accounting", "And the stapler?")
    with page.expect_response("**/api/runs/cancel"):
        page.get_by_role("button", name=re.compile("^Stop all$")).click()
    expect(page.get_by_text(STOPPED)).to_have_count(stopped + 1)
    page.reload()
    expect(page.get_by_text(STOPPED)).to_have_count(stopped + 1)
    last = page.get_by_role("log").locator("[data-message-id]").last
    expect(last.get_by_text(STOPPED)).to_be_visible()


def pause_for_everybody_in_a_channel(oscar: Page, kevin: Page, run_sql) -> None:
    details = about(oscar, "accounting")
    details.get_by_role("button", name="Pause agents").click()
    expect(details.get_by_role("button", name="Resume agents in #accounting")).to_be_visible()
    oscar.keyboard.press("Escape")
    banner = kevin.locator(".paused")
    expect(banner).to_contain_text("Agents are paused here.")
    expect(banner).to_contain_text("Oscar Martinez, ")
    assert looks(kevin) == {}
    post(run_sql, "oscar", "accounting", "Anybody?")
    expect(line(kevin)).to_contain_text("2 answers are waiting")
    resume = kevin.get_by_role("button", name="Resume: Agents are paused here.")
    resume.focus()
    kevin.keyboard.press("Enter")
    for page in (oscar, kevin):
        expect(page.locator(".paused")).to_have_count(0)
    expect(kevin.get_by_role("textbox", name="Message #accounting")).to_be_focused()
    assert run_sql("SELECT count(*) FROM runs WHERE status = 'created'")[0][0] >= 2


def test_an_agent_is_paused_on_its_card_and_all_of_them_in_the_administration(
    visit: Visit, server: Served
):
    page, other = visit(server, "michael"), visit(server, "pam")
    opened(page, "/c/general")
    opened(other, "/c/general")
    toby = face(page, "Toby Flenderson")
    toby.click()
    card = page.get_by_role("dialog", name="Toby Flenderson")
    card.get_by_role("button", name="Pause Toby Flenderson").click()
    expect(card).to_contain_text("Paused")
    assert looks(page) == {}
    page.keyboard.press("Escape")
    expect(toby).to_have_accessible_name(re.compile("Paused"))
    there = other.get_by_role("toolbar", name="Agents").get_by_role(
        "button", name=re.compile("^Toby Flenderson.*Paused")
    )
    expect(there).to_be_visible()
    go_to(page, "/d/dm-michael-toby")
    expect(page.locator(".paused")).to_contain_text("Toby Flenderson is paused.")
    go_to(page, "/a/toby")
    expect(page.locator("#main header")).to_contain_text("Paused")
    page.get_by_role("button", name="Resume Toby Flenderson").click()
    expect(page.get_by_role("button", name="Pause Toby Flenderson")).to_be_visible()
    expect(there).to_have_count(0)
    go_to(page, "/admin/agents")
    page.get_by_role("button", name="Pause all agents").click()
    resume = page.get_by_role("button", name="Resume all agents")
    expect(resume).to_be_visible()
    expect(page.get_by_text("Paused by Michael Scott ")).to_be_visible()
    assert looks(page) == {}
    expect(other.locator(".paused")).to_contain_text("All agents are paused.")
    other.reload()
    expect(other.locator(".paused")).to_contain_text("All agents are paused.")
    resume.focus()
    page.keyboard.press("Enter")
    expect(other.locator(".paused")).to_have_count(0)


def test_a_failed_answer_is_a_line_of_the_system_with_retry(
    visit: Visit, server: Served, url: str, run_sql
):
    """It says what the provider says, counts nowhere, and is no message of the agent's."""
    words = 'The provider is overloaded (529). Ask again in a moment. It says: "Busy *now*"'

    async def failing(spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started(spec.model_id, {})
        await recorder.turn_failed(words)
        return RunResult("error", error=words)

    page = visit(server, "michael")
    opened(page, "/d/dm-michael-toby")
    with working(url, SmallMind(act=failing)):
        post(run_sql, "michael", "dm-michael-toby", "Toby?")
        row = page.locator(".message--system")
        expect(row).to_contain_text(f"Toby Flenderson couldn’t answer: {words}")
        until(lambda: settled(run_sql))
        assert looks(page) == {}
        runs = run_sql("SELECT count(*) FROM runs")[0][0]
        retry = row.get_by_role("button", name="Retry: ask Toby Flenderson again")
        retry.focus()
        page.keyboard.press("Enter")
        expect(row.get_by_text("Asked again")).to_be_visible()
        until(lambda: settled(run_sql))
        assert run_sql("SELECT count(*) FROM runs")[0][0] == runs + 1
    row.get_by_role("link", name="Details of Toby Flenderson’s run").click()
    expect(page).to_have_url(re.compile("/r/"))
