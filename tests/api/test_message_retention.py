"""How long messages are kept: who sets it, and what is deleted."""

from uuid import UUID

import pytest
from tests.support.catalog import fetch
from tests.support.fixtures import complete
from tests.support.posting import post
from tests.support.streams import listening

from bullpen.kit.database import Database
from bullpen.workspace.retention import Retention, trim

CHANNEL = "/api/channels/general/retention"
WORKSPACE = "/api/workspace/retention"
KEEP_ALL = Retention(0, 0, 0)


def trimmed(url: str) -> dict[str, int]:
    async def work() -> dict[str, int]:
        database = await Database.open(url)
        try:
            return await trim(database, KEEP_ALL)
        finally:
            await database.close()

    return complete(work())


def age(url: str, message_id: str, days: float) -> None:
    sql = "UPDATE messages SET created_at = now() - make_interval(secs => $2) WHERE id = $1"
    fetch(url, sql, UUID(message_id), days * 86400)


def stored(run_sql, channel: str) -> set[str]:
    rows = run_sql("SELECT id FROM messages WHERE channel_id = $1", channel)
    return {str(row[0]) for row in rows}


def test_everything_is_kept_until_a_limit_is_set(acting, url: str, run_sql):
    jim = acting("jim")
    run_sql("UPDATE messages SET created_at = created_at - interval '20 years'")
    before = run_sql("SELECT count(*) FROM messages")
    assert jim.get(WORKSPACE).json() == {"days": None}
    assert jim.get(CHANNEL).json() == {"days": None, "inherited": True}
    assert trimmed(url) == {}
    assert run_sql("SELECT count(*) FROM messages") == before


def test_a_channel_follows_the_workspace_until_it_has_its_own_limit(acting, run_sql):
    jim = acting("jim")
    assert jim.put(WORKSPACE, json={"days": 90}).json() == {"days": 90}
    assert jim.get(CHANNEL).json() == {"days": 90, "inherited": True}
    assert jim.put(CHANNEL, json={"days": 7}).json() == {"days": 7, "inherited": False}
    assert jim.put(CHANNEL, json={"days": None}).json() == {"days": None, "inherited": False}
    assert jim.put(CHANNEL, json={"inherited": True}).json() == {"days": 90, "inherited": True}
    assert jim.put(WORKSPACE, json={"days": None}).json() == {"days": None}
    assert jim.get(CHANNEL).json() == {"days": None, "inherited": True}
    noted = run_sql(
        "SELECT actor_id, target_kind, target_id, details::text FROM audit_log"
        " WHERE action = 'retention.changed' ORDER BY id"
    )
    assert [tuple(row) for row in noted] == [
        ("jim", "workspace", "workspace", '{"days": 90}'),
        ("jim", "channel", "general", '{"days": 7}'),
        ("jim", "channel", "general", '{"days": null}'),
        ("jim", "channel", "general", '{"inherited": true}'),
        ("jim", "workspace", "workspace", '{"days": null}'),
    ]


@pytest.mark.parametrize("days", [0, -1, 36_501, 1.5, "many", "7", True])
def test_a_limit_that_makes_no_sense_is_refused(refusing, days: object):
    jim = refusing("jim")
    for path in (WORKSPACE, CHANNEL):
        refused = jim.put(path, json={"days": days})
        assert (refused.status_code, refused.json()["code"]) == (400, "validation_failed")
    both = jim.put(CHANNEL, json={"days": 5, "inherited": True})
    assert (both.status_code, both.json()["code"]) == (400, "fields_conflict")


def test_who_cannot_read_a_channel_neither_sees_nor_sets_its_limit(acting, run_sql):
    run_sql("INSERT INTO message_retention (channel_id, days) VALUES ('dm-jim-pam', 3)")
    dwight = acting("dwight")
    path = "/api/channels/dm-jim-pam/retention"
    for answer in (dwight.get(path), dwight.put(path, json={"days": 1})):
        assert (answer.status_code, answer.json()["code"]) == (404, "channel_not_found")
    assert acting("pam").get(path).json() == {"days": 3, "inherited": False}


def test_old_messages_go_and_clients_are_told_as_of_any_deletion(acting, url: str, run_sql):
    jim, pam = acting("jim"), acting("pam")
    run_sql("DELETE FROM messages WHERE channel_id = 'general'")
    old, new = (post(jim, text).json()["id"] for text in ("Old", "New"))
    reaction = jim.post(f"/api/messages/{old}/reactions", json={"emoji": "👍"})
    assert reaction.status_code == 200
    age(url, old, 8)
    elsewhere = stored(run_sql, "dm-jim-pam")
    jim.put(CHANNEL, json={"days": 7})
    with listening(pam) as stream:
        assert trimmed(url) == {"messages and threads": 1}
        told = stream.until("message.deleted")[-1]
    assert told["timestamp"].endswith("Z")
    assert {key: told[key] for key in ("channelId", "parentMessageId", "messageId", "userId")} == {
        "channelId": "general",
        "parentMessageId": None,
        "messageId": old,
        "userId": "jim",
    }
    assert stored(run_sql, "general") == {new}
    assert stored(run_sql, "dm-jim-pam") == elsewhere
    assert run_sql("SELECT count(*) FROM reactions WHERE message_id = $1", UUID(old)) == [(0,)]
    assert run_sql("SELECT count(*) FROM message_words WHERE message_id = $1", UUID(old)) == [(0,)]
    assert trimmed(url) == {"messages and threads": 0}


def test_a_thread_stays_as_long_as_its_newest_reply(acting, url: str, run_sql):
    jim, pam = acting("jim"), acting("pam")
    run_sql("DELETE FROM messages WHERE channel_id = 'general'")
    root = post(jim, "Root").json()["id"]
    first, second = (
        post(pam, text, parentMessageId=root).json()["id"] for text in ("First", "Second")
    )
    age(url, root, 9)
    age(url, first, 8)
    jim.put(CHANNEL, json={"days": 7})
    with listening(jim) as stream:
        assert trimmed(url) == {"messages and threads": 1}
        told = stream.until("message.deleted")[-1]
    assert (told["messageId"], told["parentMessageId"]) == (first, root)
    assert told["root"]["threadReplyCount"] == 1
    assert stored(run_sql, "general") == {root, second}
    age(url, second, 7.5)
    with listening(jim) as stream:
        assert trimmed(url) == {"messages and threads": 1}
        assert stream.until("message.deleted")[-1]["messageId"] == root
    assert stored(run_sql, "general") == set()


def test_more_than_one_portion_goes(acting, url: str, run_sql):
    run_sql(
        "INSERT INTO messages (channel_id, user_id, text, created_at)"
        " SELECT 'general', 'pam', n::text, now() - interval '2 years'"
        " FROM generate_series(1, 450) n"
    )
    acting("jim").put(WORKSPACE, json={"days": 365})
    assert trimmed(url) == {"messages and threads": 450}
    told = run_sql("SELECT count(*) FROM events WHERE kind = 'message.deleted'")
    assert told == [(450,)]


def test_a_message_that_somebody_is_changing_waits_for_the_next_time(acting, url: str, run_sql):
    message_id = post(acting("jim"), "Held").json()["id"]
    age(url, message_id, 30)
    run_sql("INSERT INTO message_retention (channel_id, days) VALUES ('general', 7)")
    run_sql("DELETE FROM messages WHERE id <> $1", UUID(message_id))

    async def trim_while_held() -> dict[str, int]:
        database = await Database.open(url)
        try:
            async with database.transaction() as connection:
                await connection.execute(
                    "SELECT FROM messages WHERE id = $1 FOR UPDATE", UUID(message_id)
                )
                return await trim(database, KEEP_ALL)
        finally:
            await database.close()

    assert complete(trim_while_held()) == {"messages and threads": 0}
    assert trimmed(url) == {"messages and threads": 1}
