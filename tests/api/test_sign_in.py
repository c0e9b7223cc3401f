"""Team mode: people sign in, act as themselves, and their sessions end when they should."""

import re
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from argon2 import PasswordHasher, extract_parameters
from tests.support.accounts import (
    OWNER,
    PASSWORD,
    cookie_of,
    join,
    new_owner_token,
    set_up_owner,
    sign_in,
    with_cookie,
)
from tests.support.plain import http_client
from tests.support.serving import Served, serving
from tests.support.streams import listening

from bullpen.accounts import passwords
from bullpen.accounts import sign_in as signing_in

SECOND_OWNER = """
INSERT INTO people (id, display_name, avatar_color, role)
VALUES ('second', 'Second', '#000000', 'owner')
"""
FAILED = {"error": signing_in.FAILED, "code": "sign_in_failed"}


@pytest.fixture
def team(url: str) -> Iterator[Served]:
    with serving(url, team=True) as served:
        yield served


@pytest.fixture
def olive(team: Served, url: str) -> Iterator[httpx.Client]:
    """The owner, signed in."""
    with set_up_owner(team, url) as browser:
        yield browser


def test_whoever_signs_in_acts_as_themselves(module_team, module_olive):
    me = module_olive.get("/api/me").json()
    assert me == {
        "id": "olive",
        "displayName": "Olive",
        "title": "",
        "avatarColor": me["avatarColor"],
        "email": OWNER,
        "role": "owner",
        "timeZone": None,
        "hasPassword": True,
        "totp": False,
        "recoveryCodes": 0,
        "pendingEmail": None,
    }
    with module_team.client() as browser:
        assert browser.get("/api/users").json()["code"] == "sign_in_required"
        answer = sign_in(browser, f" {OWNER.upper()} ")
        assert (answer.status_code, answer.json()) == (200, me)
        assert browser.get("/api/session").json()["userId"] == "olive"
        sent = browser.post("/api/messages", json={"channelId": "general", "text": "Hello"})
        assert sent.json()["userId"] == "olive"


def test_the_cookie_is_a_secret_that_the_database_does_not_have(
    module_team, module_olive, module_sql
):
    with module_team.client() as browser:
        cookie = sign_in(browser, OWNER).headers["set-cookie"]
        port = module_team.address.rpartition(":")[2]
        token = re.match(rf"bullpen_session_{port}=([\w-]{{43}}); ", cookie)[1]
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert "secure" not in cookie.lower()
    rows = module_sql("SELECT s::text FROM sessions s UNION SELECT a::text FROM audit_log a")
    assert not any(token in row[0] for row in rows)


@pytest.mark.parametrize(
    ("email", "password"),
    [(OWNER, PASSWORD + "!"), (OWNER, ""), ("nobody@example.org", PASSWORD), ("", ""), ("x", "é")],
)
def test_an_unknown_account_is_answered_as_a_wrong_password(
    module_team, module_olive, email, password
):
    with module_team.client() as browser:
        answer = sign_in(browser, email, password)
        assert (answer.status_code, answer.json()) == (401, FAILED)
        assert "set-cookie" not in answer.headers


def test_an_unknown_account_costs_as_much_time_as_a_wrong_password(
    team, olive, run_sql, monkeypatch
):
    """By the number of hashes that are computed, which takes nearly all of it."""
    run_sql(
        "INSERT INTO people (id, display_name, avatar_color, email)"
        " VALUES ('new', 'New', '#000000', 'new@example.org')"
    )
    computed: list[str] = []

    class Counting:
        def check_needs_rehash(self, stored: str) -> bool:
            return hasher.check_needs_rehash(stored)

        def verify(self, stored: str, password: str) -> bool:
            computed.append(password)
            return hasher.verify(stored, password)

    hasher = passwords.hasher
    monkeypatch.setattr(passwords, "hasher", Counting())
    with team.client() as browser:
        for number, email in enumerate([OWNER, "new@example.org", "nobody@example.org", "?"], 1):
            assert sign_in(browser, email, "wrong").status_code == 401
            assert len(computed) == number


def test_a_hash_of_an_earlier_version_is_renewed_when_its_person_signs_in(
    team, olive, run_sql, monkeypatch
):
    stored = "SELECT password_hash FROM credentials WHERE person_id = 'olive'"
    [before] = run_sql(stored)
    monkeypatch.setattr(passwords, "hasher", PasswordHasher())
    with team.client() as browser:
        assert sign_in(browser, OWNER, "wrong").status_code == 401
        assert run_sql(stored) == [before]
        assert sign_in(browser, OWNER).status_code == 200
        [after] = run_sql(stored)
        assert extract_parameters(after[0]).memory_cost == PasswordHasher().memory_cost
        assert sign_in(browser, OWNER).status_code == 200


def test_each_sign_in_begins_a_new_session_and_ends_the_one_before(module_team, module_olive):
    """Also where somebody put a cookie of their own choice into the browser."""
    name, before = cookie_of(module_olive)
    assert sign_in(module_olive, OWNER).status_code == 200
    _, after = cookie_of(module_olive)
    assert after != before
    with with_cookie(module_team, name, before) as thief:
        assert thief.get("/api/session").json()["code"] == "session_ended"
    chosen = "A" * 43
    with with_cookie(module_team, name, chosen) as victim:
        assert sign_in(victim, OWNER).status_code == 200
    with with_cookie(module_team, name, chosen) as attacker:
        assert attacker.get("/api/session").status_code == 401


def test_a_browser_without_cookies_is_not_signed_in(module_team, module_olive):
    with http_client(base_url=module_team.address) as browser:
        assert sign_in(browser, OWNER).status_code == 200
        browser.cookies.clear()
        answer = browser.get("/api/session")
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")


def test_a_window_that_shows_somebody_else_reads_and_writes_nothing(
    module_team, module_olive, module_sql
):
    text = f"In whose name? {secrets.token_hex(4)}"
    message = {"channelId": "general", "text": text}
    for named in ("michael", "Olive", "nobody", ""):
        headers = {"Bullpen-User": named}
        for answer in (
            module_olive.get("/api/users", headers=headers),
            module_olive.get("/api/sse", headers=headers),
            module_olive.get("/api/channels/general/messages", headers=headers),
            module_olive.post("/api/messages", json=message, headers=headers),
            module_olive.post("/api/sign-out", json={}, headers=headers),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "other_user")
            assert answer.json()["details"] == {"userId": "olive"}
    assert module_sql("SELECT count(*) FROM messages WHERE text = $1", text)[0][0] == 0
    sent = module_olive.post("/api/messages", json=message, headers={"Bullpen-User": "olive"})
    assert sent.json()["userId"] == "olive"


def test_nobody_acts_as_another_member(module_olive):
    switched = module_olive.put("/api/session", json={"userId": "michael"})
    assert (switched.status_code, switched.json()["code"]) == (403, "demo_mode_only")
    joined = module_olive.post("/api/people", json={"displayName": "Dana"})
    assert (joined.status_code, joined.json()["code"]) == (403, "demo_mode_only")
    assert module_olive.get("/api/session").json()["userId"] == "olive"


def test_a_signed_cookie_of_demo_mode_is_no_session(team, olive, url):
    with serving(url) as demo, demo.client("michael") as browser:
        _, value = cookie_of(browser)
    name, _ = cookie_of(olive)
    for cookie in (name, "bullpen_session"):
        with with_cookie(team, cookie, value) as forger:
            assert forger.get("/api/users").status_code == 401


def test_signing_out_ends_the_session(module_team, module_olive):
    name, value = cookie_of(module_olive)
    answer = module_olive.post("/api/sign-out", json={})
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert "Max-Age=0" in answer.headers["set-cookie"]
    with with_cookie(module_team, name, value) as other:
        assert other.get("/api/users").json()["code"] == "session_ended"


def test_sessions_are_listed_with_their_browser_and_end_one_by_one(team, olive):
    with http_client(base_url=team.address, headers={"User-Agent": "Paper/1.0 \t<b>"}) as phone:
        assert sign_in(phone, OWNER).status_code == 200
        listed = olive.get("/api/me/sessions").json()
        assert [(one["userAgent"], one["isCurrent"]) for one in listed] == [
            ("Paper/1.0 <b>", False),
            (listed[1]["userAgent"], True),
        ]
        assert {one["address"] for one in listed} == {"127.0.0.1"}
        ended = olive.delete(f"/api/me/sessions/{listed[0]['id']}")
        assert ended.status_code == 200
        assert phone.get("/api/users").json()["code"] == "session_ended"
        assert olive.delete(f"/api/me/sessions/{listed[0]['id']}").status_code == 404
    assert olive.get("/api/users").status_code == 200


def test_nobody_sees_or_ends_the_sessions_of_others(module_team, module_olive):
    with join(module_olive, module_team, "Mara", "member") as mara:
        [session] = mara.get("/api/me/sessions").json()
        answer = module_olive.delete(f"/api/me/sessions/{session['id']}")
        assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")
        assert session["id"] not in module_olive.get("/api/me/sessions").text
        assert mara.get("/api/users").status_code == 200


def test_all_other_sessions_end_at_once(team, olive):
    with team.client() as phone, team.client() as tablet:
        for browser in (phone, tablet):
            assert sign_in(browser, OWNER).status_code == 200
        assert olive.delete("/api/me/sessions").status_code == 200
        assert {browser.get("/api/users").status_code for browser in (phone, tablet)} == {401}
    assert olive.get("/api/users").status_code == 200


def test_a_session_that_is_ended_ends_in_other_processes_within_seconds(team, olive, url):
    with serving(url, team=True) as other:
        name, value = cookie_of(olive)
        name = name.rpartition("_")[0] + "_" + other.address.rpartition(":")[2]
        with with_cookie(other, name, value) as window, listening(window) as stream:
            assert window.get("/api/users").status_code == 200
            assert olive.post("/api/sign-out", json={}).status_code == 200
            stream.rest()
            assert window.get("/api/users").json()["code"] == "session_ended"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sessions SET expires_at = now() - interval '1 second'",
        "UPDATE sessions SET last_used_at = now() - interval '15 days'",
        "UPDATE people SET is_active = false WHERE id = 'olive'",
        "UPDATE people SET role = 'member' WHERE id = 'olive'",
        "DELETE FROM people WHERE id = 'olive'",
    ],
)
def test_a_session_ends_with_what_it_rests_on_and_its_stream_too(team, olive, run_sql, change):
    run_sql(SECOND_OWNER)
    with listening(olive) as stream:
        run_sql(change)
        stream.rest()
    assert olive.get("/api/session").json()["code"] == "session_ended"


def test_when_a_session_was_used_is_written_once_a_minute(team, olive, run_sql, url):
    written = "SELECT last_used_at FROM sessions"
    [before] = run_sql(written)
    olive.get("/api/users")
    assert run_sql(written) == [before]
    run_sql("UPDATE sessions SET last_used_at = now() - interval '2 hours'")
    # As another process, which has not just looked it up.
    with serving(url, team=True) as other:
        name, value = cookie_of(olive)
        name = name.rpartition("_")[0] + "_" + other.address.rpartition(":")[2]
        with with_cookie(other, name, value) as browser:
            assert browser.get("/api/users").status_code == 200
    assert run_sql("SELECT now() - last_used_at < interval '1 minute' FROM sessions")[0][0]
    seen = "SELECT now() - last_seen_at < interval '1 minute' FROM people WHERE id = 'olive'"
    assert run_sql(seen)[0][0]


def test_failures_are_limited_by_account_in_all_processes(team, olive, url):
    with team.client() as browser, serving(url, team=True) as other, other.client() as elsewhere:
        for email in (OWNER, "nobody@example.org"):
            tried = [sign_in(browser, email, "wrong").status_code for _ in range(12)]
            assert tried == [401] * 10 + [429] * 2
            refused = sign_in(elsewhere, email)
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
            assert 0 < int(refused.headers["retry-after"]) <= 900
    # Who is signed in already is not concerned.
    assert olive.get("/api/users").status_code == 200


def test_attempts_at_the_same_moment_count_as_well(team, olive):
    with team.client() as browser, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: sign_in(browser, OWNER, f"{n}").status_code, range(16)))
    assert sorted(found) == [401] * 10 + [429] * 6


def test_failures_are_limited_by_address_and_the_table_stays_small(url, run_sql):
    with serving(url, team=True, trusted_proxies=["127.0.0.1"]) as served:
        guesser = {"X-Forwarded-For": "2001:db8::1"}
        with http_client(base_url=served.address, headers=guesser) as browser:
            tried = [sign_in(browser, f"p{n}@example.org").status_code for n in range(51)]
        assert tried == [401] * 50 + [429]
        neighbor = {"X-Forwarded-For": "2001:db8::2"}
        with http_client(base_url=served.address, headers=neighbor) as browser:
            assert sign_in(browser, "q@example.org").status_code == 429
        stranger = {"X-Forwarded-For": "2001:db8:0:1::1"}
        with http_client(base_url=served.address, headers=stranger) as browser:
            assert sign_in(browser, "q@example.org").status_code == 401
    assert run_sql("SELECT max(bucket) < 1048576, max(failures) FROM sign_in_attempts") == [
        (True, 52)
    ]


def test_the_limit_is_over_after_its_time_and_after_a_success(team, olive, run_sql):
    with team.client() as browser:
        for _ in range(9):
            sign_in(browser, OWNER, "wrong")
        assert sign_in(browser, OWNER).status_code == 200
        assert [sign_in(browser, OWNER, "wrong").status_code for _ in range(11)][-1] == 429
        run_sql("UPDATE sign_in_attempts SET began_at = began_at - interval '16 minutes'")
        assert sign_in(browser, OWNER).status_code == 200


def test_the_audit_log_has_who_signed_in_from_where_and_who_failed(team, olive, run_sql):
    with team.client() as browser:
        sign_in(browser, OWNER, "wrong")
        sign_in(browser, "my password", "wrong")
        sign_in(browser, OWNER)
        browser.post("/api/sign-out", json={})
    rows = run_sql(
        "SELECT action, actor_id, target_id, details->>'email', address FROM audit_log"
        " WHERE action LIKE 'person.%' ORDER BY id"
    )
    here = "127.0.0.1"
    assert [tuple(row) for row in rows] == [
        ("person.signed_in", "olive", "olive", None, here),
        ("person.sign_in_failed", None, "olive", OWNER, here),
        ("person.sign_in_failed", None, None, None, here),
        ("person.signed_in", "olive", "olive", None, here),
        ("person.signed_out", "olive", "olive", None, here),
    ]


def test_a_page_of_another_site_signs_nobody_in_or_out(module_team, module_olive):
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        signing = module_olive.post(
            "/api/sign-in", json={"email": OWNER, "password": PASSWORD}, headers=headers
        )
        assert (signing.status_code, signing.json()["code"]) == (403, "cross_origin")
        assert module_olive.post("/api/sign-out", json={}, headers=headers).status_code == 403


def test_everybody_may_know_the_mode_and_no_more(team, url, shared_server):
    with team.client() as stranger:
        before = {
            "mode": "team", "workspaceName": "Dunder Mifflin", "hasOwner": False, "oidc": None,
        }  # fmt: skip
        assert stranger.get("/api/setup").json() == before
        with set_up_owner(team, url):
            assert stranger.get("/api/setup").json() == before | {"hasOwner": True}
    with shared_server.client() as browser:
        assert browser.get("/api/setup").json() == before | {"mode": "demo"}
        refused = sign_in(browser, OWNER)
        assert (refused.status_code, refused.json()["code"]) == (403, "team_mode_only")
        assert browser.get("/api/me").json()["code"] == "not_a_person"


def test_a_cookie_is_for_tls_alone_where_the_public_url_is(url):
    public = "https://chat.example.org"
    with serving(url, team=True, public_url=public, hosts=["chat.example.org"]) as served:
        headers = {"Host": "chat.example.org", "Origin": public}
        with http_client(base_url=served.address, headers=headers) as browser:
            body = {"displayName": "Olive", "email": OWNER, "password": PASSWORD}
            answer = browser.post("/api/setup", json=body | {"token": new_owner_token(url)})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-bullpen_session=")
        assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
