import re
from datetime import datetime

import httpx
import pytest

from bullpen.packs.pack import message_id

ROOM = """
INSERT INTO channels (id, name, kind) VALUES ('room', 'room', 'public');
"""


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()]


def links(answer: httpx.Response) -> dict[str, str]:
    found = re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers.get("link", ""))
    return {rel: address for address, rel in found}


@pytest.fixture(scope="module")
def hundred(module_sql) -> list[str]:
    """#room with 120 messages, of which every ten share one instant; a reply to each tenth."""
    module_sql("INSERT INTO channels (id, name, kind) VALUES ('room', 'room', 'public')")
    module_sql(
        "INSERT INTO messages (channel_id, user_id, text, created_at)"
        " SELECT 'room', 'jim', 'message ' || n, timestamptz '2026-03-01 09:00Z' + n / 10 * "
        "interval '1 minute' FROM generate_series(1, 120) n"
    )
    module_sql(
        "INSERT INTO messages (channel_id, parent_message_id, user_id, text, created_at)"
        " SELECT 'room', id, 'pam', 'reply', created_at FROM messages WHERE text LIKE 'message %0'"
    )
    rows = module_sql(
        "SELECT id FROM messages WHERE channel_id = 'room' AND parent_message_id IS NULL"
        " ORDER BY created_at, id"
    )
    return [str(row[0]) for row in rows]


@pytest.mark.ac("1.4.6")
@pytest.mark.ac("1.4.7")
def test_a_message_carries_its_reactions_and_thread(acting, run_sql):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('room', 'room', 'public')")
    root = run_sql(
        "INSERT INTO messages (channel_id, user_id, text, created_at) VALUES"
        " ('room', 'jim', E'**Hi**\\n\\nthere ', '2026-03-04 09:00:00.123456Z') RETURNING id"
    )[0][0]
    for number, user in enumerate(["pam", "dwight", "pam", "jim"], start=1):
        run_sql(
            "INSERT INTO messages (channel_id, parent_message_id, user_id, text, created_at)"
            " VALUES ('room', $1, $2, 'reply', '2026-03-04 10:00Z'::timestamptz"
            " + $3 * interval '1 hour')",
            root, user, number,
        )  # fmt: skip
    for number, (user, emoji) in enumerate([("pam", "🎉"), ("kevin", "👍"), ("creed", "🎉")]):
        run_sql(
            "INSERT INTO reactions (message_id, user_id, emoji, created_at)"
            " VALUES ($1, $2, $3, timestamptz '2026-03-04 09:01Z' + $4 * interval '1 s')",
            root, user, emoji, number,
        )  # fmt: skip
    jim = acting("jim")
    expected = {
        "id": str(root),
        "channelId": "room",
        "userId": "jim",
        "text": "**Hi**\n\nthere ",
        "timestamp": "2026-03-04T09:00:00.123456Z",
        "reactions": [
            {"emoji": "🎉", "userIds": ["pam", "creed"]},
            {"emoji": "👍", "userIds": ["kevin"]},
        ],
        "threadReplyCount": 4,
        "threadParticipantIds": ["pam", "dwight", "jim"],
        "lastReplyAt": "2026-03-04T14:00:00Z",
    }
    assert jim.get("/api/channels/room/messages").json() == [expected]
    assert jim.get(f"/api/messages/{root}").json() == expected


@pytest.mark.ac("1.4.3")
@pytest.mark.ac("1.4.6")
@pytest.mark.ac("1.4.10")
def test_replies_name_their_root_and_are_not_in_the_channel(reader):
    jim = reader("jim")
    page = jim.get("/api/channels/general/messages").json()
    assert len(page) >= 18
    threads = [message for message in page if message["threadReplyCount"] >= 2]
    assert len(threads) >= 2
    for root in threads:
        replies = jim.get(f"/api/messages/{root['id']}/replies").json()
        assert len(replies) == root["threadReplyCount"]
        assert {reply["parentMessageId"] for reply in replies} == {root["id"]}
        assert list(dict.fromkeys(r["userId"] for r in replies)) == root["threadParticipantIds"]
        assert replies[-1]["timestamp"] == root["lastReplyAt"]
        assert not {r["id"] for r in replies} & {m["id"] for m in page}
        assert all(
            set(r) == {"id", "parentMessageId", "userId", "text", "timestamp", "reactions"}
            for r in replies
        )


def test_a_message_without_replies_has_no_thread_fields(reader):
    page = reader("jim").get("/api/channels/general/messages").json()
    plain = [message for message in page if message["threadReplyCount"] == 0]
    assert plain
    assert all("threadParticipantIds" not in m and "lastReplyAt" not in m for m in plain)


def test_the_newest_page_is_oldest_first_and_links_to_the_one_before(module_acting, hundred):
    jim = module_acting("jim")
    answer = jim.get("/api/channels/room/messages")
    assert ids(answer) == hundred[-50:]
    assert set(links(answer)) == {"prev"}
    assert ids(jim.get("/api/channels/room/messages?limit=200")) == hundred
    assert links(jim.get("/api/channels/room/messages?limit=120")) == {}
    assert set(links(jim.get("/api/channels/room/messages?limit=119"))) == {"prev"}


@pytest.mark.parametrize("limit", [7, 10, 50, 119, 120, 200])
def test_following_the_links_meets_every_message_once_both_ways(module_acting, hundred, limit):
    """Ten messages share each instant: none may be skipped or shown twice."""
    jim = module_acting("jim")
    answer = jim.get(f"/api/channels/room/messages?limit={limit}")
    seen = ids(answer)
    while "prev" in links(answer):
        answer = jim.get(links(answer)["prev"])
        seen = ids(answer) + seen
    assert seen == hundred
    answer = jim.get(f"/api/channels/room/messages?limit={limit}&after={hundred[0]}")
    seen = [hundred[0], *ids(answer)]
    while "next" in links(answer):
        answer = jim.get(links(answer)["next"])
        seen += ids(answer)
    assert seen == hundred


def test_a_page_in_the_middle_has_both_neighbours(module_acting, hundred):
    jim = module_acting("jim")
    before = jim.get(f"/api/channels/room/messages?limit=5&before={hundred[60]}")
    assert ids(before) == hundred[55:60]
    assert set(links(before)) == {"prev", "next"}
    assert ids(jim.get(links(before)["next"])) == hundred[60:65]
    after = jim.get(f"/api/channels/room/messages?limit=5&after={hundred[60]}")
    assert ids(after) == hundred[61:66]
    assert ids(jim.get(links(after)["prev"])) == hundred[56:61]


def test_replies_are_paged_likewise(module_acting, module_sql, hundred):
    root = module_sql("SELECT id FROM messages WHERE text = 'message 7'")[0][0]
    module_sql(
        "INSERT INTO messages (channel_id, parent_message_id, user_id, text, created_at)"
        " SELECT 'room', $1, 'pam', n::text, timestamptz '2026-03-02Z' + n / 4 * interval '1 s'"
        " FROM generate_series(1, 60) n",
        root,
    )
    rows = module_sql(
        "SELECT id FROM messages WHERE parent_message_id = $1 ORDER BY created_at, id", root
    )
    replies = [str(row[0]) for row in rows]
    jim = module_acting("jim")
    answer = jim.get(f"/api/messages/{root}/replies")
    assert ids(answer) == replies[-50:]
    assert ids(jim.get(links(answer)["prev"])) == replies[:10]
    assert ids(jim.get(f"/api/messages/{root}/replies?limit=3&after={replies[2]}")) == replies[3:6]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=ten",
        "limit=",
        "before=nonsense",
        "after=",
        "before={0}&after={0}",
    ],
)
def test_a_page_that_cannot_be_is_a_400(reader, query):
    jim = reader("jim")
    some = jim.get("/api/channels/general/messages?limit=1").json()[0]["id"]
    answer = jim.get(f"/api/channels/general/messages?{query.format(some)}")
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"] == "Validation failed"
    assert answer.json()["details"][0]["loc"][0] == "query"


def test_a_cursor_must_be_a_message_of_that_list(reader):
    jim = reader("jim")
    elsewhere = jim.get("/api/channels/sales/messages?limit=1").json()[0]["id"]
    reply = next(
        jim.get(f"/api/messages/{m['id']}/replies").json()[0]["id"]
        for m in jim.get("/api/channels/general/messages").json()
        if m["threadReplyCount"]
    )
    for cursor in (elsewhere, reply, "00000000-0000-0000-0000-000000000000"):
        answer = jim.get(f"/api/channels/general/messages?before={cursor}")
        assert (answer.status_code, answer.json()) == (
            404,
            {"error": "Message not found.", "code": "message_not_found"},
        )


def test_an_empty_channel_is_an_empty_page(acting, run_sql):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('room', 'room', 'public')")
    answer = acting("jim").get("/api/channels/room/messages")
    assert (answer.status_code, answer.json(), links(answer)) == (200, [], {})


@pytest.mark.parametrize(
    "path",
    [
        "/api/channels/nowhere/messages",
        "/api/messages/00000000-0000-0000-0000-000000000000",
        "/api/messages/00000000-0000-0000-0000-000000000000/replies",
        "/api/messages/not-a-uuid",
        "/api/messages/not-a-uuid/replies",
        "/api/channels/a%00b/messages",
        "/api/channels/a%00b",
        "/api/users/a%00b",
        "/api/channels/%ff",
    ],
)
def test_what_is_not_there_is_a_404(reader, path):
    answer = reader("jim").get(path)
    assert answer.status_code == 404
    assert set(answer.json()) == {"error", "code"}


@pytest.mark.ac("1.4.4")
@pytest.mark.ac("1.7.4")
def test_timestamps_have_a_zone_and_are_the_pack_s(reader):
    first = reader("kevin").get("/api/channels/accounting/messages").json()[0]
    assert datetime.fromisoformat(first["timestamp"]).tzinfo is not None
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", first["id"])
    assert str(message_id("dunder-mifflin", "x")) != first["id"]


def test_a_page_around_a_message_leads_both_ways(acting, run_sql):
    run_sql(
        "INSERT INTO messages (channel_id, user_id, text, created_at)"
        " SELECT 'random', 'jim', n::text, now() + n * interval '1 day'"
        " FROM generate_series(1, 20) n"
    )
    creed = acting("creed")
    ids = [m["id"] for m in creed.get("/api/channels/random/messages?limit=200").json()]
    for place in (0, 3, len(ids) - 10, len(ids) - 2, len(ids) - 1):
        for limit in (1, 2, 7):
            path = f"/api/channels/random/messages?limit={limit}"
            answer = creed.get(f"{path}&around={ids[place]}")
            found = [m["id"] for m in answer.json()]
            first, last = place - limit // 2, place - limit // 2 + limit
            assert found == ids[max(first, 0) : last]
            assert ("prev" in answer.links) == (first > 0)
            assert ("next" in answer.links) == (last < len(ids))
            if "next" in answer.links:
                after = creed.get(answer.links["next"]["url"]).json()
                assert [m["id"] for m in after] == ids[last : last + limit]


def test_a_page_around_a_reply_is_of_its_thread(acting, run_sql):
    jim = acting("jim")
    root = run_sql("SELECT id FROM messages WHERE channel_id = 'random' LIMIT 1")[0][0]
    run_sql(
        "INSERT INTO messages (channel_id, parent_message_id, user_id, text, created_at)"
        " SELECT 'random', $1, 'jim', n::text, now() + n * interval '1 day'"
        " FROM generate_series(1, 9) n",
        root,
    )
    path = f"/api/messages/{root}/replies"
    replies = [r["id"] for r in jim.get(f"{path}?limit=200").json()][-9:]
    around = jim.get(f"{path}?limit=3&around={replies[4]}").json()
    assert [r["id"] for r in around] == replies[3:6]
    assert jim.get(f"/api/channels/random/messages?around={replies[4]}").status_code == 404
    both = f"{path}?around={replies[4]}&before={replies[4]}"
    assert jim.get(both).status_code == 400
