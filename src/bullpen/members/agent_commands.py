"""Commands that agents offer in the composer, beside those that are built in.

Choosing one posts a message that asks the agent: a command is only a way to write it.
"""

from collections.abc import Sequence

from asyncpg import Connection

from bullpen.events.actions import append
from bullpen.kit.database import Reader, fetch_one
from bullpen.members.actions import user_changed
from bullpen.members.actor import Actor
from bullpen.members.conditions import require_for
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import COMMANDS_OF, AgentCommand, commands_from, get_agent

# Those of `client/composer/commands.js`; tests/cases/commands.json holds both to the same.
BUILT_IN = frozenset({"topic", "invite", "remind", "agent", "pause"})
MOST = 50

LOCK = "SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE"
REMOVE = "DELETE FROM agent_commands WHERE agent_id = $1"
ADD = """
INSERT INTO agent_commands (agent_id, name, description, hint, place)
SELECT $1, name, description, hint, place
FROM unnest($2::text[], $3::text[], $4::text[])
    WITH ORDINALITY AS given (name, description, hint, place)
"""


async def list_commands(reader: Reader, actor: Actor, agent_id: str) -> list[AgentCommand]:
    await get_agent(reader, actor, agent_id)
    require(actor, Permission.SEE_AGENT)
    row = await fetch_one(reader, COMMANDS_OF.format("$1"), agent_id)
    return commands_from(None if row is None else row[0])


async def set_commands(
    connection: Connection, actor: Actor, agent_id: str, commands: Sequence[AgentCommand]
) -> None:
    """All that the agent offers from now on. The same list again has no event: programs send it
    whenever they start."""
    await get_agent(connection, actor, agent_id)
    await require_for(connection, actor, Permission.SET_COMMANDS, agent_id=agent_id)
    await connection.execute(LOCK, agent_id)
    if await list_commands(connection, actor, agent_id) == list(commands):
        return
    await connection.execute(REMOVE, agent_id)
    await connection.execute(
        ADD,
        agent_id,
        [command.name for command in commands],
        [command.description for command in commands],
        [command.hint for command in commands],
    )
    await append(connection, await user_changed(connection, actor, agent_id))
