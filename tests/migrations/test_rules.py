"""What the schema only says in words, and the database holds everybody to."""

import asyncio

import asyncpg
import pytest
from tests.support.catalog import fetch
from tests.support.fixtures import complete
from tests.support.refusing import Statement, refusal, transaction

from bullpen.kit.database import connect

ROOM = "INSERT INTO channels (id, name, kind) VALUES ($1, $1, $2)"
MEMBER = "INSERT INTO channel_members (channel_id, user_id) VALUES ($1, $2)"
LEAVE = "DELETE FROM channel_members WHERE channel_id = $1 AND user_id = $2"
MOVE = "UPDATE channel_members SET channel_id = $3 WHERE user_id = $1 AND channel_id = $2"
MESSAGE = "INSERT INTO messages (channel_id, user_id, text) VALUES ($1, $2, 'Hello.') RETURNING id"
REPLY = """INSERT INTO messages (channel_id, parent_message_id, user_id, text)
VALUES ($1, $2, 'jim', 'Hello.') RETURNING id"""
MEMBERS = "SELECT user_id FROM channel_members WHERE channel_id = $1 ORDER BY user_id"


@pytest.mark.ac("1.4.2")
@pytest.mark.parametrize("kind", ["public", "private"])
def test_a_channel_may_have_any_number_of_members(url: str, kind: str):
    transaction(url, (ROOM, "attic", kind))
    transaction(url, *[(MEMBER, "attic", user) for user in ("jim", "pam", "kevin")])
    transaction(url, (LEAVE, "attic", "kevin"), (LEAVE, "attic", "pam"))
    assert [row[0] for row in fetch(url, MEMBERS, "attic")] == ["jim"]


@pytest.mark.parametrize("kind", ["", "Public", "group", "dm "])
def test_a_channel_of_another_kind_is_refused(shared_url: str, kind: str):
    assert refusal(shared_url, (ROOM, "attic", kind)) == "ck_channels_kind"


@pytest.mark.ac("1.4.2")
def test_a_dm_gets_its_two_members_in_the_transaction_that_makes_it(url: str):
    transaction(
        url,
        (ROOM, "dm-kevin-oscar", "dm"),
        (MEMBER, "dm-kevin-oscar", "kevin"),
        (MEMBER, "dm-kevin-oscar", "oscar"),
    )
    assert [row[0] for row in fetch(url, MEMBERS, "dm-kevin-oscar")] == ["kevin", "oscar"]


@pytest.mark.ac("1.4.2")
@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([(ROOM, "dm-new", "dm")], id="none"),
        pytest.param([(ROOM, "dm-new", "dm"), (MEMBER, "dm-new", "jim")], id="one"),
        pytest.param(
            [(ROOM, "dm-new", "dm"), *[(MEMBER, "dm-new", who) for who in ("jim", "pam", "kevin")]],
            id="three",
        ),
        pytest.param([(MEMBER, "dm-jim-pam", "kevin")], id="a third comes"),
        pytest.param([(LEAVE, "dm-jim-pam", "jim")], id="one leaves"),
        pytest.param([("DELETE FROM channel_members",)], id="all leave"),
        pytest.param(
            [(MOVE, "toby", "dm-michael-toby", "random")],
            id="one is moved out",
        ),
        pytest.param(
            [(MOVE, "kevin", "random", "dm-jim-pam")],
            id="a third is moved in",
        ),
        pytest.param([("UPDATE channels SET kind = 'dm' WHERE id = 'accounting'",)], id="three as"),
    ],
)
def test_a_dm_with_other_than_two_members_is_refused(shared_url: str, statements: list[Statement]):
    assert refusal(shared_url, *statements) == "ck_channels_dm_members"


@pytest.mark.ac("1.4.2")
def test_a_dms_member_may_be_replaced_within_a_transaction(url: str):
    transaction(url, (LEAVE, "dm-jim-pam", "pam"), (MEMBER, "dm-jim-pam", "kevin"))
    assert [row[0] for row in fetch(url, MEMBERS, "dm-jim-pam")] == ["jim", "kevin"]


@pytest.mark.ac("1.4.2")
def test_a_dm_is_deleted_with_its_members_messages_and_reactions(url: str):
    transaction(url, ("DELETE FROM channels WHERE id = 'dm-jim-pam'",))
    for table in ("channel_members", "messages", "read_cursors"):
        assert fetch(url, f"SELECT 1 FROM {table} WHERE channel_id = 'dm-jim-pam'") == []
    orphans = "SELECT 1 FROM reactions WHERE message_id NOT IN (SELECT id FROM messages)"
    assert fetch(url, orphans) == []
    assert len(fetch(url, "SELECT 1 FROM reactions")) > 0


def group(channel_id: str, *members: str) -> list[Statement]:
    return [
        (ROOM, channel_id, "group_dm"),
        *[(MEMBER, channel_id, member) for member in members],
    ]


NINE = ("jim", "pam", "kevin", "oscar", "angela", "toby", "andy", "kelly", "ryan")


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param(group("new", "jim", "pam"), id="two"),
        pytest.param(group("new", *NINE, "creed"), id="ten"),
        pytest.param(
            [*group("new", "jim", "pam", "kevin"), (LEAVE, "new", "jim")], id="one leaves"
        ),
        pytest.param([("UPDATE channels SET kind = 'group_dm' WHERE id = 'general'",)], id="many"),
    ],
)
def test_a_group_dm_with_fewer_than_three_or_more_than_nine_is_refused(
    shared_url: str, statements: list[Statement]
):
    assert refusal(shared_url, *statements) == "ck_channels_dm_members"


def test_a_set_of_members_has_one_group_dm(url: str):
    transaction(url, *group("nine", *NINE), *group("three", "jim", "pam", "kevin"))
    again = group("other", "pam", "kevin", "jim")
    assert refusal(url, *again) == "uq_group_dms_member_ids"
    # It is that of others once one of them is replaced, and free once it is deleted.
    transaction(url, (LEAVE, "three", "jim"), (MEMBER, "three", "oscar"))
    transaction(url, *again)
    back = [(LEAVE, "three", "oscar"), (MEMBER, "three", "jim")]
    assert refusal(url, *back) == "uq_group_dms_member_ids"
    transaction(url, ("DELETE FROM channels WHERE id = 'other'",))
    transaction(url, *back)
    kept = dict(fetch(url, "SELECT channel_id, member_ids FROM group_dms"))
    assert kept == {"nine": sorted(NINE), "three": ["jim", "kevin", "pam"]}


def test_two_group_dms_of_the_same_members_at_once_do_not_both_stay(url: str):
    first, second = (group(name, "jim", "pam", "kevin") for name in ("one", "other"))
    assert complete(at_once(url, first, second)) == "uq_group_dms_member_ids"
    assert [row[0] for row in fetch(url, "SELECT channel_id FROM group_dms")] == ["one"]


async def at_once(url: str, first: list[Statement], second: list[Statement]) -> str | None:
    """Both are open before either commits; the constraint that the later one breaks."""
    one = await connect(url, pooled=False)
    other = await connect(url, pooled=False)
    try:
        earlier, later = one.transaction(), other.transaction()
        await earlier.start()
        await later.start()
        for sql, *args in first:
            await one.execute(sql, *args)
        # Its own rules are looked at before the other one commits.
        await one.execute("SET CONSTRAINTS ALL IMMEDIATE")

        async def finish() -> None:
            for sql, *args in second:
                await other.execute(sql, *args)
            await later.commit()

        finishing = asyncio.create_task(finish())
        await waiting_or_done(url, other.get_server_pid(), finishing)
        await earlier.commit()
        try:
            await finishing
        except asyncpg.IntegrityConstraintViolationError as refused:
            return str(refused.constraint_name)
        return None
    finally:
        await one.close()
        await other.close()


async def waiting_or_done(url: str, pid: int, task: "asyncio.Task[None]") -> None:
    watching = await connect(url, pooled=False)
    try:
        async with asyncio.timeout(20):
            while not task.done():
                if await watching.fetchval("SELECT pg_blocking_pids($1) <> '{}'", pid):
                    return
    finally:
        await watching.close()


@pytest.mark.ac("1.4.2")
def test_two_that_replace_the_same_member_at_once_do_not_leave_three(url: str):
    first = [(LEAVE, "dm-jim-pam", "jim"), (MEMBER, "dm-jim-pam", "kevin")]
    second = [(LEAVE, "dm-jim-pam", "jim"), (MEMBER, "dm-jim-pam", "oscar")]
    assert complete(at_once(url, first, second)) == "ck_channels_dm_members"
    assert [row[0] for row in fetch(url, MEMBERS, "dm-jim-pam")] == ["kevin", "pam"]


@pytest.mark.ac("1.4.2")
def test_nobody_joins_a_channel_while_it_becomes_a_dm(url: str):
    transaction(url, (ROOM, "nook", "public"), (MEMBER, "nook", "jim"))
    first = [("UPDATE channels SET kind = 'dm' WHERE id = 'nook'",), (MEMBER, "nook", "pam")]
    second = [(MEMBER, "nook", "kevin")]
    assert complete(at_once(url, first, second)) == "ck_channels_dm_members"
    assert [row[0] for row in fetch(url, MEMBERS, "nook")] == ["jim", "pam"]


def test_a_user_is_in_a_channel_once(shared_url: str):
    constraint = "uq_channel_members_channel_id_user_id"
    assert refusal(shared_url, (MEMBER, "sales", "jim")) == constraint


def test_a_user_uses_an_emoji_once_on_a_message(url: str):
    (message,) = fetch(url, MESSAGE, "general", "jim")[0]
    use = "INSERT INTO reactions (message_id, user_id, emoji) VALUES ($1, $2, $3)"
    transaction(url, (use, message, "pam", "🎉"), (use, message, "pam", "👍"))
    transaction(url, (use, message, "jim", "🎉"))
    constraint = "uq_reactions_message_id_user_id_emoji"
    assert refusal(url, (use, message, "pam", "🎉")) == constraint


@pytest.mark.ac("1.4.3")
def test_a_reply_belongs_to_a_top_level_message_of_its_channel(url: str):
    (root,) = fetch(url, MESSAGE, "accounting", "oscar")[0]
    (reply,) = fetch(url, REPLY, "accounting", root)[0]
    assert refusal(url, (REPLY, "general", root)) == "ck_messages_parent"
    assert refusal(url, (REPLY, "accounting", reply)) == "ck_messages_parent"
    nowhere = "00000000-0000-0000-0000-000000000000"
    assert refusal(url, (REPLY, "accounting", nowhere)) == "fk_messages_parent_message_id"


@pytest.mark.ac("1.4.3")
def test_a_reply_to_a_reply_is_refused_also_where_one_statement_writes_both(url: str):
    (root,) = fetch(url, MESSAGE, "general", "oscar")[0]
    both = """
        INSERT INTO messages (id, channel_id, parent_message_id, user_id, text) VALUES
        (gen_random_uuid(), 'general', $2::uuid, 'jim', 'First the reply.'),
        ($2::uuid, 'general', $1::uuid, 'jim', 'Then what it replies to.')
    """
    nested = "11111111-1111-4111-8111-111111111111"
    assert refusal(url, (both, root, nested)) == "ck_messages_parent"
    transaction(url, (both, None, nested))
    assert len(fetch(url, "SELECT 1 FROM messages WHERE parent_message_id = $1", nested)) == 1


@pytest.mark.ac("1.4.3")
@pytest.mark.parametrize(
    "change",
    [
        "channel_id = 'general' WHERE id = $1",
        "channel_id = 'general' WHERE id = $2",
        "parent_message_id = NULL WHERE id = $2",
        "parent_message_id = $2 WHERE id = $1",
        "parent_message_id = $1 WHERE id = $1",
    ],
)
def test_a_message_stays_where_it_is(url: str, change: str):
    (root,) = fetch(url, MESSAGE, "accounting", "oscar")[0]
    (reply,) = fetch(url, REPLY, "accounting", root)[0]
    given = f"WITH given AS (SELECT $1::uuid, $2::uuid) UPDATE messages SET {change}"
    assert refusal(url, (given, root, reply)) == "ck_messages_stays"


@pytest.mark.ac("1.4.3")
def test_a_messages_text_may_change(url: str):
    (root,) = fetch(url, MESSAGE, "accounting", "oscar")[0]
    transaction(url, ("UPDATE messages SET text = 'Changed.' WHERE id = $1", root))
    assert fetch(url, "SELECT text FROM messages WHERE id = $1", root)[0][0] == "Changed."


@pytest.mark.ac("1.4.1")
def test_a_thread_goes_with_the_message_that_it_hangs_on(url: str):
    (root,) = fetch(url, MESSAGE, "general", "oscar")[0]
    (reply,) = fetch(url, REPLY, "general", root)[0]
    for message in (root, reply):
        use = "INSERT INTO reactions (message_id, user_id, emoji) VALUES ($1, 'pam', '🎉')"
        transaction(url, (use, message))
    transaction(url, ("DELETE FROM messages WHERE id = $1", root))
    assert fetch(url, "SELECT 1 FROM messages WHERE id = $1", reply) == []
    gone = "SELECT 1 FROM reactions WHERE message_id = ANY($1)"
    assert fetch(url, gone, [root, reply]) == []


@pytest.mark.ac("1.4.1")
@pytest.mark.parametrize("channel", ["general", "accounting", "dm-jim-pam"])
def test_one_table_holds_channels_dms_and_replies(shared_url: str, channel: str):
    kinds = "SELECT DISTINCT parent_message_id IS NULL FROM messages WHERE channel_id = $1"
    assert {row[0] for row in fetch(shared_url, kinds, channel)} == {True, False}


@pytest.mark.parametrize("figure", ["max_turns = 0", "max_budget_usd = -0.01"])
def test_an_agent_that_could_never_run_is_refused(shared_url: str, figure: str):
    name = figure.split(" ", maxsplit=1)[0]
    change = f"UPDATE agents SET {figure} WHERE id = 'jim'"
    assert refusal(shared_url, (change,)) == f"ck_agents_{name}"
