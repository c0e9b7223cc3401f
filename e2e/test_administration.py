"""The administration page: people, invitations, agents, the audit log, the workspace."""

from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.support.accounts import token_in
from tests.support.serving import Served

from e2e.axe import assert_accessible_and_no_wider
from e2e.held import HeldAnswers
from e2e.keyboard import press, tab_to
from e2e.team import Enter, TeamWorkspace, email_of, new_name
from e2e.views import go_to, open_page
from e2e.watch import Watch
from e2e.window import Visit

TABS = ("", "/agents", "/channels", "/tokens", "/usage", "/audit", "/workspace")
# Days of the pack on which agents have used something.
USED = {"from": "2026-02-01", "to": "2026-03-31"}


@pytest.fixture
def page(team: TeamWorkspace, enter: Enter) -> Page:
    """The owner's window, at the time of the server."""
    opened = enter(team.owner)
    opened.context.clock.set_fixed_time(datetime.now(UTC))
    return opened


def row_of(page: Page, name: str) -> Locator:
    return page.locator(".facts-list__row").filter(has_text=email_of(name))


def test_people_get_roles_and_invitations_and_the_last_owner_stays(
    page: Page, team: TeamWorkspace, watch: Watch
):
    name = new_name("Kim")
    client = team.person(name)
    open_page(page, "/admin")
    change_role_sign_out_and_deactivate(page, team, client, name)
    invite_guest(page, team)
    watch.refusals = True
    invite_and_revoke(page, team)
    row = row_of(page, "olive")
    row.get_by_role("button", name="Manage Olive").click()
    owners = [each for each in team.owner.get("/api/people").json() if each["role"] == "owner"]
    if len(owners) == 1:
        row.get_by_label("Role").select_option("member")
        expect(row.get_by_role("alert")).to_be_visible()
        expect(row.get_by_label("Role")).to_have_value("owner")


def change_role_sign_out_and_deactivate(
    page: Page, team: TeamWorkspace, client: httpx.Client, name: str
) -> None:
    person_id = client.get("/api/me").json()["id"]
    row = row_of(page, name)
    row.get_by_role("button", name=f"Manage {name}").click()
    row.get_by_label("Role").select_option("admin")
    # The form of the person's picture has a status of its own.
    said = row.get_by_role("status").and_(row.locator(".person__said"))
    expect(said).to_have_text(f"{name} is an admin now.")
    assert team.owner.get(f"/api/people/{person_id}").json()["role"] == "admin"
    row.get_by_role("button", name="Sign out everywhere").click()
    row.get_by_role("button", name="Sign out", exact=True).click()
    expect(said).to_have_text(f"{name} is signed out on all devices.")
    assert client.get("/api/me").status_code == 401
    row.get_by_role("button", name="Deactivate").click()
    row.get_by_role("button", name="Deactivate", exact=True).click()
    expect(row).to_contain_text("Deactivated")
    assert team.owner.get(f"/api/people/{person_id}").json()["isActive"] is False


def invite_guest(page: Page, team: TeamWorkspace) -> None:
    """Into channels."""
    guest = new_name("Jon")
    page.get_by_role("button", name="Invite people").click()
    form = page.get_by_role("form", name="Invite people")
    invite = form.get_by_role("button", name="Invite", exact=True)
    form.get_by_label("E-mail").fill(email_of(guest))
    form.get_by_label("Role").select_option("guest")
    invite.click()
    expect(form.get_by_role("alert")).to_contain_text("Choose the channels")
    form.get_by_label("#general").check()
    invite.click()
    expect(row_of(page, guest)).to_contain_text("Guest")
    [made] = [
        each
        for each in team.owner.get("/api/invitations").json()
        if each["email"] == email_of(guest)
    ]
    assert (made["role"], made["channelIds"]) == ("guest", ["general"])


def invite_and_revoke(page: Page, team: TeamWorkspace) -> None:
    """By a link that works until then."""
    member = new_name("Ida")
    open_tab(page, "/agents")
    open_tab(page, "")
    page.get_by_role("button", name="Invite people").click()
    form = page.get_by_role("form", name="Invite people")
    email = form.get_by_label("E-mail")
    invite = form.get_by_role("button", name="Invite", exact=True)
    email.fill("olive@example.org")
    invite.click()
    expect(email).to_have_attribute("aria-invalid", "true")
    email.fill(email_of(member))
    invite.click()
    link = page.get_by_label("Invitation link", exact=True)
    expect(row_of(page, member)).to_contain_text("Member · Ends in 7 days · Invited by Olive")
    address = link.input_value()
    assert address.startswith(f"{team.served.address}/invite#")
    assert inspected(team, address) == 200
    invited = row_of(page, member)
    invited.get_by_role("button", name=f"Revoke invitation for {email_of(member)}").click()
    invited.get_by_role("button", name="Revoke", exact=True).click()
    expect(invited).to_have_count(0)
    assert inspected(team, address) == 404


def inspected(team: TeamWorkspace, link: str) -> int:
    answer = team.owner.post("/api/links/inspect", json={"token": token_in(link)})
    return answer.status_code


def test_a_member_is_told_that_it_is_not_for_them(team: TeamWorkspace, enter: Enter):
    page = enter(team.person(new_name("Lou")))
    open_page(page, "/admin")
    expect(page.get_by_text("Only for owners and admins")).to_be_visible()
    expect(page.get_by_role("navigation", name="Administration")).to_have_count(0)


def test_agents_tokens_usage_the_audit_log_and_the_workspace_are_administered(
    page: Page, team: TeamWorkspace
):
    person = team.person(new_name("Moe"))
    open_page(page, "/admin/audit")
    filter_and_export_audit_log(page, person)
    open_tab(page, "/workspace")
    rename_workspace(page)
    open_tab(page, "/agents")
    manage_agents_by_keyboard(page, team)
    name = new_name("Tom")
    tom = team.person(name)
    script = {"name": f"script of {name}", "scopes": ["read"]}
    assert tom.post("/api/tokens", json=script).status_code == 201
    open_tab(page, "/tokens")
    revoke_a_token_of_somebody(page, name, script["name"])
    assert tom.get("/api/tokens").json() == []
    open_tab(page, "/usage")
    read_usage(page, team)


def filter_and_export_audit_log(page: Page, client: httpx.Client) -> None:
    person_id = client.get("/api/me").json()["id"]
    rows = page.locator(".audit__row")
    expect(rows.first).to_be_visible()
    page.get_by_label("By", exact=True).select_option(person_id)
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Person signed in")
    expect(rows.first).to_contain_text("127.0.0.1")
    page.get_by_label("Action", exact=True).select_option("invitation")
    expect(rows).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    assert download.value.suggested_filename == "audit.csv"
    lines = download.value.path().read_text().splitlines()
    assert len(lines) == 2
    assert "invitation.accepted" in lines[1]
    page.get_by_label("From").fill("2100-01-01")
    expect(page.get_by_text("No entries match")).to_be_visible()


def rename_workspace(page: Page) -> None:
    """What is typed during a save stays."""
    field, save = page.get_by_label("Name"), page.get_by_role("button", name="Save changes")
    before = field.input_value()
    answers = HeldAnswers(page, "**/api/workspace", "PATCH")
    field.fill("Sabre")
    save.click()
    # The event tells of the change before the answer does.
    expect(page.locator(".sidebar__workspace")).to_have_text("Sabre")
    field.fill(before)
    answers.let_through()
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    expect(field).to_have_value(before)
    save.click()
    answers.let_through()
    expect(page.locator(".sidebar__workspace")).to_have_text(before)
    expect(save).to_have_count(0)


def manage_agents_by_keyboard(page: Page, team: TeamWorkspace) -> None:
    manage = page.get_by_role("button", name="Manage Andy Bernard")
    tab_to(page, manage)
    press(page, "Enter")
    row = page.locator(".facts-list__row").filter(has=manage)
    expect(row.get_by_label("Manager")).to_be_enabled()
    row.get_by_label("Manager").select_option(label="Olive")
    tab_to(page, row.get_by_role("button", name="New token"))
    press(page, "Enter")
    expect(row.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("Bridge")
    press(page, "Enter")
    expect(row.get_by_label("Token", exact=True)).to_be_focused()
    assert team.owner.get("/api/agents/andy/manager").json() == {"personId": "olive"}
    [token] = team.owner.get("/api/agents/andy/tokens").json()
    assert token["name"] == "Bridge"


def revoke_a_token_of_somebody(page: Page, person: str, token: str) -> None:
    row = page.get_by_role("listitem").filter(has_text=token)
    expect(row.get_by_role("link", name=person)).to_be_visible()
    row.get_by_role("button", name=f"Revoke {token}").click()
    row.get_by_role("button", name="Revoke", exact=True).click()
    expect(row).to_have_count(0)


def read_usage(page: Page, team: TeamWorkspace) -> None:
    """By agent and by day."""
    shown = team.owner.get("/api/usage", params=USED).json()
    choose_days(page)
    total = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Total"))
    expect(total.get_by_role("cell").first).to_have_text(f"{shown['total']['runs']:,}")
    expect(page.locator(".usage tbody tr")).to_have_count(len(shown["rows"]))
    page.get_by_label("By", exact=True).select_option("day")
    days = team.owner.get("/api/usage", params=USED | {"by": "day"}).json()["rows"]
    expect(page.locator(".usage tbody tr")).to_have_count(len(days))
    expect(page.get_by_role("columnheader", name="Day (UTC)")).to_be_visible()


def choose_days(page: Page) -> None:
    page.get_by_label("From", exact=True).fill(USED["from"])
    page.get_by_label("Until", exact=True).fill(USED["to"])


def open_tab(page: Page, tab: str) -> None:
    """From another page of the workspace."""
    go_to(page, f"/admin{tab}")
    current = page.get_by_role("navigation", name="Administration").locator("[aria-current=page]")
    expect(current).to_have_attribute("href", f"/admin{tab}")
    expect(page.locator(".account")).to_be_visible()


def test_no_tab_has_a_violation(team: TeamWorkspace, enter: Enter):
    name = new_name("Tim")
    script = {"name": f"script of {name}", "scopes": ["read"]}
    assert team.person(name).post("/api/tokens", json=script).status_code == 201
    shown = team.owner.get("/api/usage", params=USED).json()
    page = enter(team.owner)
    open_page(page, "/admin/workspace")
    for tab in TABS:
        open_tab(page, tab)
        if tab == "":
            page.get_by_role("button", name="Invite people").click()
            page.get_by_role("button", name="Manage Olive").click()
        if tab == "/tokens":
            expect(page.get_by_role("listitem").filter(has_text=script["name"])).to_be_visible()
        if tab == "/usage":
            choose_days(page)
            expect(page.locator(".usage tbody tr")).to_have_count(len(shown["rows"]))
        assert_accessible_and_no_wider(page, tab)


def test_without_sign_in_everybody_administers(visit: Visit, shared_server: Served):
    page = visit(shared_server, "ryan")
    open_page(page, "/admin")
    expect(page.get_by_text("Invite people")).to_have_count(0)
    for tab in TABS:
        open_tab(page, tab)
    expect(page.get_by_label("Name")).to_have_value("Dunder Mifflin")
    open_tab(page, "")
    expect(page.get_by_text("Invite people")).to_have_count(0)
