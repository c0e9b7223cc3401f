"""A run is tried again without effect, and one of its answers is posted."""

import re

import pytest
from playwright.sync_api import expect
from tests.support.asking import post, settled
from tests.support.minds import Slow, SmallMind, working
from tests.support.program import until
from tests.support.serving import Served

from e2e.axe import violations_in_each_look
from e2e.layout import STICKS_OUT
from e2e.views import open_page
from e2e.watch import Watch
from e2e.window import Visit

MESSAGES = "SELECT count(*) FROM messages WHERE channel_id = 'dm-michael-toby'"

# The prompt of a small mind has no section for the persona: the agent's is offered.
PERSONA = re.compile("^You are Toby Flenderson")


@pytest.fixture
def run_id(server: Served, url: str, run_sql) -> str:
    slow = Slow()
    slow.going_on.set()
    with working(url, SmallMind(act=slow)):
        message_id = post(run_sql, "michael", "dm-michael-toby", "May I burn it?")
        until(lambda: settled(run_sql))
    sql = "SELECT id FROM runs WHERE trigger_message_id = $1"
    return str(run_sql(sql, message_id)[0][0])


def test_a_dry_run_shows_its_answers_and_posts_the_chosen_one(
    visit: Visit, server: Served, watch: Watch, url: str, run_sql, run_id: str
):
    page = visit(server)
    open_page(page, f"/r/{run_id}")
    page.get_by_role("link", name="Dry run").click()
    page.wait_for_url(f"**/r/{run_id}/dry-run")
    expect(page.get_by_role("heading", name="The run’s answer")).to_be_visible()
    [(before,)] = run_sql(MESSAGES)
    page.get_by_role("button", name="Edit the run’s persona").click()
    expect(page.get_by_label("Another persona")).to_have_value(PERSONA)
    page.get_by_role("button", name="Edit the run’s prompt").click()
    expect(page.get_by_label("Another prompt")).to_have_value("Answer.")
    page.get_by_label("Another persona").fill("You are brief.")
    page.get_by_label("Another prompt").fill("May I burn it now?")
    page.get_by_label("Times").fill("2")
    page.get_by_role("button", name="Try", exact=True).click()
    answers = page.get_by_role("list", name="Answers").get_by_role("listitem")
    expect(answers).to_have_count(4)
    slow = Slow()
    slow.going_on.set()
    with working(url, SmallMind(act=slow)):
        expect(answers.get_by_text("Completed")).to_have_count(4)
    assert run_sql(MESSAGES) == [(before,)]
    answers.first.get_by_role("button", name="Post this one").click()
    answers.first.get_by_role("button", name="Post", exact=True).click()
    expect(answers.first.get_by_role("link", name="Posted")).to_be_visible()
    assert run_sql(MESSAGES) == [(before + 1,)]
    tried = "SELECT persona, prompt, question FROM experiment_trials WHERE persona IS NOT NULL"
    assert run_sql(tried) == 2 * [("You are brief.", "May I burn it now?", None)]
    expect(page.get_by_text("Your tries below cost $0.01 together.")).to_be_visible()
    page.get_by_label("What to ask").select_option(label="Fixed questions")
    page.get_by_label("Times").fill("1")
    page.get_by_label("Questions").fill("Who are you?\n\nWhat do you know?")
    page.get_by_role("button", name="Try", exact=True).click()
    asked = page.get_by_role("heading", name="Fixed questions").locator("..")
    with working(url, SmallMind(act=slow)):
        expect(asked.get_by_text("Completed")).to_have_count(4)
    for question in ("Who are you?", "What do you know?"):
        expect(asked.get_by_text(question, exact=True)).to_have_count(2)
    asked_for = """SELECT question, persona, prompt FROM experiment_trials
        WHERE question IS NOT NULL ORDER BY place"""
    assert run_sql(asked_for) == [
        ("Who are you?", None, None), ("Who are you?", "You are brief.", None),
        ("What do you know?", None, None), ("What do you know?", "You are brief.", None),
    ]  # fmt: skip
    expect(asked.get_by_role("button", name="Post this one")).to_have_count(0)
    assert run_sql(MESSAGES) == [(before + 1,)]
    expect(answers).to_have_count(8)
    assert violations_in_each_look(page) == {}
    assert page.evaluate(STICKS_OUT) == []
    # Somebody who may not see the run finds no dry run.
    watch.refusals = True
    other = visit(server, "kevin")
    open_page(other, f"/r/{run_id}/dry-run")
    expect(other.get_by_role("heading", level=1)).to_contain_text("Not found")
