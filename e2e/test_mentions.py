"""Mentions: drawn whole, completed in every script, and somebody outside the channel is offered."""

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.views import settle
from e2e.window import Visit


def men(run_sql) -> None:
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('men', 'men', 'public')")
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('men', 'michael')")


def asked(run_sql) -> list[str]:
    return [
        row[0] for row in run_sql("SELECT DISTINCT agent_id FROM runs WHERE status = 'created'")
    ]


def opened(visit: Visit, served: Served, path: str) -> Page:
    page = visit(served, "michael")
    page.goto(path)
    settle(page)
    return page


def test_who_is_not_in_the_channel_is_offered_and_asked_once_added(
    visit: Visit, server: Served, run_sql
):
    men(run_sql)
    page = opened(visit, server, "/c/men")
    box = page.locator("#main .composer__area")
    note = page.locator("#main .composer__note")
    box.fill("`@pam` @Pam Beesly's opinion?")
    expect(note).to_have_text("Pam Beesly is not in #men and will not be asked. Add Pam Beesly")
    box.press("Enter")
    expect(note).to_contain_text("was not asked. Add Pam Beesly, then mention them again.")
    assert asked(run_sql) == []
    mention = page.locator("#main [data-message-id]").last.locator(".mention")
    expect(mention).to_have_text(["@Pam Beesly"])
    note.get_by_role("button", name="Add Pam Beesly").press("Enter")
    expect(note).to_have_count(0)
    expect(box).to_be_focused()
    box.fill("@pam again")
    box.press("Enter")
    expect(page.locator("#main .message--sending")).to_have_count(0)
    members = "SELECT user_id FROM channel_members WHERE channel_id = 'men' ORDER BY user_id"
    assert [row[0] for row in run_sql(members)] == ["michael", "pam"]


def test_a_name_is_completed_after_a_script_without_spaces(visit: Visit, server: Served):
    page = opened(visit, server, "/c/general")
    box = page.locator("#main .composer__area")
    box.click()
    page.keyboard.insert_text("こんにちは\uff20dwi")
    expect(page.locator(".completion__choice")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(box).to_have_value("こんにちは@dwight ")
