"""Messages posted a second, beside pgbench inserting the same rows: the message and its event."""

import asyncio
import random

import asyncpg
from bench.data import CHANNELS, fill
from bench.load import load, post
from bench.pages import CONNECTIONS, pgbench
from bench.place import make_database, server

from bullpen.kit.postgres import EmbeddedPostgres

SECONDS = 10
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
    for _ in range(3):
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
        f"{sorted(ratios)[1]:.2f} (target: at least 0.40)"
    )
