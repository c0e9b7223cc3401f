"""Messages posted a second, beside pgbench inserting the same rows: the message and its event.

Then in one channel of fifty agents, with agents that answer beside agents that are off.
"""

import asyncio
import os
import random

import asyncpg
from bench.data import CHANNELS, fill
from bench.load import load, post
from bench.pages import CONNECTIONS, pgbench
from bench.place import make_database, server

from bullpen.kit.postgres import EmbeddedPostgres

SECONDS = int(os.environ.get("BENCH_SECONDS", "10"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
TEXT = "Some words that somebody writes about paper, and how much of it there is left."

# What Bullpen stores, and nothing else that it does.
ROWS = f"""
WITH made AS (
    INSERT INTO messages (channel_id, user_id, text) VALUES ($2, $1, '{TEXT}') RETURNING *
)
INSERT INTO events (kind, channel_id, payload)
SELECT 'message.created', channel_id, jsonb_build_object(
    'channelId', channel_id, 'parentMessageId', NULL,
    'message', jsonb_build_object(
        'id', id, 'channelId', channel_id, 'userId', user_id, 'text', text,
        'timestamp', instant(created_at), 'reactions', '[]'::jsonb, 'threadReplyCount', 0
    )
) FROM made
"""

# Fifty agents with personas and memory of their own, in one channel with a person, who posts. Of
# 5,000 words some are common and most are rare.
CROWD = """
INSERT INTO people (id, display_name, avatar_color) VALUES ('pat', 'Pat', '#4A90D9');
UPDATE workspace SET default_user_id = 'pat';
UPDATE agents SET system_prompt = 'You know of ' || (
    SELECT string_agg('word' || floor(5000 * power(random(), 2))::int, ' ')
    FROM generate_series(1, 300) WHERE agents.id IS NOT NULL
);
INSERT INTO memory_blocks (agent_id, label, content)
SELECT a.id, 'lately', (
    SELECT string_agg('word' || floor(5000 * power(random(), 2))::int, ' ')
    FROM generate_series(1, 200) WHERE a.id IS NOT NULL
) FROM agents a;
INSERT INTO channels (id, name, kind) VALUES ('crowd', 'crowd', 'public');
INSERT INTO channel_members (channel_id, user_id)
SELECT 'crowd', id FROM agents UNION ALL SELECT 'crowd', 'pat';
INSERT INTO channel_answering (channel_id, policy) VALUES ('crowd', 'best_fit');
VACUUM ANALYZE
"""


def next_in_crowd() -> dict[str, str]:
    """As long as what people write, half of it words that say nothing of what it is about."""
    words = [f"word{int(5000 * random.random() ** 2)}" for _ in range(7)]
    return {"channelId": "crowd", "text": f"Do we have the {' and the '.join(words)}?"}


async def execute(url: str, statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements.split(";\n"):
        await connection.execute(statement)
    await connection.close()


def in_a_crowd(url: str) -> None:
    """With the worker that answers, on the same machine."""
    asyncio.run(execute(url, CROWD))
    messages = post("/api/messages", next_in_crowd)
    ratios: dict[str, list[float]] = {"best_fit": [], "all": []}
    for _ in range(ROUNDS):
        rates = {}
        for policy, agents in (("off", "off"), ("best_fit", "on"), ("all", "on")):
            if policy != "off":
                asyncio.run(execute(url, f"UPDATE channel_answering SET policy = '{policy}'"))
            with server(url, 1, agents) as port:
                asyncio.run(load(port, CONNECTIONS, 2, messages))
                rates[policy] = asyncio.run(load(port, CONNECTIONS, SECONDS, messages)).rate
            # What waits would be worked on in the next round.
            asyncio.run(execute(url, "DELETE FROM runs"))
        for policy, found in ratios.items():
            found.append(rates[policy] / rates["off"])
        print(
            f"In a channel of 50 agents: {rates['off']:,.0f}/s with agents off,"
            f" {rates['best_fit']:,.0f}/s where one answers, {rates['all']:,.0f}/s where all do"
        )
    for policy, target in (("best_fit", " (target: at least 0.50)"), ("all", "")):
        middle = sorted(ratios[policy])[len(ratios[policy]) // 2]
        print(f"As a share of the rate with agents off, policy {policy}: {middle:.2f}{target}")


def next_message() -> dict[str, str]:
    return {"channelId": f"channel-{random.randint(1, CHANNELS)}", "text": TEXT}


async def switch_triggers(url: str, how: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(f"ALTER TABLE events {how} TRIGGER USER")
    await connection.close()


def posting(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_posting")
    asyncio.run(fill(url, 20_000))
    print("The rows:", ROWS)
    ratios = []
    for _ in range(ROUNDS):
        in_turn = pgbench(url, SECONDS, ROWS)
        asyncio.run(switch_triggers(url, "DISABLE"))
        unordered = pgbench(url, SECONDS, ROWS)
        asyncio.run(switch_triggers(url, "ENABLE"))
        rates = []
        for processes in (1, 2):
            with server(url, processes) as port:
                messages = post("/api/messages", next_message)
                asyncio.run(load(port, CONNECTIONS, 2, messages))
                rates.append(asyncio.run(load(port, CONNECTIONS, SECONDS, messages)).rate)
        ratios.append(max(rates) / unordered)
        print(
            f"pgbench alone {unordered:,.0f}/s, in the order of commits {in_turn:,.0f}/s; Bullpen "
            f"{rates[0]:,.0f}/s in one process, {rates[1]:,.0f}/s in two: {ratios[-1]:.2f}"
        )
    print(
        "Messages posted a second as a share of pgbench without order or notification: "
        f"{sorted(ratios)[len(ratios) // 2]:.2f} (target: at least 0.40)"
    )
    in_a_crowd(url)
