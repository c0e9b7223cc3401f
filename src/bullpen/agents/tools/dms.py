"""The conversation of two, begun where there is none."""

from asyncpg import Connection

from bullpen.agents.tools.audience import require_audience_of
from bullpen.agents.tools.base import ToolContext, ToolProblem
from bullpen.members.actions import create_channel
from bullpen.members.queries import get_user

# A transaction that begins the same conversation at the same moment waits here, then finds it.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('dm ' || $1 || ' ' || $2, 0))"
FIND = """
SELECT c.id FROM channels c
JOIN channel_members mine ON mine.channel_id = c.id AND mine.user_id = $1
JOIN channel_members theirs ON theirs.channel_id = c.id AND theirs.user_id = $2
WHERE c.kind = 'dm' ORDER BY c.id LIMIT 1
"""
IS_TAKEN = "SELECT EXISTS (SELECT FROM channels WHERE id = $1)"


async def dm_with(connection: Connection, context: ToolContext, other: str) -> str:
    """The channel's id. Refused where the other cannot read what the run has read."""
    actor = context.actor
    if other == actor.user_id:
        raise ToolProblem("That is you. Give another member's id, or store_memory for yourself.")
    await get_user(connection, actor, other)
    await require_audience_of(connection, context, [actor.user_id, other], "Not sent")
    found: str | None = await connection.fetchval(FIND, actor.user_id, other)
    if found is not None:
        return found
    first, second = sorted((actor.user_id, other))
    await connection.execute(LOCK, first, second)
    found = await connection.fetchval(FIND, actor.user_id, other)
    if found is not None:
        return found
    wanted = channel_id = f"dm-{first}-{second}"
    number = 1
    while await connection.fetchval(IS_TAKEN, channel_id):
        number += 1
        channel_id = f"{wanted}-{number}"
    channel = {"id": channel_id, "name": channel_id, "kind": "dm", "topic": ""}
    await create_channel(connection, actor, channel, [actor.user_id, other])
    return channel_id
