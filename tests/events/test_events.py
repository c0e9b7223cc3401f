"""What each action tells, and whom: the same to open streams and to those that resume."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from tests.support.posting import newest, post
from tests.support.program import until
from tests.support.serving import two_people
from tests.support.streams import Event, listening, newest_event

from bullpen.api.realtime import hub

Acting = Callable[[str], httpx.Client]
MARK = "That was all"


class Watch:
    """What several users are told of what is done meanwhile."""

    def __init__(self) -> None:
        self.live: dict[str, list[Event]] = {}
        self.resumed: dict[str, list[Event]] = {}

    def kinds(self) -> dict[str, list[str]]:
        return {user: [e["type"] for e in events] for user, events in self.live.items()}

    def one(self, user: str, kind: str) -> Event:
        (found,) = [e for e in self.live[user] if e["type"] == kind]
        return {name: value for name, value in found.items() if name not in ("id", "type")}


@pytest.fixture
def watching(acting: Acting) -> Callable[..., Any]:
    @contextmanager
    def watch(*users: str) -> Iterator[Watch]:
        made = Watch()
        clients = {user: acting(user) for user in users}
        marker = acting("michael")
        number = newest_event(marker)
        # Otherwise a stream would begin before what the test has done so far.
        until(lambda: heard(marker) >= number)
        with ExitStack() as streams:
            opened = {u: streams.enter_context(listening(c)) for u, c in clients.items()}
            yield made
            post(marker, MARK)
            made.live = {user: up_to_mark(stream) for user, stream in opened.items()}
        for user, client in clients.items():
            with listening(client, number) as stream:
                made.resumed[user] = up_to_mark(stream)

    return watch


def heard(client: httpx.Client) -> int:
    return int(client.get("/api/session").headers["x-event-id"])


def up_to_mark(stream: Any) -> list[Event]:
    found: list[Event] = []
    while True:
        event = stream.next()
        assert event is not None
        if event.get("message", {}).get("text") == MARK:
            return found
        found.append(event)


def test_a_message_is_told_to_who_may_read_it(acting: Acting, watching):
    with watching("jim", "pam", "creed") as watch:
        public = post(acting("jim"), "To all").json()
        private = post(acting("jim"), "To Pam", channel="dm-jim-pam").json()
    assert watch.kinds() == {
        "jim": ["message.created"] * 2, "pam": ["message.created"] * 2,
        "creed": ["message.created"],
    }  # fmt: skip
    assert watch.resumed == watch.live
    told = {"channelId": "general", "parentMessageId": None, "message": public}
    assert watch.one("creed", "message.created") == told
    assert watch.live["pam"][1]["message"] == private


def test_a_reply_is_told_with_what_its_root_shows(acting: Acting, watching):
    jim, pam = acting("jim"), acting("pam")
    root = post(jim).json()
    post(pam, "First", parentMessageId=root["id"])
    with watching("creed") as watch:
        post(jim, "Second", parentMessageId=root["id"])
    (listed,) = jim.get(f"/api/messages/{root['id']}/replies?limit=1").json()
    told = watch.one("creed", "message.created")
    shown = jim.get(f"/api/messages/{root['id']}").json()
    summary = ("id", "userId", "threadReplyCount", "threadParticipantIds", "lastReplyAt")
    assert told == {
        "channelId": "general", "parentMessageId": root["id"], "message": listed,
        "root": {name: shown[name] for name in summary},
    }  # fmt: skip
    with watching("creed") as watch:
        jim.delete(f"/api/messages/{listed['id']}")
    gone = watch.one("creed", "message.deleted")
    shown = jim.get(f"/api/messages/{root['id']}").json()
    assert gone == {
        "channelId": "general", "parentMessageId": root["id"], "messageId": listed["id"],
        "userId": "jim", "timestamp": listed["timestamp"],
        "root": {name: shown[name] for name in summary},
    }  # fmt: skip
    last = jim.get(f"/api/messages/{root['id']}/replies").json()
    with watching("creed") as watch:
        pam.delete(f"/api/messages/{last[0]['id']}")
    assert watch.one("creed", "message.deleted")["root"] == {
        "id": root["id"], "userId": "jim", "threadReplyCount": 0,
    }  # fmt: skip


def test_an_edit_tells_the_message_as_the_lists_have_it(acting: Acting, watching):
    jim = acting("jim")
    root = post(jim).json()["id"]
    reply = post(jim, parentMessageId=root).json()["id"]
    jim.post(f"/api/messages/{root}/reactions", json={"emoji": "👍"})
    with watching("pam") as watch:
        jim.patch(f"/api/messages/{root}", json={"text": "Edited"})
    assert watch.one("pam", "message.updated") == {
        "channelId": "general", "parentMessageId": None,
        "message": next(
            m for m in jim.get("/api/channels/general/messages").json() if m["id"] == root
        ),
    }  # fmt: skip
    with watching("pam") as watch:
        jim.patch(f"/api/messages/{reply}", json={"text": "Edited"})
    (listed,) = jim.get(f"/api/messages/{root}/replies").json()
    assert watch.one("pam", "message.updated") == {
        "channelId": "general", "parentMessageId": root, "message": listed,
    }  # fmt: skip
    with watching("pam") as watch:
        deleted = jim.delete(f"/api/messages/{root}").json()
    assert watch.kinds()["pam"] == ["message.deleted"]
    assert watch.one("pam", "message.deleted") == {
        "channelId": "general", "parentMessageId": None, "messageId": root, "userId": "jim",
        "timestamp": deleted["timestamp"],
    }  # fmt: skip


def test_reactions_tell_all_that_remain(acting: Acting, watching):
    jim, pam = acting("jim"), acting("pam")
    message = post(jim, channel="dm-jim-pam").json()["id"]
    path = f"/api/messages/{message}/reactions"
    with watching("pam", "creed") as watch:
        jim.post(path, json={"emoji": "👍"})
        jim.post(path, json={"emoji": "👍"})
        pam.post(path, json={"emoji": "👍"})
        jim.request("DELETE", path, json={"emoji": "👍"})
        jim.request("DELETE", path, json={"emoji": "👍"})
    assert watch.kinds() == {
        "pam": ["reaction.added", "reaction.added", "reaction.removed"], "creed": [],
    }  # fmt: skip
    assert watch.resumed == watch.live
    assert watch.one("pam", "reaction.removed") == {
        "channelId": "dm-jim-pam", "parentMessageId": None, "messageId": message,
        "userId": "jim", "emoji": "👍", "reactions": newest(jim, "dm-jim-pam")["reactions"],
    }  # fmt: skip
    assert newest(jim, "dm-jim-pam")["reactions"] == [{"emoji": "👍", "userIds": ["pam"]}]


def test_a_public_channel_is_told_to_all_and_a_private_one_to_its_members(acting: Acting, watching):
    pam = acting("pam")
    with watching("jim", "creed") as watch:
        for kind in ("public", "private"):
            made = {"id": kind, "name": kind, "kind": kind, "memberIds": ["jim"]}
            pam.post("/api/channels", json=made)
            pam.patch(f"/api/channels/{kind}", json={"topic": "New"})
            channel = pam.get(f"/api/channels/{kind}").json()
            pam.delete(f"/api/channels/{kind}")
    life = ["channel.created", "channel.updated", "channel.deleted"]
    assert watch.kinds() == {"jim": life * 2, "creed": life}
    assert watch.live["jim"][4]["channel"] == channel
    assert watch.live["jim"][5]["channel"] == channel
    # Somebody who was away need not know of what is gone, only that it is.
    assert [e["type"] for e in watch.resumed["creed"]] == ["channel.deleted"]


def test_who_comes_hears_from_then_on_and_who_goes_no_more(acting: Acting, watching):
    angela, creed = acting("angela"), acting("creed")
    members = "/api/channels/accounting/members"
    with watching("creed", "kevin") as watch:
        post(angela, "Before", channel="accounting")
        angela.post(members, json={"userId": "creed"})
        post(angela, "With Creed", channel="accounting")
        angela.delete(f"{members}/creed")
        post(angela, "After", channel="accounting")
        angela.post(members, json={"userId": "creed"})
    heard = [
        "member.added", "cursor.moved", "message.created", "member.removed", "member.added",
        "cursor.moved",
    ]  # fmt: skip
    assert watch.kinds()["creed"] == heard
    assert watch.live["creed"][2]["message"]["text"] == "With Creed"
    assert watch.live["creed"][0]["channel"]["memberIds"] == ["kevin", "oscar", "angela", "creed"]
    assert watch.live["creed"][3]["userId"] == "creed"
    assert [e["type"] for e in watch.live["kevin"]] == [
        "message.created", "member.added", "message.created", "member.removed", "message.created",
        "member.added",
    ]  # fmt: skip
    assert watch.resumed["kevin"] == watch.live["kevin"]
    # What was said before the last coming may have been taken back since, so it is not told.
    texts = [e["message"]["text"] for e in watch.resumed["creed"] if "message" in e]
    assert texts == []
    assert watch.resumed["creed"][-2:] == watch.live["creed"][-2:]
    assert creed.get("/api/unreads").json().get("accounting") is None


def test_who_left_hears_nothing_on_resuming(acting: Acting, watching):
    angela = acting("angela")
    with watching("kevin") as watch:
        post(angela, "Secret", channel="accounting")
        acting("kevin").delete("/api/channels/accounting/members/kevin")
    assert watch.kinds()["kevin"] == ["message.created", "member.removed"]
    assert [e["type"] for e in watch.resumed["kevin"]] == ["member.removed"]


def test_an_id_that_is_used_again_tells_nothing_of_its_first_channel(acting: Acting, watching):
    pam = acting("pam")
    with watching("creed") as watch:
        pam.post("/api/channels", json={"id": "plans", "name": "plans", "kind": "private"})
        post(pam, "Secret", channel="plans")
        pam.delete("/api/channels/plans")
        pam.post("/api/channels", json={"id": "plans", "name": "plans", "kind": "public"})
        post(pam, "Open", channel="plans")
    assert watch.kinds()["creed"] == ["channel.created", "message.created"]
    assert watch.resumed == watch.live


def test_reading_is_told_to_the_reader_alone(acting: Acting, watching):
    pam, jim = acting("pam"), acting("jim")
    first, second = (post(jim, channel="dm-jim-pam").json() for _ in range(2))
    with watching("pam", "jim") as watch:
        for message in (first, second, first):
            body = {"channelId": "dm-jim-pam", "messageId": message["id"]}
            assert pam.post("/api/unreads/mark-read", json=body).status_code == 200
        pam.post("/api/unreads/mark-read", json={"channelId": "dm-jim-pam"})
    # Going back moves nothing, and neither does marking again.
    assert watch.kinds() == {"pam": ["cursor.moved"] * 2, "jim": []}
    assert watch.resumed == watch.live
    told = [
        {name: e[name] for name in ("channelId", "cursor", "unreadCount")}
        for e in watch.live["pam"]
    ]
    assert told == [
        {
            "channelId": "dm-jim-pam",
            "cursor": {"timestamp": message["timestamp"], "messageId": message["id"]},
            "unreadCount": count,
        }
        for message, count in ((first, 1), (second, 0))
    ]
    assert pam.get("/api/unreads/cursors").json()["dm-jim-pam"] == told[1]["cursor"]


def test_users_are_told_to_all(acting: Acting, watching):
    jim = acting("jim")
    with watching("creed") as watch:
        jim.put("/api/users/jim/presence", json={"presence": "away"})
        jim.put("/api/users/jim/status", json={"emoji": "🏠", "text": "Home"})
        jim.patch("/api/agents/jim", json={"title": "Co-Manager"})
        user = jim.get("/api/users/jim").json()
        jim.delete("/api/agents/toby")
    told = [(e["type"], e["user"]["id"], e["isActive"]) for e in watch.live["creed"]]
    assert told == [("user.changed", "jim", True)] * 3 + [("user.changed", "toby", False)]
    assert watch.live["creed"][2]["user"] == user
    assert watch.resumed == watch.live


def test_what_is_refused_tells_nothing(acting: Acting, watching):
    creed, jim = acting("creed"), acting("jim")
    message = post(jim).json()["id"]
    with watching("jim") as watch:
        post(creed, channel="accounting")
        post(creed, channel="sales")
        creed.patch(f"/api/messages/{message}", json={"text": "Mine"})
        creed.delete(f"/api/messages/{message}")
        creed.post("/api/channels/general/members", json={"userId": "creed"})
        creed.delete("/api/channels/sales/members/jim")
        creed.put("/api/users/jim/presence", json={"presence": "away"})
        creed.patch("/api/agents/nobody", json={"title": "None"})
    assert watch.kinds() == {"jim": []}


def test_members_who_came_by_sql_are_heard_of_before_long(url: str, run_sql, monkeypatch):
    monkeypatch.setattr(hub, "RENEW_SECONDS", 0.05)
    with two_people(url) as (jim, dwight), listening(jim) as stream:
        run_sql(
            "INSERT INTO channel_members (channel_id, user_id)"
            " VALUES ('accounting', 'jim'), ('accounting', 'dwight')"
        )

        def is_heard() -> bool:
            post(dwight, "Anybody?", channel="accounting")
            post(dwight, MARK)
            return up_to_mark(stream) != []

        until(is_heard)


def test_an_event_that_somebody_wrote_by_hand_stops_nothing(acting: Acting, watching, run_sql):
    with watching("jim") as watch:
        run_sql(
            "INSERT INTO events (kind, channel_id, payload) VALUES"
            """ ('channel.created', 'general', '{"channel": 7}'),"""
            " ('member.added', NULL, '{}'), ('channel.deleted', 'general', '{}')"
        )
        post(acting("pam"), "After it")
    assert watch.live["jim"][-1]["message"]["text"] == "After it"
    assert watch.resumed == watch.live
