"""Makes runs of what is due, sends messages and reminds people.

Any number of workers look; one at a time does.
"""

from bullpen.chat.due import send_due
from bullpen.kit.database import Database
from bullpen.members.access import readable
from bullpen.runs.mailbox import PLAN, Request, enqueue
from bullpen.schedule.messages import Taken, take
from bullpen.schedule.recurring import plan_next

# Any constant will do that nothing else on the same database locks.
SCHEDULER = 0x7363686564756C65
# An agent that comes back to many plans takes up one every five minutes. Where agents are paused,
# what is due stays due.
DUE = f"""
SELECT s.id, s.agent_id, s.prompt, s.target_channel_id,
       s.target_channel_id IS NULL OR EXISTS (
           SELECT FROM channels c
           WHERE c.id = s.target_channel_id AND {readable("c", user="s.agent_id")}
             AND NOT EXISTS (
                 SELECT FROM archived_channels archived WHERE archived.channel_id = c.id
             )
       ) AS possible
FROM (
    SELECT DISTINCT ON (agent_id) * FROM scheduled_messages
    WHERE status = 'pending' AND trigger_at <= now()
      AND NOT is_paused(agent_id, target_channel_id)
    ORDER BY agent_id, trigger_at, id
) s JOIN agents a ON a.id = s.agent_id AND a.is_active
WHERE NOT EXISTS (
    SELECT FROM runs r JOIN run_details d ON d.run_id = r.id
    WHERE r.agent_id = s.agent_id AND r.created_at > now() - interval '5 minutes'
      -- Not one from before the clock was set back.
      AND r.created_at < now() + interval '5 minutes' AND d.kind = 'schedule'
)
ORDER BY s.trigger_at, s.id LIMIT 50
"""
ANY = """
SELECT 1 WHERE EXISTS (
    SELECT FROM scheduled_messages WHERE status = 'pending' AND trigger_at <= now()
) OR EXISTS (
    SELECT FROM recurring_messages m LEFT JOIN scheduled_messages s ON s.id = m.next_id
    WHERE s.status IS DISTINCT FROM 'pending'
)
"""


async def fire_due(database: Database) -> int:
    """How many runs it made. It also shows reminders and sends messages that are due."""
    await send_due(database, asks=True)
    if not await database.fetch(ANY):
        return 0
    async with database.transaction() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", SCHEDULER):
            return 0
        due = []
        for row in await connection.fetch(DUE):
            # To a channel that is gone or archived, or not the agent's any more, nothing can be
            # said.
            status: Taken = "fired" if row["possible"] else "cancelled"
            if await take(connection, row["id"], status) and row["possible"]:
                due.append(row)
        await plan_next(connection)
        for scheduled_id, agent_id, prompt, channel_id, _ in due:
            await enqueue(
                connection,
                Request(
                    agent_id,
                    "schedule",
                    PLAN,
                    channel_id=channel_id,
                    prompt=prompt,
                    scheduled_id=scheduled_id,
                ),
            )
        return len(due)
