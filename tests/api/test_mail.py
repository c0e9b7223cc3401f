"""Invitations, resets and new addresses by e-mail, through a real SMTP server, and without it."""

import base64
import logging
import time
from collections.abc import Iterator
from email.message import EmailMessage

import httpx
import pytest
from tests.support.accounts import (
    OWNER,
    PASSWORD,
    join,
    set_up_owner,
    sign_in,
    token_in,
)
from tests.support.mail_server import Inbox, mail_server
from tests.support.program import until
from tests.support.serving import Served, serving

from bullpen.accounts.team import MailServer
from bullpen.accounts.totp import code_at

NEW = "another long password"


@pytest.fixture
def inbox_and_server() -> Iterator[tuple[MailServer, Inbox]]:
    with mail_server() as made:
        yield made


@pytest.fixture
def inbox(inbox_and_server) -> Inbox:
    return inbox_and_server[1]


@pytest.fixture
def team(url: str, inbox_and_server) -> Iterator[Served]:
    with serving(url, team=True, mail=inbox_and_server[0]) as served:
        yield served


@pytest.fixture
def olive(team: Served, url: str) -> Iterator[httpx.Client]:
    with set_up_owner(team, url) as browser:
        yield browser


def link_in(mail: EmailMessage) -> str:
    [link] = [line for line in mail.get_content().splitlines() if line.startswith("http")]
    return str(link)


def test_an_invitation_is_sent_and_the_link_is_told_to_nobody_else(team, olive, inbox):
    made = olive.post("/api/invitations", json={"email": "mara@example.org", "role": "member"})
    assert (made.status_code, made.json()["mail"], made.json()["link"]) == (201, "sent", None)
    mail = inbox.next()
    assert (mail["To"], mail["From"]) == ("mara@example.org", "Bullpen <chat@example.org>")
    assert mail["Subject"] == "Olive invites you to Dunder Mifflin"
    link = link_in(mail)
    assert link.startswith(f"{team.address}/invite#")
    with team.client() as mara:
        body = {"token": token_in(link), "displayName": "Mara", "password": PASSWORD}
        assert mara.post("/api/invitations/accept", json=body).status_code == 201


def test_a_forgotten_password_is_set_with_a_link_and_all_sessions_end(team, olive, inbox):
    with team.client() as browser:
        asked = browser.post("/api/password/forgot", json={"email": OWNER.upper()})
        assert (asked.status_code, asked.json()) == (202, {"ok": True})
        token = token_in(link_in(inbox.next()))
        short = browser.post("/api/password/reset", json={"token": token, "password": "short"})
        assert (short.status_code, short.json()["code"]) == (400, "password_refused")
        body = {"token": token, "password": NEW}
        done = browser.post("/api/password/reset", json=body)
        assert (done.status_code, "set-cookie" in done.headers) == (200, False)
        assert browser.post("/api/password/reset", json=body).json()["code"] == "link_invalid"
        assert olive.get("/api/users").status_code == 401
        assert sign_in(browser, OWNER).status_code == 401
        assert sign_in(browser, OWNER, NEW).status_code == 200


def test_whether_there_is_an_account_is_told_to_nobody_who_asks(team, olive, inbox, run_sql):
    run_sql(
        "INSERT INTO people (id, display_name, avatar_color, email, is_active)"
        " VALUES ('gone', 'Gone', '#000000', 'gone@example.org', false)"
    )
    with team.client() as browser:
        answers = [
            browser.post("/api/password/forgot", json={"email": email})
            for email in ("nobody@example.org", "gone@example.org", "no address", "", OWNER)
        ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, '{"ok":true}')}
    assert inbox.next()["To"] == OWNER
    assert inbox.is_empty()


def test_one_account_gets_few_mails_in_a_while(team, olive, inbox, run_sql):
    with team.client() as browser:
        for _ in range(6):
            browser.post("/api/password/forgot", json={"email": OWNER})
    counted = "SELECT failures FROM sign_in_attempts WHERE kind = 'mail'"
    until(lambda: run_sql(counted) == [(6,)])
    links = {link_in(inbox.next()) for _ in range(3)}
    assert (len(links), inbox.is_empty()) == (3, True)
    # The last one replaced the others.
    assert run_sql("SELECT count(*) FROM links WHERE kind = 'reset'")[0][0] == 1


def test_a_new_address_counts_once_the_link_sent_there_is_opened(team, olive, inbox):
    with join(olive_by_link(olive, inbox), team, "Mara", "member") as mara:
        change = {"email": "mara@new.example.org"}
        for wrong in ({}, {"password": "wrong"}):
            refused = mara.patch("/api/me", json=change | wrong)
            assert (refused.status_code, refused.json()["code"]) == (400, "password_wrong")
        changed = mara.patch("/api/me", json=change | {"password": PASSWORD})
        assert changed.json()["email"] == "mara@example.org"
        assert changed.json()["pendingEmail"] == "mara@new.example.org"
        mail = inbox.next()
        assert mail["To"] == "mara@new.example.org"
        token = token_in(link_in(mail))
        with team.client() as anybody:
            assert anybody.post("/api/email/confirm", json={"token": token}).status_code == 200
            assert sign_in(anybody, "mara@new.example.org").status_code == 200
            assert anybody.post("/api/email/confirm", json={"token": token}).status_code == 404
        me = mara.get("/api/me").json()
        assert (me["email"], me["pendingEmail"]) == ("mara@new.example.org", None)


def olive_by_link(olive: httpx.Client, inbox: Inbox) -> httpx.Client:
    """Invites by e-mail, and answers the link that was sent as if there were no mail server."""

    class Reading:
        def post(self, path: str, json: object) -> httpx.Response:
            answer = olive.post(path, json=json)
            content = answer.json() | {"link": link_in(inbox.next())}
            return httpx.Response(answer.status_code, json=content)

    return Reading()  # type: ignore[return-value]


def test_an_address_that_is_taken_is_answered_like_any_other(team, olive, inbox, run_sql):
    with join(olive_by_link(olive, inbox), team, "Mara", "member") as mara:
        answers = {}
        for email in (OWNER, "free@example.org"):
            body = {"email": email, "password": PASSWORD}
            answer = mara.patch("/api/me", json=body)
            answers[email] = (answer.status_code, answer.json() | {"pendingEmail": None})
            assert answer.json()["pendingEmail"] == email
        assert answers[OWNER] == answers["free@example.org"]
        assert inbox.next()["To"] == "free@example.org"
        assert inbox.is_empty()


@pytest.mark.parametrize("how", ["refuses", "is away"])
def test_without_the_server_an_invitation_says_so_and_gives_the_link(url, how, caplog):
    with mail_server() as (there, inbox):
        inbox.refuses = how == "refuses"
        away = MailServer("smtp://127.0.0.1:1", there.sender)
        server = away if how == "is away" else there
        with (
            serving(url, team=True, mail=server) as served,
            set_up_owner(served, url) as olive,
            caplog.at_level(logging.ERROR),
        ):
            body = {"email": "mara@example.org", "role": "member"}
            made = olive.post("/api/invitations", json=body).json()
            assert made["mail"] == "failed"
            assert made["link"].startswith(f"{served.address}/invite#")
            asked = olive.post("/api/password/forgot", json={"email": OWNER})
            assert (asked.status_code, asked.json()) == (202, {"ok": True})
            until(lambda: len(caplog.records) == 2)
        assert not any("@" in record.getMessage() for record in caplog.records)


def test_the_server_is_told_the_password_that_it_asks_for(url):
    with mail_server(asks_password=True) as (server, inbox):
        with serving(url, team=True, mail=server) as served, set_up_owner(served, url) as olive:
            body = {"email": "mara@example.org", "role": "member"}
            assert olive.post("/api/invitations", json=body).json()["mail"] == "sent"
        assert inbox.users == ["chat@example.org"]


def test_an_administrator_makes_a_reset_link_where_there_is_no_mail_server(url):
    with serving(url, team=True) as served, set_up_owner(served, url) as olive:
        with join(olive, served, "Mara", "member") as mara, served.client() as browser:
            made = olive.post("/api/people/mara/reset-link", json={})
            assert made.status_code == 201
            link = made.json()["link"]
            assert link.startswith(f"{served.address}/reset#")
            body = {"token": token_in(link), "password": NEW}
            assert browser.post("/api/password/reset", json=body).status_code == 200
            assert sign_in(browser, "mara@example.org", NEW).status_code == 200
            assert mara.get("/api/users").status_code == 401
        assert olive.post("/api/people/nobody/reset-link", json={}).status_code == 404
        assert olive.post("/api/people/michael/reset-link", json={}).status_code == 404


def test_people_are_told_of_what_changes_in_their_account(team, olive, inbox, run_sql):
    def told(what: str) -> bool:
        mail = inbox.next()
        text = mail.get_content()
        subject = f"Dunder Mifflin: {what[0].lower()}{what[1:]}"
        assert (mail["To"], mail["Subject"]) == (OWNER, subject)
        assert text.startswith(f"{what} in your account in Dunder Mifflin at {team.address}.")
        assert link_in_text(text) == f"{team.address}/forgot-password"
        return "came from the address 127.0.0.1" in text

    olive.put("/api/me/password", json={"current": PASSWORD, "password": NEW})
    assert told("The password was changed")
    secret = olive.post("/api/me/totp", json={"password": NEW}).json()["secret"]
    padded = secret + "=" * (-len(secret) % 8)
    code = code_at(base64.b32decode(padded), int(time.time()) // 30)
    assert olive.post("/api/me/totp/confirm", json={"code": code}).status_code == 200
    assert told("Two-factor authentication was switched on")
    olive.post("/api/me/recovery-codes", json={"password": NEW})
    assert told("New recovery codes were made")
    for _ in range(2):
        removed = olive.request("DELETE", "/api/me/totp", json={"password": NEW})
        assert removed.status_code == 200
    assert told("Two-factor authentication was switched off")
    token = {"name": "script", "scopes": ["read"]}
    for path in ("/api/tokens", "/api/agents/pam/tokens"):
        assert olive.post(path, json=token).status_code == 201
        assert told("A new API token was made")
    refused = olive.put("/api/me/password", json={"current": "wrong", "password": NEW})
    assert (refused.status_code, inbox.is_empty()) == (400, True)
    actions = "SELECT DISTINCT action FROM audit_log WHERE actor_id = 'olive' AND action ~ {}"
    about = "'^(password|totp|recovery|token)'"
    assert {row[0] for row in run_sql(actions.format(about))} == {
        "password.changed", "totp.on", "totp.off", "recovery_codes.renewed", "token.created",
    }  # fmt: skip


def link_in_text(text: str) -> str:
    return next(word for word in text.split() if word.endswith("/forgot-password"))


def test_a_new_address_is_told_to_the_former_one(team, olive, inbox):
    olive.patch("/api/me", json={"email": "new@example.org", "password": PASSWORD})
    body = {"token": token_in(link_in(inbox.next()))}
    assert olive.post("/api/email/confirm", json=body).status_code == 200
    mail = inbox.next()
    assert mail["To"] == OWNER
    assert mail["Subject"] == "Dunder Mifflin: the e-mail address was changed"


def test_a_change_counts_while_the_mail_server_is_away(url, run_sql):
    away = MailServer("smtp://127.0.0.1:1", "Bullpen <chat@example.org>")
    with serving(url, team=True, mail=away) as served, set_up_owner(served, url) as olive:
        change = {"current": PASSWORD, "password": NEW}
        assert olive.put("/api/me/password", json=change).status_code == 200
        with served.client() as browser:
            assert sign_in(browser, OWNER, NEW).status_code == 200
    logged = run_sql("SELECT count(*) FROM audit_log WHERE action = 'password.changed'")
    assert logged == [(1,)]
