"""Connecting a model, and making an agent, without leaving the browser."""

import pytest
from playwright.sync_api import Page, expect
from pydantic_ai import models
from tests.support.asking import settled
from tests.support.minds import working
from tests.support.program import until
from tests.support.serving import KEY, Served, serving
from tests.support.stub import providers_stub

from bullpen.accounts.secret_key import SecretSource
from bullpen.agents.model_settings import ModelSettings
from e2e.axe import violations
from e2e.views import go_to, open_page
from e2e.window import Visit


@pytest.fixture(scope="module")
def stub():
    with providers_stub() as made:
        yield made


@pytest.fixture
def connectable(url, stub):
    settings = ModelSettings(anthropic_base_url=stub.address, seconds=10.0)
    with (
        models.override_allow_model_requests(True),
        serving(url, model_settings=settings, secret=SecretSource(key=KEY)) as server,
    ):
        yield server


@pytest.fixture
def asking(url):
    """A server whose posts ask agents."""
    with serving(url, agents=True) as server:
        yield server


@pytest.mark.timeout(240)
def test_a_wrong_key_is_explained_a_right_one_connected_and_a_server_that_has_gone_is_not(
    connectable: Served, visit: Visit, run_sql
):
    page: Page = visit(connectable)
    open_page(page, "/models")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connect a model")
    page.get_by_role("button", name="Connect Anthropic").click()
    form = page.get_by_role("form", name="Connect Anthropic")
    key = form.get_by_label("Key")
    key.fill("  'bad-key' ")
    expect(key).to_have_value("bad-key")
    expect(form).to_contain_text("Spaces and quotes around the key were left out.")
    form.get_by_role("button", name="Test only").click()
    # The first call loads the provider's SDK, which takes a busy machine a while.
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("does not accept the key (401)", timeout=90_000)
    assert run_sql("SELECT * FROM provider_connections") == []
    key.fill("answer")
    assert violations(page) == []
    form.get_by_role("button", name="Save and test").click()
    expect(page.get_by_text("anthropic:claude-sonnet-5-5 answered in")).to_be_visible()
    ready = page.get_by_role("region", name="Set up").get_by_role("listitem")
    expect(ready).to_have_count(1)
    expect(ready).to_contain_text("entered by Michael Scott")
    expect(ready.get_by_role("heading", name="Anthropic")).to_be_focused()
    expect(page.get_by_text("is retired by Anthropic")).to_be_visible()
    assert "answer" not in [row[0] for row in run_sql("SELECT base_url FROM provider_connections")]

    # A server that has gone is not called connected.
    with connectable.client("michael") as michael:
        address = {"baseUrl": "http://127.0.0.1:9"}
        saved = michael.put("/api/provider-connections/ollama", json=address)
        assert saved.status_code == 200, saved.text
    page.reload()
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Ollama"))
    expect(card).to_contain_text("Does not work now")
    expect(card.get_by_role("status")).to_contain_text("cannot be reached")
    assert violations(page) == []


def test_an_agent_is_made_by_keyboard_answers_is_copied_and_deleted(
    asking: Served, visit: Visit, url: str, run_sql
):
    page: Page = visit(asking)
    open_page(page, "/admin/agents")
    make_by_keyboard_and_ask(page, url, run_sql)
    go_to(page, "/admin/agents")
    copy_and_delete_once_its_name_is_typed(page, run_sql)


def make_by_keyboard_and_ask(page: Page, url: str, run_sql) -> None:
    """In the channel that it joins."""
    page.get_by_role("button", name="New agent").press("Enter")
    dialog = page.get_by_role("dialog", name="New agent")
    dialog.get_by_label("Begin with").select_option("researcher")
    dialog.get_by_label("Name").fill("Nia Novak")
    expect(dialog.get_by_label("ID", exact=True)).to_have_value("nia-novak")
    dialog.get_by_label("Model", exact=True).fill("scripted")
    dialog.get_by_label("#general").check()
    dialog.get_by_label("Try a message").fill("Who are you?")
    dialog.get_by_label("Try a message").press("Enter")
    expect(dialog.get_by_text("Nothing was posted.")).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Create agent").press("Enter")
    page.wait_for_url("**/c/general")
    assert run_sql("SELECT model_id FROM agents WHERE id = 'nia-novak'")[0][0] == "scripted"
    members = run_sql("SELECT channel_id FROM channel_members WHERE user_id = 'nia-novak'")
    assert [row[0] for row in members] == ["general"]
    # Within a minute of opening the dialog, and without leaving the browser.
    with working(url, None):
        page.get_by_role("textbox", name="Message #general").fill("@nia-novak who are you?")
        page.keyboard.press("Enter")
        answer = page.locator("#main [data-message-id]").filter(has_text="Nia Novak").last
        expect(answer.get_by_text("Nia Novak", exact=True)).to_be_visible(timeout=60_000)
        until(lambda: settled(run_sql))
    said = run_sql("SELECT text FROM messages WHERE user_id = 'nia-novak'")
    assert len(said) == 1
    expect(answer).to_contain_text(said[0][0])


def copy_and_delete_once_its_name_is_typed(page: Page, run_sql) -> None:
    page.get_by_role("button", name="Manage Kevin Malone").click()
    page.get_by_role("button", name="Duplicate", exact=True).click()
    form = page.get_by_role("form", name="Duplicate Kevin Malone")
    form.get_by_label("Name of the copy").fill("Kevin Two")
    form.get_by_role("button", name="Duplicate").click()
    expect(page.get_by_role("button", name="Manage Kevin Two")).to_be_visible()
    page.get_by_role("button", name="Manage Kevin Malone").click()
    page.get_by_role("button", name="Manage Kevin Two").click()
    page.get_by_role("button", name="Delete", exact=True).last.click()
    form = page.get_by_role("form", name="Delete Kevin Two")
    expect(form.get_by_role("button", name="Delete agent")).to_be_disabled()
    form.get_by_label("Type “Kevin Two” to confirm").fill("Kevin Two")
    assert violations(page) == []
    form.get_by_role("button", name="Delete agent").click()
    expect(page.get_by_role("button", name="Manage Kevin Two")).to_have_count(0)
    assert run_sql("SELECT agent_id FROM deleted_agents")[0][0] == "kevin-two"
