"""Commands that agents bring: offered where the agent is, and posted as messages."""

from playwright.sync_api import expect
from tests.support.serving import Served

from e2e.axe import problems_in_both_widths
from e2e.views import open_address
from e2e.window import Visit


def test_an_agents_command_is_offered_and_asks_the_agent(visit: Visit, server: Served):
    page, other = visit(server), visit(server, "jim")
    api = other.context.request

    def offer(agent: str, *names: str) -> None:
        commands = [{"name": n, "description": f"Does {n}", "hint": "what"} for n in names]
        put = api.put(f"/api/agents/{agent}/commands", data={"commands": commands})
        assert put.ok, put.text()

    for window in (page, other):
        open_address(window, "/c/random")
    # Another window has the event as well: both are told without asking.
    offer("pam", "deploy", "logs")
    offer("dwight", "logs")
    composer = page.get_by_role("textbox", name="Message #random")
    offered = page.get_by_role("listbox", name="Commands").get_by_role("option")
    composer.press_sequentially("/log")
    expect(offered).to_have_count(2)
    assert problems_in_both_widths(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(offered.nth(0)).to_contain_text("Dwight Schrute · Does logs")
    composer.press("ArrowDown")
    expect(offered.nth(1)).to_contain_text("Pam Beesly · Does logs")
    composer.press("Enter")
    expect(composer).to_have_value("@pam /logs ")
    composer.press_sequentially("of today")
    composer.press("Enter")
    for window in (page, other):
        said = window.get_by_role("log").locator(".message").filter(has_text="/logs of today")
        expect(said).to_have_count(1)

    # Typed without choosing: one agent alone has it, or it is asked which.
    composer.fill("/deploy  now")
    composer.press("Enter")
    expect(page.get_by_role("log").get_by_text("/deploy now")).to_have_count(1)
    composer.fill("/logs")
    composer.press("Escape")
    composer.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Several agents have /logs")).to_have_count(1)
    expect(composer).to_have_value("/logs")

    # A paused agent is not offered, nor one that has left; what is typed then stays.
    assert api.post("/api/pauses", data={"agentId": "dwight"}).ok
    composer.fill("")
    composer.press_sequentially("/logs")
    expect(offered).to_have_count(1)
    assert api.delete("/api/channels/random/members/pam").ok
    composer.fill("/deploy again")
    composer.press("Enter")
    alone = page.get_by_role("alert").filter(has_text="There is no command /deploy")
    expect(alone).to_have_count(1)
    expect(composer).to_have_value("/deploy again")
