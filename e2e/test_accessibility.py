"""axe-core finds nothing to complain about, in either colour and at either width."""

from functools import partial

from playwright.sync_api import Page, expect
from tests.support.serving import Served

from e2e.axe import ALL_LOOKS, SCHEMES, violations, violations_in_each_look
from e2e.views import VIEWS, View, settle
from e2e.watch import Watch
from e2e.window import WIDE, Visit


def test_no_view_has_a_violation_and_one_would_be_found(visit: Visit, shared_server: Served):
    windows = {user_id: visit(shared_server, user_id) for user_id in ("michael", "kevin")}
    for view in VIEWS:
        page = windows[view.user_id]
        page.set_viewport_size(WIDE)
        view.open(page)
        found = violations_in_each_look(page, partial(open_drawer, page, view), ALL_LOOKS)
        assert found == {}, view.name
    page = windows["michael"]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    page.locator("h1").evaluate("it => it.style.color = '#eee'")
    page.get_by_role("log").evaluate("it => it.setAttribute('role', 'logg')")
    assert {found.partition(":")[0] for found in violations(page)} >= {
        "aria-roles",
        "color-contrast",
    }


def open_drawer(page: Page, view: View) -> None:
    if view.name == "user-switcher":
        page.get_by_role("button", name="Channels and members").click()


def test_nothing_to_write_with_has_a_violation(visit: Visit, server: Served, watch: Watch):
    watch.refusals = True
    page = visit(server, "michael")
    page.goto("/c/sales")
    settle(page)
    area = page.locator("#main .composer__area")
    area.fill("@michael and @dwight, **look** at #general")
    area.press("Enter")
    row = page.locator("#main [data-message-id]").last
    expect(row.locator(".mention")).to_have_count(3)
    wrong = {}

    def look_at(place: str) -> None:
        for scheme, rules in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            wrong[f"{place}, {scheme}"] = violations(page, rules)

    area.press_sequentially("Hello @d")
    expect(page.locator(".completion")).to_be_visible()
    look_at("completion")
    area.fill("x" * 40_001)
    look_at("too long")
    area.fill("")
    row.hover()
    row.get_by_role("button", name="Add a reaction").click()
    expect(page.locator(".picker__emoji").first).to_be_visible()
    look_at("picker")
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look_at("question")
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Edit").click()
    look_at("editor")
    page.context.set_offline(True)
    expect(page.get_by_role("alert")).to_be_visible()
    look_at("connection lost")
    assert wrong == {place: [] for place in wrong}
    assert len(wrong) == 12
