"""What the seed writes, row by row; what is expected is worked out here from the pack."""

import asyncio
from datetime import date, datetime
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from tests.support.catalog import contents, fetch
from tests.support.fixtures import complete
from tests.support.seeding import MESSAGES, PACK, identity, instant, place, rows, settings

from bullpen.kit.database import connect
from bullpen.kit.errors import StartupError
from bullpen.packs.pack import Pack
from bullpen.packs.reader import read_pack
from bullpen.processes.bootstrap import load

# As the description of the workspace has them: exactly these, and no others.
UNREADS = {
    "michael": {
        "sales": 3,
        "party-planning": 5,
        "random": 2,
        "dm-michael-toby": 1,
        "management": 2,
    },
    "jim": {
        "general": 4,
        "announcements": 2,
        "dm-jim-andy": 1,
        "dm-jim-dwight": 2,
        "management": 1,
    },
    "dwight": {"general": 2, "random": 3, "party-planning": 4, "dm-dwight-angela": 1},
    "pam": {"general": 3, "party-planning": 2},
    "ryan": {"random": 1, "announcements": 3},
    "stanley": {"sales": 2},
    "kevin": {"general": 1, "party-planning": 3, "accounting": 4},
    "angela": {"party-planning": 1, "accounting": 2},
    "oscar": {"general": 2, "accounting": 3},
    "andy": {"sales": 1, "random": 2},
    "toby": {"general": 5, "management": 3},
    "creed": {"random": 1},
    "kelly": {"party-planning": 2, "random": 1},
    "phyllis": {"sales": 1, "party-planning": 3},
    "meredith": {"party-planning": 1},
    "darryl": {"general": 2, "random": 1},
}


@pytest.mark.ac("1.7.1")
def test_every_table_holds_as_many_rows_as_the_pack(shared_url: str):
    found = {table: len(held) for table, held in contents(shared_url).items()}
    # What the functions make of texts; another test looks at it.
    assert found.pop("agent_words") > len(PACK.agents)
    readers = sum(len(channel.member_ids) for channel in PACK.channels)
    strangers = 1 + 1
    steps = [step for run in PACK.runs for step in run.steps]
    # What agents do from then on is in tables of its own, still empty.
    assert {table: rows for table, rows in found.items() if rows} == {
        "agent_lines": len(PACK.lines),
        "agents": len(PACK.agents),
        "alembic_version": 1,
        "archival_passages": len(PACK.passages),
        "archival_words": len(PACK.passages),
        "channel_members": sum(len(channel.member_ids) for channel in PACK.channels),
        "channels": len(PACK.channels),
        # That there is everything to read.
        "events": 1,
        "memory_block_versions": len(PACK.blocks),
        "memory_blocks": len(PACK.blocks),
        "message_words": len(MESSAGES),
        "messages": len(MESSAGES),
        "reacted_messages": sum(
            any(who != m.user_id for r in m.reactions for who in r.user_ids) for _, _, m in MESSAGES
        ),
        "reactions": sum(len(r.user_ids) for _, _, m in MESSAGES for r in m.reactions),
        # Michael and Dwight read #party-planning without being in it.
        "read_cursors": readers + strangers,
        "run_figures": len(PACK.runs),
        "run_messages": sum(len(told.messages) for told in (*PACK.runs, *steps)),
        "run_steps": len(steps),
        "runs": len(PACK.runs),
        "scheduled_messages": len(PACK.scheduled),
        "shared_block_links": sum(len(block.shared_with or ()) for block in PACK.blocks),
        "user_states": len(PACK.agents),
        "users": len(PACK.agents),
        "workspace": 1,
    }


@pytest.mark.ac("1.2.8")
@pytest.mark.ac("1.7.3")
def test_every_agent_is_as_the_pack_has_it(shared_url: str):
    found = rows(
        shared_url,
        """SELECT id, display_name, title, avatar_color, presence, status_emoji, status_text,
            system_prompt, model_id, max_turns, max_budget_usd::text::float8, session_id, is_active
        FROM agents JOIN user_states ON user_id = id ORDER BY created_at, id""",
    )
    assert found == [
        (
            *(a.id, a.display_name, a.title, a.avatar_color),
            *(a.presence, a.status_emoji, a.status_text),
            *(a.system_prompt, a.model_id, a.max_turns, a.max_budget_usd, None, True),
        )
        for a in PACK.agents
    ]


@pytest.mark.ac("1.7.3")
def test_every_channel_has_its_members_in_the_packs_order(shared_url: str):
    found = rows(
        shared_url,
        """SELECT id, name, kind, topic, ARRAY(
            SELECT user_id FROM channel_members WHERE channel_id = channels.id ORDER BY id
        ) FROM channels ORDER BY id""",
    )
    assert found == [
        (c.id, c.name, c.kind, c.topic, list(c.member_ids))
        for c in sorted(PACK.channels, key=lambda channel: channel.id)
    ]


@pytest.mark.ac("1.4.2")
def test_every_dm_has_the_two_members_of_its_id(shared_url: str):
    found = rows(
        shared_url,
        """SELECT channel_id, array_agg(user_id ORDER BY channel_members.id) FROM channel_members
        JOIN channels ON channels.id = channel_id WHERE kind = 'dm' GROUP BY 1""",
    )
    assert len(found) == 8
    assert {channel_id: f"dm-{'-'.join(members)}" for channel_id, members in found} == {
        channel_id: channel_id for channel_id, _ in found
    }


@pytest.mark.ac("1.7.1")
@pytest.mark.ac("1.7.3")
@pytest.mark.ac("1.7.4")
def test_every_message_is_there_at_its_instant_and_in_its_thread(shared_url: str):
    found = rows(
        shared_url,
        """SELECT id::text, channel_id, parent_message_id::text, user_id, text, created_at
        FROM messages ORDER BY id""",
    )
    assert found == sorted(
        (
            *(identity(message), channel_id, None if message is root else identity(root)),
            *(message.user_id, message.text, instant(message)),
        )
        for channel_id, root, message in MESSAGES
    )


@pytest.mark.ac("1.7.5")
def test_every_reaction_is_there_in_the_packs_order(shared_url: str):
    found = rows(
        shared_url,
        """SELECT message_id::text, array_agg(ARRAY[emoji, user_id] ORDER BY created_at, id)
        FROM reactions GROUP BY 1""",
    )
    assert {message: [tuple(use) for use in uses] for message, uses in found} == {
        identity(message): [(r.emoji, user) for r in message.reactions for user in r.user_ids]
        for _, _, message in MESSAGES
        if message.reactions
    }


@pytest.mark.ac("1.7.5")
def test_every_reply_count_is_the_packs(shared_url: str):
    found = rows(
        shared_url,
        "SELECT parent_message_id::text, count(*) FROM messages WHERE parent_message_id IS NOT NULL"
        " GROUP BY 1",
    )
    assert dict(found) == {
        identity(root): len(root.replies)
        for _, root, message in MESSAGES
        if message is root and root.replies
    }


@pytest.mark.ac("1.7.5")
def test_counts_reactions_and_timestamps_reach_the_reader(reader):
    client = reader("kevin")
    found = client.get("/api/channels/accounting/messages", params={"limit": 200}).json()
    (accounting,) = (channel for channel in PACK.channels if channel.id == "accounting")
    assert [
        (m["id"], m["threadReplyCount"], m["reactions"], datetime.fromisoformat(m["timestamp"]))
        for m in found
    ] == [
        (
            identity(root),
            len(root.replies),
            [{"emoji": r.emoji, "userIds": list(r.user_ids)} for r in root.reactions],
            instant(root),
        )
        for root in accounting.messages
    ]
    assert reader("pam").get("/api/channels/accounting/messages").status_code == 404


@pytest.mark.ac("1.7.1")
@pytest.mark.parametrize("user", UNREADS)
def test_unread_counts_are_those_described_and_no_others(reader, user: str):
    assert reader(user).get("/api/unreads").json() == UNREADS[user]


def test_all_sixteen_have_unread_counts_described():
    assert sorted(UNREADS) == sorted(agent.id for agent in PACK.agents)


@pytest.mark.ac("1.7.2")
def test_seeding_again_changes_nothing_on_any_day_and_in_any_zone(url: str):
    before = contents(url)
    other = settings(anchor_date=date(2031, 7, 1), time_zone=ZoneInfo("Asia/Tokyo"))
    added = complete(load(place(url), other))
    assert set(added.values()) == {0}
    assert contents(url) == before


@pytest.mark.ac("1.7.2")
def test_seeding_again_keeps_what_people_did_and_brings_back_what_they_removed(url: str, run_sql):
    run_sql("UPDATE agents SET title = 'Co-Manager' WHERE id = 'jim'")
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('roof', 'roof', 'public')")
    before = contents(url)
    run_sql("DELETE FROM reactions WHERE emoji = '🎉'")
    added = complete(load(place(url), settings()))
    assert added == dict.fromkeys(added, 0) | {"reactions": added["reactions"]}
    assert added["reactions"] > 0
    after = contents(url)
    # Whoever watches is told to read all of it again.
    assert len(after.pop("events")) == len(before.pop("events")) + 1
    assert after == before


@pytest.mark.ac("1.7.4")
def test_the_anchor_and_the_zone_decide_the_instants(unseeded_url: str):
    anchor, zone = date(2024, 12, 31), ZoneInfo("Asia/Kolkata")
    complete(load(place(unseeded_url), settings(anchor_date=anchor, time_zone=zone)))
    found = rows(unseeded_url, "SELECT id::text, created_at FROM messages")
    assert dict(found) == {
        identity(message): instant(message, anchor, zone) for _, _, message in MESSAGES
    }


@pytest.mark.ac("1.7.1")
def test_a_failure_in_the_middle_leaves_nothing(unseeded_url: str):
    # The last rows that it writes.
    fetch(unseeded_url, "ALTER TABLE run_messages ADD CONSTRAINT full_up CHECK (content = '')")
    with pytest.raises(asyncpg.CheckViolationError, match="full_up"):
        complete(load(place(unseeded_url), settings()))
    found = contents(unseeded_url)
    assert {table for table, held in found.items() if held} == {"alembic_version"}
    fetch(unseeded_url, "ALTER TABLE run_messages DROP CONSTRAINT full_up")
    assert complete(load(place(unseeded_url), settings()))["messages"] == len(MESSAGES)


@pytest.mark.ac("1.7.2")
def test_two_that_seed_at_once_write_it_once(unseeded_url: str):

    async def both() -> list[dict[str, int]]:
        return await asyncio.gather(*(load(place(unseeded_url), settings()) for _ in range(2)))

    fewer, more = sorted(complete(both()), key=lambda added: added["messages"])
    assert set(fewer.values()) == {0}
    assert more["messages"] == len(MESSAGES)


async def both_at_once(url: str, other: Pack) -> list[object]:
    """Both have begun, and neither has written anything, when the table is let go."""
    holding = await connect(url, pooled=False)
    watching = await connect(url, pooled=False)
    try:
        async with holding.transaction():
            await holding.execute("LOCK TABLE workspace IN SHARE MODE")
            packs = (None, other)
            loading = [asyncio.create_task(load(place(url, p), settings())) for p in packs]
            waiting = """SELECT count(*) FROM pg_locks
                WHERE NOT granted AND relation = 'workspace'::regclass"""
            async with asyncio.timeout(20):
                while await watching.fetchval(waiting) < 2:
                    pass
        return list(await asyncio.gather(*loading, return_exceptions=True))
    finally:
        await holding.close()
        await watching.close()


def test_of_two_packs_that_are_seeded_at_once_one_is_refused(unseeded_url: str, small_pack):
    results = complete(both_at_once(unseeded_url, read_pack(small_pack.folder)))
    (refused,) = (result for result in results if isinstance(result, StartupError))
    assert str(refused).startswith("this database holds the workspace '")
    packs = fetch(unseeded_url, "SELECT pack_id FROM workspace")
    agents = {"dunder-mifflin": len(PACK.agents), "bakery": 4}[packs[0][0]]
    assert len(fetch(unseeded_url, "SELECT 1 FROM agents")) == agents


def test_another_pack_is_refused_where_one_lives(url: str, small_pack):
    before = contents(url)
    with pytest.raises(StartupError) as refused:
        complete(load(place(url, read_pack(small_pack.folder)), settings()))
    assert str(refused.value) == (
        "this database holds the workspace 'dunder-mifflin', not 'bakery': "
        "give another DATABASE_URL, or start over with 'bullpen db reset'"
    )
    assert contents(url) == before


def test_people_are_seeded_with_their_states(unseeded_url: str, small_pack):
    small_pack.change(
        "pack.yaml",
        "agents: [ann, bo, cy, di]\n",
        "agents: [ann, bo, cy, di]\npeople:\n"
        '  - {id: dana, display_name: Dana, avatar_color: "#335577", role: owner,'
        " presence: away}\n",
    )
    complete(load(place(unseeded_url, read_pack(small_pack.folder)), settings()))
    assert rows(unseeded_url, "SELECT id, role, email, is_active FROM people") == [
        ("dana", "owner", None, True)
    ]
    newest = "SELECT u.id, u.kind, s.presence FROM users u JOIN user_states s ON s.user_id = u.id"
    assert rows(unseeded_url, f"{newest} ORDER BY created_at DESC LIMIT 1") == [
        ("dana", "person", "away")
    ]
