"""One's own account: profile, password, two-step sign-in, devices, API tokens."""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
from playwright.sync_api import Page, expect
from tests.support.accounts import PASSWORD, sign_in
from tests.support.plain import http_client

from bullpen.accounts.totp import STEP_SECONDS, code_at
from e2e.axe import assert_accessible_and_no_wider, violations
from e2e.team import Enter, TeamWorkspace, email_of, new_name, sign_in_by_form
from e2e.views import go_to, open_page
from e2e.watch import Watch
from e2e.window import WIDE

TABS = ("", "/security", "/devices", "/tokens", "/notifications")


def test_no_tab_has_a_violation_and_the_profile_is_changed(
    team: TeamWorkspace, enter: Enter, watch: Watch
):
    client = team.person(new_name("Ann"))
    page = enter(client)
    open_page(page, "/account/notifications")
    look_at_each_tab(page)
    page.set_viewport_size(WIDE)
    go_to(page, "/account")
    change_profile(page, client)
    watch.refusals = True
    say_at_the_field_that_a_name_is_taken(page)


def look_at_each_tab(page: Page) -> None:
    tabs = page.get_by_role("navigation", name="Your account")
    for tab in TABS:
        go_to(page, f"/account{tab}")
        current = tabs.locator("[aria-current=page]")
        expect(current).to_have_attribute("href", f"/account{tab}")
        expect(page.locator(".account")).to_be_visible()
        assert_accessible_and_no_wider(page, tab)


def change_profile(page: Page, client: httpx.Client) -> None:
    new = new_name("Anna")
    field = page.get_by_label("Name", exact=True)
    field.fill(new)
    page.get_by_label("Title").fill("Engineer")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("form", name="Profile").get_by_text("Saved")).to_be_visible()
    expect(page.locator(".sidebar__me")).to_contain_text(new)
    me = client.get("/api/me").json()
    assert (me["displayName"], me["title"], me["timeZone"]) == (new, "Engineer", "Europe/Berlin")


def say_at_the_field_that_a_name_is_taken(page: Page) -> None:
    """And what was typed is kept."""
    field = page.get_by_label("Name", exact=True)
    field.fill("Dwight Schrute")
    page.get_by_role("button", name="Save changes").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    page.reload()
    expect(field).to_have_value("Dwight Schrute")
    page.get_by_role("button", name="Discard").click()


def test_tokens_are_revoked_and_devices_signed_out_by_hand_and_by_a_new_password(
    team: TeamWorkspace, enter: Enter, watch: Watch
):
    name = new_name("Eve")
    client = team.person(name)
    page = enter(client)
    page.context.clock.set_fixed_time(datetime.now(UTC))
    open_page(page, "/account/tokens")
    make_use_and_revoke_token(page, team, client)
    sign_out_devices(page, team, client, name)
    watch.refusals = True
    change_password(page, team, name)
    open_page(page, "/account/devices")
    expect(page.get_by_text("This browser")).to_be_visible()


def make_use_and_revoke_token(page: Page, team: TeamWorkspace, client: httpx.Client) -> None:
    page.get_by_role("button", name="New token").click()
    form = page.get_by_role("form", name="New token")
    # Members neither administer nor make tokens without an end.
    expect(form.get_by_role("checkbox")).to_have_count(2)
    expect(form.get_by_label("Expires after").locator("option")).to_have_count(4)
    form.get_by_label("Name").fill("Weekly report")
    form.get_by_role("button", name="Create token").click()
    made = page.get_by_role("group", name="New token")
    token = made.get_by_label("Token", exact=True).input_value()
    with http_client(base_url=team.served.address) as program:
        program.headers["Authorization"] = f"Bearer {token}"
        assert program.get("/api/channels").status_code == 200
    # It is shown once.
    page.reload()
    row = page.locator(".facts-list__row")
    expect(row).to_contain_text("Weekly report")
    expect(row).to_contain_text("read · Expires")
    expect(page.get_by_text(token)).to_have_count(0)
    row.get_by_role("button", name="Revoke Weekly report").click()
    row.get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_text("No tokens yet")).to_be_visible()
    assert client.get("/api/tokens").json() == []


def sign_out_devices(page: Page, team: TeamWorkspace, client: httpx.Client, name: str) -> None:
    with (
        signed_in(team, name, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/605.1") as phone,
        signed_in(team, name) as third,
    ):
        go_to(page, "/account/devices")
        rows = page.locator(".facts-list__row")
        expect(rows).to_have_count(3)
        row = rows.filter(has_text="Safari on iPhone")
        row.get_by_role("button", name="Sign out").click()
        row.get_by_role("button", name="Sign out", exact=True).click()
        expect(rows).to_have_count(2)
        assert phone.get("/api/me").status_code == 401
        assert third.get("/api/me").status_code == 200
        page.get_by_role("button", name="Sign out all others").click()
        page.get_by_role("button", name="Sign out", exact=True).first.click()
        expect(rows).to_have_count(1)
        assert third.get("/api/me").status_code == 401
    assert client.get("/api/me").status_code == 200


def change_password(page: Page, team: TeamWorkspace, name: str) -> None:
    """Which signs out other devices."""
    with signed_in(team, name) as other:
        go_to(page, "/account/security")
        form = page.get_by_role("form", name="Password", exact=True)
        current, new = form.locator("#field-current"), form.locator("#field-password")
        current.fill("something wrong")
        new.fill("a longer password")
        form.get_by_role("button", name="Change password").click()
        expect(current).to_have_attribute("aria-invalid", "true")
        expect(new).to_have_value("a longer password")
        current.fill(PASSWORD)
        form.get_by_role("button", name="Change password").click()
        expect(form.get_by_role("status")).to_contain_text("Password changed.")
        assert other.get("/api/me").status_code == 401


def test_two_step_sign_in_is_set_up_used_and_turned_off(
    team: TeamWorkspace, enter: Enter, watch: Watch
):
    watch.refusals = True
    name = new_name("Dan")
    page = enter(team.person(name))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    recovery_code = set_up_two_steps(page)
    page.locator(".sidebar__me").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in?reason=signed-out")
    sign_in_with_recovery_code(page, name, recovery_code)
    go_to(page, "/account/security")
    expect(page.get_by_text("9 recovery codes left")).to_be_visible()
    page.get_by_role("button", name="Turn off").click()
    page.locator("#field-totp-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Set up two-step sign-in")).to_be_visible()


def set_up_two_steps(page: Page) -> str:
    """One of the recovery codes."""
    open_page(page, "/account/security")
    page.get_by_role("button", name="Set up two-step sign-in").click()
    page.locator("#field-totp-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert violations(page) == []
    secret = base64.b32decode(padded(page.get_by_label("Key", exact=True).input_value()))
    code = page.get_by_label("Code", exact=True)
    code.fill("000000" if current_code(secret) != "000000" else "000001")
    page.get_by_role("button", name="Turn on").click()
    expect(code).to_have_attribute("aria-invalid", "true")
    code.fill(current_code(secret))
    page.get_by_role("button", name="Turn on").click()
    codes = page.get_by_role("group", name="Your recovery codes")
    expect(codes.get_by_role("listitem")).to_have_count(10)
    recovery = codes.get_by_role("listitem").all_inner_texts()
    codes.get_by_role("button", name="Copy").click()
    expect(codes.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").split() == recovery
    with page.expect_download() as download:
        codes.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "bullpen-recovery-codes.txt"
    assert violations(page) == []
    codes.get_by_role("button", name="Done").click()
    expect(page.get_by_text("10 recovery codes left")).to_be_visible()
    return recovery[0]


def sign_in_with_recovery_code(page: Page, name: str, recovery_code: str) -> None:
    sign_in_by_form(page, name)
    expect(page.get_by_role("heading", level=1)).to_have_text("Two-step sign-in")
    field = page.get_by_label("Code", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    assert violations(page) == []
    field.fill("123")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This code is wrong or too old.")).to_be_visible()
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(recovery_code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/general")


@contextmanager
def signed_in(team: TeamWorkspace, name: str, agent: str = "curl/8.0") -> Iterator[httpx.Client]:
    headers = {"User-Agent": agent}
    with http_client(base_url=team.served.address, headers=headers) as client:
        assert sign_in(client, email_of(name)).status_code == 200
        yield client


def padded(secret: str) -> str:
    return secret + "=" * (-len(secret) % 8)


def current_code(secret: bytes) -> str:
    return code_at(secret, int(time.time() // STEP_SECONDS))
