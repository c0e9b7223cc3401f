"""One's own profile, password and authenticator app."""

import base64
import time
from collections.abc import Iterator

import httpx
import pytest
from tests.support.accounts import (
    OWNER,
    PASSWORD,
    cookie_of,
    join,
    set_up_owner,
    sign_in,
    with_cookie,
)
from tests.support.serving import KEY, Served, serving

from bullpen.accounts.totp import code_at

NEW = "another long password"


@pytest.fixture
def team(url: str) -> Iterator[Served]:
    with serving(url, team=True) as served:
        yield served


@pytest.fixture
def olive(team: Served, url: str) -> Iterator[httpx.Client]:
    with set_up_owner(team, url) as browser:
        yield browser


def code_of(secret: str, skew: int = 0) -> str:
    padded = secret + "=" * (-len(secret) % 8)
    return code_at(base64.b32decode(padded), int(time.time()) // 30 + skew)


def add_app(browser: httpx.Client) -> tuple[str, list[str], str]:
    """The secret of an app, the recovery codes, and the code that confirmed it."""
    made = browser.post("/api/me/totp", json={"password": PASSWORD})
    assert made.status_code == 200, made.text
    secret = made.json()["secret"]
    assert f"secret={secret}" in made.json()["uri"]
    code = code_of(secret, -1)
    confirmed = browser.post("/api/me/totp/confirm", json={"code": code})
    assert confirmed.status_code == 200, confirmed.text
    return secret, confirmed.json()["codes"], code


def test_a_profile_is_changed_field_by_field_and_others_see_it(team, olive):
    given = {"displayName": "Olive Ö", "title": "Owner", "avatarColor": "#123456"}
    changed = olive.patch("/api/me", json=given | {"timeZone": "Europe/Berlin"})
    assert changed.status_code == 200
    assert changed.json() == changed.json() | given | {"timeZone": "Europe/Berlin"}
    assert olive.patch("/api/me", json={"timeZone": None}).json()["timeZone"] is None
    with join(olive, team, "Mara", "member") as mara:
        user = mara.get("/api/users/olive").json()
        assert user == user | given
        assert "email" not in mara.get("/api/people/olive").json()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"displayName": "Michael Scott"}, 409, "name_taken"),
        ({"displayName": "\u041elive"}, 400, "validation_failed"),
        ({"displayName": None}, 400, "validation_failed"),
        ({"title": None}, 400, "validation_failed"),
        ({"avatarColor": "red"}, 400, "validation_failed"),
        ({"timeZone": "Scranton"}, 400, "invalid_time_zone"),
        ({"role": "owner"}, 400, "validation_failed"),
        ({"email": "not one"}, 400, "validation_failed"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(module_olive, body, status, code):
    before = module_olive.get("/api/me").json()
    answer = module_olive.patch("/api/me", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert module_olive.get("/api/me").json() == before


def test_in_demo_mode_a_person_changes_the_own_profile_and_an_agent_has_none(acting):
    jim = acting("jim")
    assert jim.post("/api/people", json={"displayName": "Dana"}).status_code == 201
    assert jim.patch("/api/me", json={"title": "New"}).json()["title"] == "New"
    pam = acting("pam")
    assert pam.patch("/api/me", json={"title": "New"}).json()["code"] == "not_a_person"
    assert pam.get("/api/me/sessions").json()["code"] == "team_mode_only"


def test_without_a_mail_server_only_administrators_change_their_address(team, olive):
    change = {"email": "new@example.org", "password": PASSWORD}
    with join(olive, team, "Mara", "member") as mara:
        refused = mara.patch("/api/me", json=change | {"title": "Not saved either"})
        assert (refused.status_code, refused.json()["code"]) == (403, "mail_needed")
        assert mara.get("/api/me").json()["title"] == ""
        taken = olive.patch("/api/me", json=change | {"email": "MARA@example.org"})
        assert (taken.status_code, taken.json()["code"]) == (409, "email_taken")
    assert olive.patch("/api/me", json=change).json()["email"] == "new@example.org"


def test_a_new_password_ends_other_sessions_and_gives_this_one_a_new_cookie(team, olive):
    name, before = cookie_of(olive)
    with team.client() as phone:
        assert sign_in(phone, OWNER).status_code == 200
        for current in ({}, {"current": None}, {"current": "wrong"}):
            wrong = olive.put("/api/me/password", json={"password": NEW} | current)
            assert (wrong.status_code, wrong.json()["code"]) == (400, "password_wrong")
        short = olive.put("/api/me/password", json={"password": "short", "current": PASSWORD})
        assert (short.status_code, short.json()["code"]) == (400, "password_refused")
        assert phone.get("/api/users").status_code == 200
        body = {"password": NEW, "current": PASSWORD}
        assert olive.put("/api/me/password", json=body).status_code == 200
        assert phone.get("/api/users").json()["code"] == "session_ended"
    assert olive.get("/api/users").status_code == 200
    with with_cookie(team, name, before) as thief:
        assert thief.get("/api/users").status_code == 401
    with team.client() as browser:
        assert sign_in(browser, OWNER).status_code == 401
        assert sign_in(browser, OWNER, NEW).status_code == 200


def test_the_current_password_cannot_be_guessed_in_a_session_either(olive):
    body = {"password": NEW, "current": "wrong"}
    tried = [olive.put("/api/me/password", json=body).status_code for _ in range(11)]
    assert tried == [400] * 10 + [429]


def test_with_an_app_signing_in_needs_its_code_once(team, olive, run_sql):
    secret, _, first = add_app(olive)
    me = olive.get("/api/me").json()
    assert (me["totp"], me["recoveryCodes"]) == (True, 10)
    with team.client() as browser:
        needed = sign_in(browser, OWNER)
        assert (needed.status_code, needed.json()["code"]) == (401, "code_required")
        assert sign_in(browser, OWNER, "wrong").json()["code"] == "sign_in_failed"
        used = sign_in(browser, OWNER, code=first)
        assert (used.status_code, used.json()["code"]) == (401, "sign_in_failed")
        code = code_of(secret)
        assert sign_in(browser, OWNER, code=f" {code} ").status_code == 200
        assert sign_in(browser, OWNER, code=code).status_code == 401
        assert "set-cookie" not in used.headers
    stored = run_sql("SELECT encrypted_secret FROM totp")[0][0]
    assert base64.b32decode(secret) not in stored


def test_a_recovery_code_replaces_the_app_once(team, olive):
    _, codes, _ = add_app(olive)
    assert (len(set(codes)), len(codes)) == (10, 10)
    with team.client() as browser:
        assert sign_in(browser, OWNER, code=codes[0].upper()).status_code == 200
        assert sign_in(browser, OWNER, code=codes[0]).status_code == 401
        assert browser.get("/api/me").json()["recoveryCodes"] == 9
        renewed = browser.post("/api/me/recovery-codes", json={"password": PASSWORD}).json()[
            "codes"
        ]
        assert sign_in(browser, OWNER, code=codes[1]).status_code == 401
        assert sign_in(browser, OWNER, code=renewed[1]).status_code == 200


def test_an_app_that_is_not_confirmed_is_not_asked_for(team, olive):
    secret = olive.post("/api/me/totp", json={"password": PASSWORD}).json()["secret"]
    wrong = olive.post("/api/me/totp/confirm", json={"code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "code_wrong")
    # Asked for again, there is another secret.
    assert olive.post("/api/me/totp", json={"password": PASSWORD}).json()["secret"] != secret
    with team.client() as browser:
        assert sign_in(browser, OWNER).status_code == 200
    none = olive.post("/api/me/recovery-codes", json={"password": PASSWORD})
    assert (none.status_code, none.json()["code"]) == (409, "totp_off")


def test_a_second_app_and_removing_one_need_the_password(team, olive, run_sql):
    add_app(olive)
    again = olive.post("/api/me/totp", json={"password": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (409, "totp_on")
    assert olive.request("DELETE", "/api/me/totp", json={}).json()["code"] == "password_wrong"
    assert olive.request("DELETE", "/api/me/totp", json={"password": PASSWORD}).status_code == 200
    me = olive.get("/api/me").json()
    assert (me["totp"], me["recoveryCodes"]) == (False, 0)
    with team.client() as browser:
        assert sign_in(browser, OWNER).status_code == 200
    logged = run_sql("SELECT action FROM audit_log WHERE action LIKE 'totp%' ORDER BY id")
    assert [row[0] for row in logged] == ["totp.on", "totp.off"]


def test_with_another_key_only_recovery_codes_work(url):
    with serving(url, team=True) as served, set_up_owner(served, url) as olive:
        secret, codes, _ = add_app(olive)
    with serving(url, team=True, key=KEY[::-1]) as served, served.client() as browser:
        assert sign_in(browser, OWNER, code=code_of(secret)).status_code == 401
        assert sign_in(browser, OWNER, code=codes[0]).status_code == 200


def test_codes_cannot_be_guessed(team, olive):
    secret, _, _ = add_app(olive)
    with team.client() as browser:
        tried = [sign_in(browser, OWNER, code=f"{n:06}").status_code for n in range(11)]
        assert tried[-1] == 429
        assert sign_in(browser, OWNER, code=code_of(secret)).status_code == 429
