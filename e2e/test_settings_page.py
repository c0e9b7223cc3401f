"""The settings page says who answers, which providers are ready, and what is missing."""

import pytest
from playwright.sync_api import Page, expect
from tests.serving import Served

from e2e.test_accessibility import violations
from e2e.test_agent_page import open_page
from e2e.views import open_general, settle
from e2e.window import Visit


def test_it_lists_providers_and_what_is_missing(visit: Visit, shared_server: Served):
    page: Page = visit(shared_server)
    open_page(page, "/settings")
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    who = page.get_by_role("region", name="Who answers").get_by_role("listitem")
    expect(who).to_have_count(1)
    expect(who).to_contain_text("Answers by script for now: set ANTHROPIC_API_KEY.")
    providers = page.get_by_role("region", name="Providers").get_by_role("listitem")
    expect(providers.filter(has_text="Script")).to_contain_text("Ready")
    google = providers.filter(has_text="Google")
    expect(google).to_contain_text("Not ready")
    expect(google).to_contain_text("set GOOGLE_API_KEY")
    expect(providers).to_have_count(8)


def test_an_agent_that_another_model_answers_for_says_so(visit: Visit, shared_server: Served):
    page = visit(shared_server)
    open_page(page, "/a/kevin")
    expect(page.get_by_text("Answers by script for now: set ANTHROPIC_API_KEY.")).to_be_visible()
    page.get_by_role("link", name="All models").click()
    page.wait_for_url("**/settings")


def test_ctrl_k_leads_there(visit: Visit, shared_server: Served):
    page = visit(shared_server)
    open_general(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("models")
    page.get_by_role("option", name="Models and settings").click()
    page.wait_for_url("**/settings")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")


@pytest.mark.parametrize("path", ["/settings", "/a/kevin"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_no_violation(visit: Visit, shared_server: Served, path: str, scheme: str):
    page = visit(shared_server, color_scheme=scheme)
    open_page(page, path)
    expect(page.get_by_text("for now: set ANTHROPIC_API_KEY")).to_be_visible()
    assert violations(page) == []
