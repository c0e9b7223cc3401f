"""axe-core finds nothing to complain about, in either colour and at either width."""

import pytest
from playwright.sync_api import expect
from tests.support.serving import Served

from e2e.axe import violations
from e2e.views import VIEWS, View, settle
from e2e.watch import Watch
from e2e.window import NARROW, WIDE, Visit


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_no_view_has_a_violation(visit: Visit, shared_server: Served, view: View):
    page = visit(shared_server, view.user_id)
    view.open(page)
    found = {}
    for width in (WIDE, NARROW):
        page.set_viewport_size(width)
        if width is NARROW and view.name == "user-switcher":
            page.get_by_role("button", name="Channels and members").click()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            settle(page)
            found[f"{scheme} at {width['width']} px"] = violations(page)
    assert found == {place: [] for place in found}
    assert len(found) == 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_to_write_with_has_a_violation(
    visit: Visit, server: Served, watch: Watch, scheme: str
):
    watch.refusals = True
    page = visit(server, "michael", color_scheme=scheme)
    page.goto("/c/sales")
    settle(page)
    area = page.locator("#main .composer__area")
    area.fill("@michael and @dwight, **look** at #general")
    area.press("Enter")
    row = page.locator("#main [data-message-id]").last
    expect(row.locator(".mention")).to_have_count(3)
    found = {}
    area.press_sequentially("Hello @d")
    expect(page.locator(".completion")).to_be_visible()
    found["completion"] = violations(page)
    area.fill("x" * 40_001)
    found["too long"] = violations(page)
    area.fill("")
    row.hover()
    row.get_by_role("button", name="Add a reaction").click()
    expect(page.locator(".picker__emoji").first).to_be_visible()
    found["picker"] = violations(page)
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found["question"] = violations(page)
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Edit").click()
    found["editor"] = violations(page)
    page.context.set_offline(True)
    expect(page.get_by_role("alert")).to_be_visible()
    found["connection lost"] = violations(page)
    assert found == {place: [] for place in found}


def test_a_violation_would_be_found(visit: Visit, shared_server: Served):
    page = visit(shared_server)
    VIEWS[0].open(page)
    page.locator("h1").evaluate("it => it.style.color = '#eee'")
    page.get_by_role("log").evaluate("it => it.setAttribute('role', 'logg')")
    assert {found.partition(":")[0] for found in violations(page)} >= {
        "aria-roles",
        "color-contrast",
    }
