"""Figures of all runs, for monitoring: they name no agent, channel or text."""

from msgspec import Struct

from bullpen.kit.database import Database

MAILBOX = """
SELECT count(*) FILTER (WHERE worker IS NULL),
       count(*) FILTER (WHERE lease_until >= now()),
       count(*) FILTER (WHERE lease_until < now()),
       count(DISTINCT worker) FILTER (WHERE lease_until >= now()),
       COALESCE(extract(epoch FROM now() - min(queued_at) FILTER (WHERE worker IS NULL)), 0)::float8
FROM mailbox
"""
# By an index on the time: all of a workspace's runs would take longer every day.
ENDED = """
SELECT status, count(*) FROM runs
WHERE created_at > now() - interval '1 day' AND status IN ('completed', 'failed', 'cancelled')
GROUP BY status
"""
CALLS = """
SELECT count(*),
       COALESCE(sum((s.token_usage ->> 'input_tokens')::bigint), 0)::bigint,
       COALESCE(sum((s.token_usage ->> 'output_tokens')::bigint), 0)::bigint
FROM runs r JOIN run_steps s ON s.run_id = r.id
WHERE r.created_at > now() - interval '1 day'
"""
SPENT = """
SELECT COALESCE(sum(spent_usd), 0)::float8, COALESCE(sum(reserved_usd), 0)::float8 FROM spending
WHERE day = (now() AT TIME ZONE 'UTC')::date AND agent_id IS NULL AND channel_id IS NULL
"""


class Mailbox(Struct):
    waiting: int
    running: int
    # Runs whose worker has not renewed its lease: another worker takes them.
    expired: int
    workers: int
    longest_wait_seconds: float


class Calls(Struct):
    number: int
    input_tokens: int
    output_tokens: int


class Spent(Struct):
    spent_usd: float
    reserved_usd: float


class RunStatistics(Struct):
    mailbox: Mailbox
    # Of the last 24 hours.
    ended: dict[str, int]
    calls: Calls
    # Of this day (UTC).
    spent: Spent


async def run_statistics(database: Database) -> RunStatistics:
    (mailbox,) = await database.fetch(MAILBOX)
    ended = {"completed": 0, "failed": 0, "cancelled": 0}
    ended |= {row[0]: row[1] for row in await database.fetch(ENDED)}
    (calls,) = await database.fetch(CALLS)
    (spent,) = await database.fetch(SPENT)
    return RunStatistics(Mailbox(*mailbox), ended, Calls(*calls), Spent(*spent))
