"""From a message to the run behind it in one click, and what is behind each line of a channel."""

import re

from playwright.sync_api import Page, expect
from tests.support.running import doing, ran
from tests.support.serving import Served

from e2e.axe import violations_in_each_look
from e2e.keyboard import press
from e2e.layout import STICKS_OUT
from e2e.views import go_to, open_page
from e2e.window import NARROW, WIDE, Visit

NOTE = ("update_memory", {"label": "plan", "content": "Chili at noon", "version": 0})
STORE = ("store_memory", {"content": "Chili is at noon", "tags": ["food"]})
SAY = ("send_message", {"text": "It is going well"})
SAY_MORE = ("send_message", {"text": "Still going well"})


def line(page):
    return page.get_by_role("log").locator("[data-message-id]", has_text="It is going well")


def test_what_is_behind_a_message_is_shown_beside_it_in_each_look_and_leads_to_all_of_it(
    visit: Visit, server: Served, url: str, run_sql
):
    # More passages than one page has.
    run_sql(
        "INSERT INTO archival_passages (agent_id, content, created_at)"
        " SELECT 'kevin', 'Newer ' || n, now() + interval '1 day' FROM generate_series(1, 120) n"
    )
    mind = doing(STORE, NOTE, SAY, SAY_MORE, thinking="Is there chili?")
    asked, run_id = ran(run_sql, url, mind)
    page = visit(server)
    say_so_without_a_run(page, run_sql)
    look_at_the_panel(page, run_sql)
    open_by_pointer_and_keyboard(page, run_id)
    lead_back_from_memory_and_passage(page, run_sql, asked, run_id)
    go_to(page, "/c/general")
    read_minds_with_one_request(page)


def say_so_without_a_run(page: Page, run_sql) -> None:
    [(seeded,)] = run_sql(
        "SELECT id FROM messages WHERE user_id = 'dwight' AND channel_id = 'general' LIMIT 1"
    )
    open_page(page, f"/c/general?why={seeded}")
    panel = page.get_by_role("complementary", name="Why?")
    expect(panel).to_contain_text("This message came with the workspace")


def look_at_the_panel(page: Page, run_sql) -> None:
    [(said,)] = run_sql("SELECT id FROM messages WHERE text = 'It is going well'")
    go_to(page, f"/c/general?why={said}")
    panel = page.get_by_role("complementary", name="Why?")
    expect(panel).to_contain_text("Who else was asked")
    assert violations_in_each_look(page) == {}
    assert page.evaluate(STICKS_OUT) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") == NARROW["width"]
    page.set_viewport_size(WIDE)
    press(page, "Escape")
    expect(panel).to_have_count(0)


def open_by_pointer_and_keyboard(page: Page, run_id: str) -> None:
    line(page).hover()
    line(page).get_by_role("link", name="Why?").click()
    panel = page.get_by_role("complementary", name="Why?")
    expect(panel.get_by_role("heading", name="Why?")).to_be_focused()
    for words in ("Replied", "scripted", "$0.0080", "@kevin how is it going?", "store_memory"):
        expect(panel).to_contain_text(words)
    expect(panel.get_by_role("region", name="Memory in its prompt")).to_contain_text("office_news")
    memory = panel.get_by_role("region", name="Memory in its prompt")
    memory.get_by_text("office_news").click()
    memory.get_by_role("link", name="open it today").click()
    page.wait_for_url("**/a/kevin/memory#*")
    block = page.get_by_role("article", name="office_news")
    expect(block).to_be_focused()
    expect(block).to_be_in_viewport()
    expect(block).to_have_class(re.compile("block--linked"))
    page.go_back()
    prompt = panel.get_by_role("region", name="Prompt", exact=True)
    prompt.get_by_text("Conversation").click()
    expect(prompt.locator("details[open] pre")).to_contain_text("@kevin how is it going?")
    thoughts = panel.get_by_role("region", name="What it thought")
    expect(thoughts.get_by_text("Is there chili?").first).to_be_hidden()
    thoughts.get_by_text("Thinking").first.click()
    expect(thoughts.get_by_text("Is there chili?").first).to_be_visible()
    press(page, "Escape")
    expect(panel).to_have_count(0)
    expect(line(page)).to_be_focused()
    press(page, "w")
    expect(panel).to_be_visible()
    panel.get_by_role("link", name="Open the full trace").click()
    page.wait_for_url(f"**/r/{run_id}#step-3")
    expect(page.get_by_role("heading", name="Step 3", exact=True)).to_be_in_viewport()


def lead_back_from_memory_and_passage(page: Page, run_sql, asked: str, run_id: str) -> None:
    [(stored,)] = run_sql("SELECT id FROM archival_passages WHERE content = 'Chili is at noon'")
    go_to(page, f"/a/kevin/archive#passage:{stored}")
    passage = page.get_by_role("listitem").filter(has_text="Chili is at noon")
    expect(passage).to_be_focused()
    passage.get_by_role("link", name="View message").click()
    page.wait_for_url(f"**/c/general/m/{asked}")
    go_to(page, "/a/kevin/memory")
    block = page.get_by_role("article", name="plan")
    block.get_by_role("button", name="Versions").click()
    expect(block.get_by_role("link", name="View message")).to_be_visible()
    block.get_by_role("link", name="View run").click()
    page.wait_for_url(f"**/r/{run_id}#entry-*")


def read_minds_with_one_request(page: Page) -> None:
    asked = []
    page.on("request", lambda request: "/api/thoughts" in request.url and asked.append(request))
    switch = page.get_by_role("button", name="Mind-reading")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    mind = line(page).locator(".mind-line")
    for words in ("Turn 3", "memory: ", "office_news", "scripted", "$0.0080"):
        expect(mind).to_contain_text(words)
    assert len(asked) == 1
    page.reload()
    expect(mind).to_contain_text("Turn 3")
    go_to(page, "/c/random")
    expect(switch).to_have_attribute("aria-pressed", "false")
