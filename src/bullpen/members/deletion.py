"""Deleting an agent for good. Its messages stay, so its name does: nobody else gets its id."""

from asyncpg import Connection

from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.sql import insert_one
from bullpen.members.actor import Actor

# The row goes with all that hangs on it, and one without content takes its place.
SHOWN = """
SELECT id, display_name, title, avatar_color, created_at FROM agents WHERE id = $1
"""
NO_PROMPT = "-"
IS_DELETED = "SELECT FROM deleted_agents WHERE agent_id = $1"
CHANNELS = """
SELECT m.channel_id FROM channel_members m JOIN channels c ON c.id = m.channel_id
WHERE m.user_id = $1 AND c.kind IN ('public', 'private') ORDER BY 1
"""
OTHER_DEFAULT = """
UPDATE workspace SET default_user_id = (
    SELECT id FROM users WHERE is_active AND id <> $1 ORDER BY created_at, id LIMIT 1
) WHERE default_user_id = $1
"""


async def channels_of(connection: Connection, agent_id: str) -> list[str]:
    """Without direct messages, which keep their members."""
    return [row[0] for row in await connection.fetch(CHANNELS, agent_id)]


async def replace_agent(connection: Connection, actor: Actor, agent_id: str) -> None:
    row = await connection.fetchrow(SHOWN, agent_id)
    assert row is not None
    await connection.execute(OTHER_DEFAULT, agent_id)
    await connection.execute("DELETE FROM user_states WHERE user_id = $1", agent_id)
    await connection.execute("DELETE FROM agents WHERE id = $1", agent_id)
    kept = {**row, "system_prompt": NO_PROMPT, "model_id": "scripted", "is_active": False}
    await insert_one(connection, "agents", kept)
    gone = {"agent_id": agent_id, "deleted_by": actor.user_id}
    await insert_one(connection, "deleted_agents", gone)


async def is_deleted(reader: Reader, agent_id: str) -> bool:
    return await fetch_one(reader, IS_DELETED, agent_id) is not None


async def forget_deleted(connection: Connection, agent_id: str) -> bool:
    """Frees the id for the agent itself to come back. False where it was not deleted."""
    if not await is_deleted(connection, agent_id):
        return False
    await connection.execute("DELETE FROM agents WHERE id = $1", agent_id)
    return True
