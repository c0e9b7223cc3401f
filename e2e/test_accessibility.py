"""axe-core finds nothing to complain about, in either colour and at either width."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.serving import Served

from e2e.views import VIEWS, View, settle
from e2e.window import NARROW, WIDE, Visit


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


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


def test_a_violation_would_be_found(visit: Visit, shared_server: Served):
    page = visit(shared_server)
    VIEWS[0].open(page)
    page.locator("h1").evaluate("it => it.style.color = '#eee'")
    page.get_by_role("log").evaluate("it => it.setAttribute('role', 'logg')")
    assert {found.partition(":")[0] for found in violations(page)} >= {
        "aria-roles",
        "color-contrast",
    }
