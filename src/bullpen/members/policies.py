"""Which of a channel's agents answer: its own policy and host, and what holds for single agents."""

from typing import Annotated

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.kit.database import Reader
from bullpen.kit.json_types import AgentId
from bullpen.members.actions import require_membership
from bullpen.members.actor import Actor
from bullpen.members.answering import read_answering
from bullpen.members.archive import require_open
from bullpen.members.conditions import require_for
from bullpen.members.permissions import Permission
from bullpen.members.policy_names import MEANING, PolicyName
from bullpen.members.queries import get_agent, get_channel

LIST = """
SELECT a.id, COALESCE(p.policy, (SELECT policy FROM channel_answering WHERE channel_id = $1), 'all')
FROM agents a
LEFT JOIN channel_policies p ON p.agent_id = a.id AND p.channel_id = $1
WHERE p.agent_id IS NOT NULL OR EXISTS (
    SELECT FROM channel_members m WHERE m.channel_id = $1 AND m.user_id = a.id
)
ORDER BY a.id
"""
SET = """
INSERT INTO channel_policies (channel_id, agent_id, policy) VALUES ($1, $2, $3)
ON CONFLICT (channel_id, agent_id) DO UPDATE SET policy = EXCLUDED.policy
"""
UNSET = "DELETE FROM channel_policies WHERE channel_id = $1 AND agent_id = $2"


class Policy(Struct, rename="camel"):
    """Which messages of a channel an agent replies to."""

    agent_id: AgentId
    policy: Annotated[PolicyName, Meta(description=MEANING)]


async def list_policies(reader: Reader, actor: Actor, channel_id: str) -> list[Policy]:
    """Of the channel's members, and of others that have been given one."""
    await get_channel(reader, actor, channel_id)
    return [Policy(*row) for row in await reader.fetch(LIST, channel_id)]


async def set_policy(
    connection: Connection,
    actor: Actor,
    channel_id: str,
    agent_id: str,
    policy: PolicyName | None,
) -> Policy:
    """None: what the channel says holds again."""
    await get_channel(connection, actor, channel_id)
    await get_agent(connection, actor, agent_id)
    await require_membership(connection, actor, channel_id)
    await require_open(connection, channel_id)
    await require_for(connection, actor, Permission.SET_POLICY, agent_id=agent_id)
    if policy is None:
        await connection.execute(UNSET, channel_id, agent_id)
        policy = (await read_answering(connection, channel_id)).policy
    else:
        await keep_policy(connection, channel_id, agent_id, policy)
    return Policy(agent_id, policy)


async def keep_policy(
    connection: Connection, channel_id: str, agent_id: str, policy: PolicyName
) -> None:
    """For `workspace`, which has checked that the actor may set it."""
    await connection.execute(SET, channel_id, agent_id, policy)
