"""The newest page of a channel comes from memory and is always what the database holds."""

import asyncio

import pytest

from bullpen.chat.newest_pages import NewestPages
from bullpen.kit.database import Database
from bullpen.kit.errors import NotFound
from bullpen.members.actor import Actor

ROOM = "INSERT INTO channels (id, name, kind) VALUES ('room', 'room', 'private')"
MEMBERS = (
    "INSERT INTO channel_members (channel_id, user_id) VALUES ('room', 'jim'), ('room', 'pam')"
)
PAGE = "/api/channels/room/messages"
SAID_ELSEWHERE = """
WITH said AS (
    INSERT INTO messages (channel_id, user_id, text) VALUES ('room', 'pam', $1) RETURNING id
)
INSERT INTO events (kind, channel_id, payload)
SELECT 'message.created', 'room', jsonb_build_object('channelId', 'room') FROM said
"""


@pytest.fixture
def room(run_sql):
    run_sql(ROOM)
    run_sql(MEMBERS)


def kept_and_stored(client):
    """The page twice from memory, and the same messages by a page that is never kept."""
    kept = [client.get(PAGE) for _ in range(2)]
    stored = client.get(PAGE, params={"limit": 51})
    assert [answer.status_code for answer in (*kept, stored)] == [200] * 3
    assert kept[0].json() == kept[1].json()
    return kept[0].json(), stored.json()


def test_a_page_in_memory_follows_every_change_at_once(acting, room):
    jim, pam = acting("jim"), acting("pam")
    shown, stored = kept_and_stored(pam)
    assert shown == stored == []

    def change(answer):
        assert answer.status_code in {200, 201}, answer.text
        found, expected = kept_and_stored(pam)
        assert found == expected
        return answer.json(), found

    said, shown = change(jim.post("/api/messages", json={"channelId": "room", "text": "One"}))
    assert [message["text"] for message in shown] == ["One"]
    one = f"/api/messages/{said['id']}"
    _, shown = change(jim.patch(one, json={"text": "First"}))
    assert shown[0]["text"] == "First"
    _, shown = change(pam.post(f"{one}/reactions", json={"emoji": "👍"}))
    assert shown[0]["reactions"] == [{"emoji": "👍", "userIds": ["pam"]}]
    reply = {"channelId": "room", "text": "A reply", "parentMessageId": said["id"]}
    replied, shown = change(pam.post("/api/messages", json=reply))
    assert shown[0]["threadReplyCount"] == 1
    _, shown = change(pam.delete(f"/api/messages/{replied['id']}"))
    assert shown[0]["threadReplyCount"] == 0
    _, shown = change(pam.request("DELETE", f"{one}/reactions", json={"emoji": "👍"}))
    assert shown[0]["reactions"] == []
    _, shown = change(jim.delete(one))
    assert shown == []


def test_what_another_process_writes_is_shown_at_once(acting, room, run_sql):
    pam = acting("pam")
    for number in range(20):
        kept_and_stored(pam)
        run_sql(SAID_ELSEWHERE, f"Number {number}")
        shown, stored = kept_and_stored(pam)
        assert shown == stored
        assert len(shown) == number + 1


def test_a_page_in_memory_is_only_for_those_who_may_read_the_channel(acting, room, run_sql):
    jim, pam, dwight = acting("jim"), acting("pam"), acting("dwight")
    jim.post("/api/messages", json={"channelId": "room", "text": "Between us"})
    assert [message["text"] for message in kept_and_stored(pam)[0]] == ["Between us"]
    nothing = dwight.get("/api/channels/nowhere/messages")
    assert nothing.status_code == 404
    refused = dwight.get(PAGE)
    assert (refused.status_code, refused.content) == (404, nothing.content)
    assert jim.delete("/api/channels/room/members/pam").status_code == 200
    refused = pam.get(PAGE)
    assert (refused.status_code, refused.content) == (404, nothing.content)
    run_sql("UPDATE users SET is_active = false WHERE id = 'jim'")
    assert jim.get(PAGE).json()["code"] == "member_inactive"


def test_a_page_is_the_same_compressed_and_not_and_links_to_the_one_before(acting, room, run_sql):
    run_sql(
        "INSERT INTO messages (channel_id, user_id, text, created_at)"
        " SELECT 'room', 'jim', 'number ' || n, now() - interval '1 hour' + n * interval '1 second'"
        " FROM generate_series(1, 60) n"
    )
    pam = acting("pam")
    answers = [
        pam.get(PAGE, headers={"Accept-Encoding": encoding})
        for encoding in ("identity", "gzip") * 2
    ]
    assert [a.headers.get("content-encoding") for a in answers] == [None, "gzip"] * 2
    assert {a.headers["vary"] for a in answers} == {"Accept-Encoding"}
    messages = answers[0].json()
    assert [message["text"] for message in messages] == [f"number {n}" for n in range(11, 61)]
    assert all(answer.json() == messages for answer in answers)
    assert len({answer.headers["link"] for answer in answers}) == 1
    earlier = pam.get(answers[0].links["prev"]["url"]).json()
    assert [message["text"] for message in earlier] == [f"number {n}" for n in range(1, 11)]


def test_memory_is_limited_and_the_least_recently_read_pages_go_first(url, run_sql):
    run_sql(
        "INSERT INTO channels (id, name, kind)"
        " SELECT 'room-' || n, 'room-' || n, 'public' FROM generate_series(1, 9) n"
    )
    run_sql(
        "INSERT INTO messages (channel_id, user_id, text)"
        " SELECT 'room-' || n, 'jim', repeat('x', 3000) FROM generate_series(1, 9) n"
    )

    async def work():
        database = await Database.open(url)
        pages = NewestPages(database, most_bytes=14_000)
        jim = Actor("jim")
        for number in (1, 2, 3, 1, 4):
            await pages.read(jim, f"room-{number}", 0)
        kept = pages.channel_ids()
        with pytest.raises(NotFound):
            await pages.read(jim, "nowhere", 0)
        pages.note([(1, "message.created", "room-4", None, "{}")])
        after_event = pages.channel_ids()
        pages.note([(2, "cursor.moved", "room-1", None, "{}")])
        after_reading = pages.channel_ids()
        pages.note([(3, "reset", None, None, "{}")])
        await database.close()
        return kept, after_event, after_reading, pages.channel_ids()

    kept, after_event, after_reading, after_reset = asyncio.run(work())
    assert kept == ["room-3", "room-1", "room-4"]
    assert after_event == after_reading == ["room-3", "room-1"]
    assert after_reset == []
