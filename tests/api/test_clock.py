"""The database's clock is set back by an hour: messages stay in order, unread and answered."""

from uuid import UUID

from tests.support.asking import post, settled
from tests.support.minds import SmallMind, working
from tests.support.program import until

AHEAD = """
INSERT INTO messages (channel_id, user_id, text, created_at)
VALUES ('my', 'pam', $1, now() + interval '1 hour') RETURNING id
"""
CHANNEL = """
INSERT INTO channels (id, name, kind) VALUES ('my', 'my', 'public');
INSERT INTO channel_members (channel_id, user_id) VALUES ('my', 'michael'), ('my', 'pam');
"""


def make_channel(run_sql) -> None:
    for statement in filter(None, map(str.strip, CHANNEL.split(";"))):
        run_sql(statement)


def test_messages_after_the_clock_was_set_back_come_last_and_are_unread(acting, run_sql):
    make_channel(run_sql)
    [(ahead,)] = run_sql(AHEAD, "ahead")
    michael, pam = acting("michael"), acting("pam")
    read = michael.post("/api/unreads/mark-read", json={"channelId": "my"})
    assert "my" not in read.json()
    for text in ("right 1", "right 2"):
        assert pam.post("/api/messages", json={"channelId": "my", "text": text}).is_success
    page = michael.get("/api/channels/my/messages").json()
    assert [message["text"] for message in page] == ["ahead", "right 1", "right 2"]
    assert page[0]["id"] == str(ahead)
    assert michael.get("/api/unreads").json()["my"] == 2
    # A member who is not in the channel has none of it unread.
    assert "my" not in acting("kevin").get("/api/unreads").json()


def test_times_rise_strictly_within_a_channel_also_in_one_statement(run_sql):
    make_channel(run_sql)
    run_sql(AHEAD, "ahead")
    run_sql(
        """SELECT * FROM post_messages(
            array_fill(NULL::uuid, ARRAY[0]) || ARRAY(SELECT gen_random_uuid() FROM
                generate_series(1, 20)),
            array_fill('my'::text, ARRAY[20]), array_fill(NULL::uuid, ARRAY[20]),
            array_fill('pam'::text, ARRAY[20]),
            ARRAY(SELECT n::text FROM generate_series(1, 20) n),
            array_fill('{}'::json, ARRAY[20])
        )"""
    )
    rows = run_sql("SELECT text, created_at FROM messages WHERE channel_id = 'my' ORDER BY 2")
    assert [text for text, _ in rows] == ["ahead", *map(str, range(1, 21))]
    times = [time for _, time in rows]
    assert len(set(times)) == len(times)


def test_a_lease_from_before_the_clock_was_set_back_holds_nobody_up(run_sql, url: str):
    """Its worker died; by the clock of today it would hold the run for an hour."""
    message_id: UUID = post(run_sql, "michael", "dm-michael-toby", "No.")
    run_sql(
        "UPDATE mailbox SET worker = 'dead', attempt = 1, lease_until = now() + interval '1 hour'"
    )
    run_sql("UPDATE runs SET status = 'running', started_at = now() WHERE status = 'created'")
    with working(url, SmallMind()):
        until(lambda: settled(run_sql))
    [(status,)] = run_sql("SELECT status FROM runs WHERE trigger_message_id = $1", message_id)
    assert status == "completed"
