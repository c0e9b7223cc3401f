"""An answer that is being written is seen in every window, and its message takes its place."""

import re

from playwright.sync_api import expect
from tests.support.serving import Served
from tests.support.writing import asked, part

from bullpen.agents.runtimes.pieces import Begun, Thought
from e2e.axe import violations
from e2e.views import settle
from e2e.window import Visit

DM = "/d/dm-michael-toby"
AT_END = """
() => {
    const list = document.querySelector('.message-list__scroller');
    return Math.round(list.scrollHeight - list.scrollTop - list.clientHeight);
}
"""
TOP = "(element) => Math.round(element.getBoundingClientRect().top)"


def opened(visit, server, user_id, path):
    page = visit(server, user_id)
    page.goto(path)
    settle(page)
    return page


def test_an_answer_is_seen_as_it_is_written_and_its_message_takes_its_place(
    visit: Visit, server: Served, url: str, run_sql
):
    page = opened(visit, server, "michael", DM)
    with asked(url, run_sql) as writing:
        row = page.locator("#main .partial-answer")
        line = page.locator("#main .composer__typing")
        writing.emit(part('{"query": "secret"}', "search_messages"))
        expect(line).to_have_text("Toby Flenderson is searching messages…")
        expect(row).to_have_count(0)
        writing.emit(Begun(), Thought("Burning is <b>against</b> the rules."))
        fold = row.get_by_role("button", name="Thinking…")
        expect(fold).to_have_attribute("aria-expanded", "false")
        fold.focus()
        page.keyboard.press("Enter")
        expect(row.locator(".thinking__text")).to_have_text("Burning is <b>against</b> the rules.")
        writing.emit(part('{"text": "Hello *the'))
        expect(row.locator(".message-text")).to_have_text("Hello *the")
        expect(line).to_have_text("Toby Flenderson is typing…")
        writing.emit(part("re*\\n\\n```\\n<img src=x onerror=alert(1)>\\n"))
        expect(row.locator(".message-text em")).to_have_text("there")
        expect(row.locator("pre")).to_have_text("<img src=x onerror=alert(1)>")
        assert violations(page) == []
        # A window that opens now sees what is there; one without it sees nothing.
        late = opened(visit, server, "toby", DM)
        expect(late.locator("#main .partial-answer em")).to_have_text("there")
        assert page.evaluate(AT_END) <= 1
        long = "".join(f"\\n\\nLine {number}" for number in range(12))
        writing.emit(part(f"```{long}"))
        expect(row).to_contain_text("Line 11")
        assert page.evaluate(AT_END) <= 1
        # Who reads further up stays there.
        first = page.locator("#main [data-message-id]").first
        page.locator(".message-list__scroller").evaluate("(list) => list.scrollTo(0, 0)")
        expect(page.get_by_role("button", name="Jump to latest")).to_be_visible()
        before = first.evaluate(TOP)
        writing.emit(part("\\n\\nThe end of it"))
        expect(row).to_contain_text("The end of it")
        assert first.evaluate(TOP) == before
        said = "Hello *there*\n\n```\n<img src=x onerror=alert(1)>\n```" + long.replace("\\n", "\n")
        writing.calls = [("send_message", {"text": f"{said}\n\nThe end of it"})]
        writing.send()
        for window in (page, late):
            expect(window.locator("#main [data-message-id]").last).to_contain_text("The end of it")
            expect(window.locator("#main .partial-answer")).to_have_count(0)


def test_in_a_thread_it_is_shown_there_and_a_stop_takes_it_away(
    visit: Visit, server: Served, url: str, run_sql
):
    [(root,)] = run_sql(
        "SELECT id FROM messages WHERE channel_id = 'announcements' AND parent_message_id IS NULL"
        " ORDER BY created_at DESC LIMIT 1"
    )
    page = opened(visit, server, "michael", f"/c/announcements/t/{root}")
    with asked(url, run_sql, "announcements", root) as writing:
        writing.emit(part('{"text": "In the thread'))
        expect(page.locator(".thread .partial-answer")).to_contain_text("In the thread")
        expect(page.locator("#main .message-list .partial-answer")).to_have_count(0)
        page.locator(".thread").get_by_role("button", name=re.compile("^Stop( all)?$")).click()
        expect(page.locator(".partial-answer")).to_have_count(0)
