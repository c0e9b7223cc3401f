"""Who is told by e-mail of what is unread, how often, and how it ends: by a real mail server."""

import asyncio
import re
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bullpen.accounts.mail import Mail
from bullpen.accounts.team import MailServer
from bullpen.digests import sending
from bullpen.digests.sending import DigestSender
from bullpen.kit.database import Database
from tests.support.accounts import join, set_up_owner
from tests.support.loops import run_to_end
from tests.support.mail_server import Inbox, mail_server
from tests.support.posting import post
from tests.support.serving import KEY, Served, serving

NEW = {"id": "secret", "name": "secret"}
BASE = "https://chat.example.org"


@dataclass
class Team:
    """People who are away, and who writes to them."""

    served: Served
    url: str
    server: MailServer
    inbox: Inbox
    owner: httpx.Client
    people: dict[str, httpx.Client]
    run_sql: Callable[..., list[Any]]
    now: datetime

    def look(self, times=1):
        """As processes do that look at the same moment."""

        async def looked():
            database = await Database.open(self.url)
            try:
                senders = [
                    DigestSender(database, self.server, BASE, lambda: KEY) for _ in range(times)
                ]
                await asyncio.gather(*(sender.look(self.now) for sender in senders))
            finally:
                await database.close()

        run_to_end(looked())

    def pass_time(self, **spans):
        """People go away meanwhile, and what they did not read is due."""
        self.now += timedelta(**(spans or {"days": 1, "hours": 1}))

    def digests(self, times=1):
        self.look(times)
        found = {}
        while not self.inbox.is_empty():
            message = self.inbox.next()
            assert message["To"] not in found
            found[message["To"].partition("@")[0]] = message
        return found

    def id_of(self, name):
        return self.run_sql(f"SELECT id FROM people WHERE display_name = '{name}'")[0][0]


@pytest.fixture
def team(url, run_sql):
    with ExitStack() as stack:
        server, inbox = stack.enter_context(mail_server())
        served = stack.enter_context(serving(url, team=True))
        owner = stack.enter_context(closing(set_up_owner(served, url)))
        names = {"Ann": "member", "Bob": "member", "Gus": "guest"}
        people = {
            name: stack.enter_context(
                closing(join(owner, served, name, role, ["general"] if role == "guest" else []))
            )
            for name, role in names.items()
        }
        made = Team(served, url, server, inbox, owner, people, run_sql, datetime.now(UTC))
        # From now on they get digests.
        made.look()
        yield made


def plain(message):
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def direct(team, *names):
    ids = [team.id_of(name) for name in ("Olive", *names)]
    answer = team.owner.post("/api/channels", json=NEW | {"kind": "dm", "memberIds": ids})
    assert answer.is_success, answer.text
    return answer.json()["id"]


def test_people_who_were_away_are_told_once_of_what_concerns_them(team):
    ann, bob = team.people["Ann"], team.people["Bob"]
    thread = post(ann, "Where is the paper?", channel="general").json()
    post(team.owner, "Nobody in particular", channel="general")
    mention = post(team.owner, "Look at this, @Ann", channel="general").json()
    reply = post(bob, "In the warehouse", channel="general", parentMessageId=thread["id"]).json()
    with_ann = direct(team, "Ann")
    said = post(team.owner, "Lunch?", channel=with_ann).json()
    # Too new: somebody may be reading it.
    team.now += timedelta(minutes=1)
    assert team.digests() == {}
    team.pass_time()
    found = team.digests(times=4)
    assert list(found) == ["ann"]
    text = plain(found["ann"])
    assert found["ann"]["Subject"] == "3 unread messages in Dunder Mifflin"
    for part in (
        f"Olive in #general:\nLook at this, @Ann\n{BASE}/c/general/m/{mention['id']}\n",
        f"Bob in #general:\nIn the warehouse\n{BASE}/c/general/t/{thread['id']}/m/{reply['id']}\n",
        f"Olive:\nLunch?\n{BASE}/d/{with_ann}/m/{said['id']}\n",
    ):
        assert part in text
    assert "Nobody in particular" not in text
    team.pass_time()
    assert team.digests() == {}


def test_what_was_read_deleted_or_may_not_be_read_any_more_is_in_no_digest(team):
    ann, bob = team.people["Ann"], team.people["Bob"]
    post(team.owner, "Read soon, @Ann", channel="general")
    assert ann.post("/api/unreads/mark-read", json={"channelId": "general"}).is_success
    gone = post(team.owner, "Deleted soon, @Bob", channel="general").json()
    assert team.owner.delete(f"/api/messages/{gone['id']}").is_success
    members = [team.id_of("Ann"), team.id_of("Bob")]
    private = NEW | {"kind": "private", "memberIds": members}
    channel = team.owner.post("/api/channels", json=private).json()["id"]
    post(team.owner, "Private, @Ann @Bob", channel=channel)
    removed = team.owner.delete(f"/api/channels/{channel}/members/{team.id_of('Bob')}")
    assert removed.is_success, removed.text
    team.pass_time()
    found = team.digests()
    assert list(found) == ["ann"]
    assert "Private" in plain(found["ann"])
    assert "Read soon" not in plain(found["ann"])
    assert bob.get("/api/session").is_success


def test_each_person_chooses_how_often_and_is_left_alone_while_here_or_resting(team):
    ann, bob, gus = team.people["Ann"], team.people["Bob"], team.people["Gus"]
    ann.put("/api/notifications", json={"digest": "hourly"})
    gus.put("/api/notifications", json={"digest": "off"})
    later = (team.now + timedelta(hours=12)).strftime("%H:%M")
    clock = team.now.strftime("%H:%M")
    rest = {"quietFrom": clock, "quietUntil": later}
    bob.put("/api/notifications", json=rest | {"digest": "hourly"})
    post(team.owner, "All of you: @Ann @Bob @Gus", channel="general")
    team.now += timedelta(minutes=10)
    # They were here a moment ago.
    assert team.digests() == {}
    team.now += timedelta(minutes=70)
    assert list(team.digests()) == ["ann"]
    team.now += timedelta(hours=12)
    assert list(team.digests()) == ["bob"]
    # Who begins again is not told of what was written before.
    gus.put("/api/notifications", json={"digest": "daily"})
    team.pass_time(days=2)
    assert team.digests() == {}


def test_one_click_ends_them_for_that_person_without_a_session_and_does_nothing_else(team):
    post(team.owner, "For you: @Ann @Bob", channel="general")
    team.pass_time()
    found = team.digests()
    assert sorted(found) == ["ann", "bob"]
    header = found["ann"]["List-Unsubscribe"]
    assert found["ann"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = header.removeprefix("<").removesuffix(">")
    assert re.fullmatch(r"https://chat\.example\.org/unsubscribe\?code=[\w.-]+", address)
    assert address in plain(found["ann"])
    path = address.removeprefix(BASE)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    choice = f"SELECT rhythm FROM digest_rhythms WHERE user_id = '{team.id_of('Ann')}'"
    with team.served.client() as stranger:
        opened = stranger.get(path)
        assert opened.status_code == 200, opened.text
        assert (opened.status_code, opened.headers["cache-control"]) == (200, "no-store")
        assert team.run_sql(choice) == []
        for _ in range(2):
            answer = stranger.post(path, content="List-Unsubscribe=One-Click", headers=form)
            assert answer.status_code == 200
            assert team.run_sql(choice) == [("off",)]
        for wrong in (path[:-1], "/unsubscribe", f"{path}x"):
            assert stranger.post(wrong, content="", headers=form).status_code == 404
            assert stranger.get(wrong).status_code == 404
        assert stranger.cookies == {}
        assert stranger.get("/api/session").status_code == 401
    # The clock of the server has not gone on.
    team.run_sql("UPDATE digests SET covered_until = now()")
    post(team.owner, "Once more: @Ann @Bob", channel="general")
    team.pass_time()
    assert list(team.digests()) == ["bob"]


def test_what_people_write_stays_text(team):
    hostile = '<img src=x onerror="alert(1)"> & </li> @Ann\r\nBcc: everybody@example.org'
    team.run_sql("UPDATE workspace SET name = E'Dunder\\r\\nBcc: all@example.org <b>'")
    post(team.owner, hostile, channel="general")
    team.pass_time()
    message = team.digests()["ann"]
    assert message["Bcc"] is None
    assert message["Subject"] == "1 unread message in Dunder Bcc: all@example.org <b>"
    html = message.get_body(("html",)).get_content()
    assert "<img" not in html
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &lt;/li&gt;" in html
    assert "<b>" not in html.replace("<b><bdi>", "")


def test_what_the_mail_server_refuses_is_sent_later_and_once(team):
    post(team.owner, "Important, @Ann", channel="general")
    team.pass_time()
    team.inbox.refuses = True
    assert team.digests() == {}
    team.inbox.refuses = False
    assert team.digests() == {}
    team.now += timedelta(minutes=20)
    assert list(team.digests()) == ["ann"]
    team.now += timedelta(minutes=20)
    assert team.digests() == {}


def test_nothing_is_sent_twice_when_a_process_is_killed_in_between(team, monkeypatch):
    post(team.owner, "Once at most, @Ann", channel="general")
    team.pass_time()
    usual = sending.send

    class Killed(BaseException):
        pass

    async def killed(_, mail: Mail):
        """As after the server has taken it, and before anything else is done."""
        assert await usual(team.server, mail)
        raise Killed

    monkeypatch.setattr(sending, "send", killed)
    with pytest.raises(Killed):
        team.look()
    monkeypatch.undo()
    assert "Once at most" in plain(team.inbox.next())
    team.pass_time()
    assert team.digests() == {}
