"""What it costs to find out who may read a channel, as channels and members grow."""

import json
from typing import Any

import pytest
from tests.support.fixtures import complete

from bullpen.chat.queries import channel_messages
from bullpen.kit.database import Database
from bullpen.kit.pagination import Window
from bullpen.members.actor import Actor
from bullpen.members.queries import get_channel, list_channels

FEW, MANY = 100, 1_000
OF_EACH = 20
# Every fifth is public, and every seventh is one of the three readers' own.
GROW = """
WITH made AS (
    INSERT INTO channels (id, name, kind)
    SELECT 'c' || n, 'c' || n, CASE WHEN n % 5 = 0 THEN 'public' ELSE 'private' END
    FROM generate_series($1::int, $2::int) n RETURNING id
)
INSERT INTO channel_members (channel_id, user_id)
SELECT 'c' || n, 'p' || (n * 13 + m) % 400
FROM generate_series($1::int, $2::int) n CROSS JOIN generate_series(1, $3::int) m
UNION ALL
SELECT 'c' || n, reader FROM generate_series($1::int, $2::int) n
CROSS JOIN unnest(ARRAY['mia', 'gus', 'ada']) reader WHERE n % 7 = 0
"""
PEOPLE = """
INSERT INTO people (id, display_name, title, avatar_color)
SELECT 'p' || n, 'P' || n, '', '#000000' FROM generate_series(0, 399) n
"""
READERS = [Actor("gus", "guest"), Actor("mia", "member"), Actor("ada", "admin")]


class Counting(Database):
    """Counts the blocks of tables and indexes that its statements read."""

    blocks = 0

    async def fetch(self, sql: str, /, *args: object) -> Any:
        [row] = await super().fetch(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", *args)
        plan = json.loads(row[0])[0]["Plan"]
        self.blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        return await super().fetch(sql, *args)


async def cost(database: Counting, actor: Actor) -> dict[str, int]:
    """Of one channel, of a page of it, and of the list."""
    found = {}
    window = Window(50, "newest", None)
    for name, reading in {
        "channel": get_channel(database, actor, "c7"),
        "page": channel_messages(database, actor, "c7", window),
        "list": list_channels(database, actor),
    }.items():
        database.blocks = 0
        await reading
        found[name] = database.blocks
    return found


@pytest.fixture
def costs(staffed: str) -> dict[str, tuple[dict[str, int], dict[str, int]]]:
    """Of each reader, where there are few channels and where there are many."""

    async def work() -> dict[str, tuple[dict[str, int], dict[str, int]]]:
        database = await Counting.open(staffed)
        try:
            measured = []
            await database.write(PEOPLE)
            for first, last in ((1, FEW), (FEW + 1, MANY)):
                await database.write(GROW, first, last, OF_EACH)
                await database.write("ANALYZE channels, channel_members, people, agents")
                measured.append({actor.user_id: await cost(database, actor) for actor in READERS})
            return {who: (measured[0][who], measured[1][who]) for who in measured[0]}
        finally:
            await database.close()

    return complete(work())


def test_one_channel_costs_the_same_however_many_there_are(costs):
    for who, (few, many) in costs.items():
        for name in ("channel", "page"):
            assert many[name] <= few[name] * 1.5, (who, name, few, many)


def test_a_list_of_channels_costs_a_few_blocks_for_each(costs):
    """By an index or once for all: nothing is read again for each member of each channel."""
    for who, (_, many) in costs.items():
        assert many["list"] <= MANY * 12, (who, many)
