"""Invitations and the owner link: who may make them, and that each works once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from tests.support.accounts import (
    OWNER,
    PASSWORD,
    cookie_of,
    invite,
    join,
    new_owner_token,
    set_up_owner,
    sign_in,
    token_in,
    with_cookie,
)
from tests.support.serving import Served, serving

from bullpen.accounts.links import INVALID

NOT_VALID = {"error": INVALID, "code": "link_invalid"}


@pytest.fixture
def team(url: str) -> Iterator[Served]:
    with serving(url, team=True) as served:
        yield served


@pytest.fixture
def olive(team: Served, url: str) -> Iterator[httpx.Client]:
    with set_up_owner(team, url) as browser:
        yield browser


def accept(browser: httpx.Client, token: str, name: str = "Mara", password: str = PASSWORD):
    body = {"token": token, "displayName": name, "password": password}
    return browser.post("/api/invitations/accept", json=body)


def test_an_invitation_becomes_an_account_and_is_used_up(team, olive):
    body = {"email": "mara@example.org", "role": "member"}
    made = olive.post("/api/invitations", json=body)
    assert made.status_code == 201
    link, invitation = made.json()["link"], made.json()["invitation"]
    assert made.json()["mail"] == "off"
    assert link.startswith(f"{team.address}/invite#")
    assert invitation == {
        "id": invitation["id"],
        **body,
        "channelIds": [],
        "createdBy": "olive",
        "createdAt": invitation["createdAt"],
        "expiresAt": invitation["expiresAt"],
    }
    assert olive.get("/api/invitations").json() == [invitation]
    with team.client() as mara:
        info = mara.post("/api/links/inspect", json={"token": token_in(link)}).json()
        assert info == {
            "kind": "invitation",
            "email": "mara@example.org",
            "workspaceName": "Dunder Mifflin",
            "invitedBy": "Olive",
        }
        accepted = accept(mara, token_in(link))
        assert accepted.status_code == 201
        assert (accepted.json()["role"], accepted.json()["email"]) == ("member", body["email"])
        assert mara.get("/api/session").json()["userId"] == "mara"
        joined = [one["id"] for one in mara.get("/api/channels?userId=mara").json()]
        assert joined == ["announcements", "general"]
        mara.post("/api/sign-out", json={})
        assert sign_in(mara, "Mara@example.org").status_code == 200
        for answer in (
            accept(mara, token_in(link), "Other"),
            mara.post("/api/links/inspect", json={"token": token_in(link)}),
        ):
            assert (answer.status_code, answer.json()) == (404, NOT_VALID)
    assert olive.get("/api/invitations").json() == []


def test_two_people_who_accept_one_invitation_at_once_are_one_person(
    module_team, module_olive, module_sql
):
    token = invite(module_olive, "mara@example.org", "member")

    def attempt(name: str) -> int:
        with module_team.client() as browser:
            return accept(browser, token, name).status_code

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(attempt, ["Mara", "Nora"]))
    assert found == [201, 404]
    assert module_sql("SELECT count(*) FROM people WHERE email = 'mara@example.org'")[0][0] == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE links SET expires_at = now() - interval '1 second' WHERE kind = 'invitation'",
        "UPDATE links SET used_at = now() WHERE kind = 'invitation'",
        "DELETE FROM links",
        # Somebody else got an account with this address meanwhile.
        """INSERT INTO people (id, display_name, avatar_color, email)
        VALUES ('other', 'Other', '#000000', 'MARA@example.org')""",
    ],
)
def test_a_link_that_is_not_valid_says_so_and_changes_nothing(team, olive, run_sql, change):
    token = invite(olive, "mara@example.org", "member")
    run_sql(change)
    with team.client() as browser:
        answer = accept(browser, token)
        assert (answer.status_code, answer.json()) == (404, NOT_VALID)
        assert browser.get("/api/session").status_code == 401
    assert run_sql("SELECT count(*) FROM people WHERE id = 'mara'")[0][0] == 0


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "é" * 20])
def test_a_guessed_token_opens_nothing(module_team, module_olive, token):
    invite(module_olive, "guessed@example.org", "member")
    with module_team.client() as browser:
        assert accept(browser, token).status_code == 404
        owner = {"token": token, "displayName": "X", "email": "x@example.org", "password": PASSWORD}
        assert browser.post("/api/setup", json=owner).status_code == 404
        reset = {"token": token, "password": PASSWORD}
        assert browser.post("/api/password/reset", json=reset).status_code == 404
        assert browser.post("/api/email/confirm", json={"token": token}).status_code == 404


def test_a_link_of_one_kind_is_none_of_another(team, olive, url):
    invitation = invite(olive, "mara@example.org", "member")
    owner = new_owner_token(url)
    with team.client() as browser:
        assert accept(browser, owner).status_code == 404
        body = {"displayName": "X", "email": "x@example.org", "password": PASSWORD}
        assert browser.post("/api/setup", json=body | {"token": invitation}).status_code == 404
        reset = {"password": PASSWORD, "token": invitation}
        assert browser.post("/api/password/reset", json=reset).status_code == 404
        assert accept(browser, invitation).status_code == 201


def test_a_refused_password_or_name_leaves_the_link_as_it_was(module_team, module_olive):
    token = invite(module_olive, "rita@example.org", "member")
    with module_team.client() as browser:
        short = accept(browser, token, "Rita", password="too short")
        assert (short.status_code, short.json()["code"]) == (400, "password_refused")
        address = accept(browser, token, "Rita", password="Rita@example.org")
        assert (address.status_code, address.json()["code"]) == (400, "password_refused")
        taken = accept(browser, token, name="Michael Scott")
        assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
        assert accept(browser, token, "Rita").status_code == 201


def test_a_newer_invitation_replaces_the_one_before_and_a_revoked_one_ends(team, olive):
    first = invite(olive, "mara@example.org", "member")
    second = invite(olive, "Mara@Example.org", "admin")
    [pending] = olive.get("/api/invitations").json()
    assert pending["role"] == "admin"
    with team.client() as browser:
        assert accept(browser, first).status_code == 404
        assert olive.delete(f"/api/invitations/{pending['id']}").status_code == 200
        assert accept(browser, second).status_code == 404
    again = olive.delete(f"/api/invitations/{pending['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "invitation_not_found")


def test_members_and_guests_invite_nobody_and_see_no_invitation(team, olive):
    invite(olive, "nora@example.org", "member")
    [pending] = olive.get("/api/invitations").json()
    with (
        join(olive, team, "Mara", "member") as mara,
        join(olive, team, "Gus", "guest", ["general"]) as gus,
    ):
        for browser in (mara, gus):
            body = {"email": "x@example.org", "role": "member"}
            for answer in (
                browser.get("/api/invitations"),
                browser.post("/api/invitations", json=body),
                browser.delete(f"/api/invitations/{pending['id']}"),
                browser.post("/api/people/olive/reset-link", json={}),
            ):
                assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    assert olive.get("/api/invitations").json() == [pending]


def test_an_admin_invites_those_below_and_owners_everybody(module_team, module_olive):
    with join(module_olive, module_team, "Ada", "admin") as ada:
        for role, status in (("owner", 403), ("admin", 403), ("member", 201)):
            body = {"email": f"{role}@example.org", "role": role}
            assert ada.post("/api/invitations", json=body).status_code == status
        assert ada.post("/api/people/olive/reset-link", json={}).status_code == 403
    invite(module_olive, "second@example.org", "owner")


def test_a_guest_is_in_the_channels_that_were_chosen_and_no_others(module_team, module_olive):
    body = {"email": "gus@example.org", "role": "guest"}
    none = module_olive.post("/api/invitations", json=body)
    assert (none.status_code, none.json()["code"]) == (400, "fields_conflict")
    for channel_id, status in (("dm-dwight-angela", 400), ("nowhere", 404), ("sales", 403)):
        answer = module_olive.post("/api/invitations", json=body | {"channelIds": [channel_id]})
        assert answer.status_code == status, channel_id
    members = {"email": "mara@example.org", "role": "member", "channelIds": ["general"]}
    assert module_olive.post("/api/invitations", json=members).status_code == 400
    with join(module_olive, module_team, "Gus", "guest", ["general"]) as gus:
        joined = [one["id"] for one in gus.get("/api/channels?userId=gus").json()]
        assert joined == ["general"]


def test_what_the_inviter_left_meanwhile_a_guest_does_not_get(module_team, module_olive):
    for name in ("roof", "attic"):
        channel = {"id": name, "name": name, "kind": "private", "memberIds": ["olive", "pam"]}
        assert module_olive.post("/api/channels", json=channel).status_code == 201
    token = invite(module_olive, "gina@example.org", "guest", ["roof", "attic"])
    assert module_olive.delete("/api/channels/roof/members/olive").status_code == 200
    with module_team.client() as gina:
        assert accept(gina, token, "Gina").status_code == 201
        assert [one["id"] for one in gina.get("/api/channels?userId=gina").json()] == ["attic"]
        assert gina.get("/api/channels/roof").status_code == 404


def test_an_address_that_is_in_use_is_told_to_administrators_alone(module_team, module_olive):
    taken = module_olive.post("/api/invitations", json={"email": OWNER.upper(), "role": "member"})
    assert (taken.status_code, taken.json()["code"]) == (409, "email_taken")


@pytest.mark.parametrize(
    "email", ["", "olive", "a@b", "x@example.org\nBcc: y@example.org", "é@é.org"]
)
def test_what_is_no_address_is_refused(module_olive, email):
    answer = module_olive.post("/api/invitations", json={"email": email, "role": "member"})
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")


def test_the_owner_link_works_once_and_the_last_one_only(team, url, run_sql):
    first, second = new_owner_token(url), new_owner_token(url)
    body = {"displayName": "Olive", "email": OWNER, "password": PASSWORD}
    with team.client() as browser:
        statuses = [
            browser.post("/api/setup", json=body | {"token": token}).status_code
            for token in (first, second, second)
        ]
        assert statuses == [404, 201, 404]
        assert browser.get("/api/me").json()["role"] == "owner"
    made = run_sql("SELECT actor_id, address FROM audit_log WHERE action = 'owner.made'")
    assert [tuple(row) for row in made] == [("olive", "127.0.0.1")]


def test_an_owner_who_lost_everything_gets_in_with_a_new_link(team, olive, url, run_sql):
    name, cookie = cookie_of(olive)
    run_sql(
        """INSERT INTO people (id, display_name, avatar_color, role)
        VALUES ('second', 'Second', '#000000', 'owner')"""
    )
    run_sql("UPDATE people SET role = 'member', is_active = false WHERE id = 'olive'")
    body = {"displayName": "Ignored", "email": OWNER.upper(), "password": "another long password"}
    with team.client() as browser:
        token = new_owner_token(url)
        answer = browser.post("/api/setup", json=body | {"token": token})
        assert answer.status_code == 201
        me = answer.json()
        assert (me["id"], me["displayName"], me["role"]) == ("olive", "Olive", "owner")
        browser.post("/api/sign-out", json={})
        assert sign_in(browser, OWNER).status_code == 401
        assert sign_in(browser, OWNER, "another long password").status_code == 200
    with with_cookie(team, name, cookie) as former:
        assert former.get("/api/users").status_code == 401


@pytest.mark.parametrize("path", ["/invite", "/reset", "/setup", "/", "/api/setup"])
def test_a_token_in_the_query_is_refused(module_team, module_olive, path):
    token = invite(module_olive, "query@example.org", "member")
    with module_team.client() as browser:
        answer = browser.get(path, params={"token": token})
        assert (answer.status_code, answer.json()["code"]) == (400, "token_in_url")
        assert token not in answer.text
        body = {"displayName": "Mara", "password": PASSWORD, "token": token}
        query = browser.post("/api/invitations/accept", json=body, params={"token": token})
        assert query.json()["code"] == "token_in_url"


def test_no_token_of_a_link_is_in_the_database(module_team, module_olive, module_sql):
    token = invite(module_olive, "nora@example.org", "member")
    rows = module_sql("SELECT l::text FROM links l UNION SELECT a::text FROM audit_log a")
    assert not any(token in row[0] for row in rows)


def test_administrators_sign_people_out_everywhere(module_team, module_olive):
    with (
        join(module_olive, module_team, "Anna", "admin") as anna,
        join(module_olive, module_team, "Moe", "member") as moe,
    ):
        with module_team.client() as phone:
            assert sign_in(phone, "moe@example.org").status_code == 200
            assert moe.post("/api/people/anna/sign-out").status_code == 403
            assert anna.post("/api/people/olive/sign-out").status_code == 403
            assert anna.post("/api/people/nobody/sign-out").status_code == 404
            assert phone.get("/api/me").status_code == 200
            assert anna.post("/api/people/moe/sign-out").status_code == 200
            for browser in (moe, phone):
                assert browser.get("/api/me").json()["code"] == "session_ended"
        assert module_olive.get("/api/me").status_code == 200
        assert anna.post("/api/people/anna/sign-out").status_code == 200
        assert anna.get("/api/me").status_code == 401
