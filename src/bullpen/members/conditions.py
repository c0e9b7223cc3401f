"""What is true of an actor in a channel and of an agent, where a permission depends on it."""

from bullpen.kit.database import Reader, fetch_one
from bullpen.members.actor import Actor
from bullpen.members.permissions import (
    MANAGER,
    MEMBER,
    NEVER,
    OWN,
    Condition,
    Permission,
    may,
    require,
)
from bullpen.members.queries import get_agent

FACTS = """
SELECT EXISTS (SELECT FROM channel_members m WHERE m.channel_id = $2 AND m.user_id = $1),
       EXISTS (SELECT FROM agent_managers m WHERE m.agent_id = $3 AND m.person_id = $1)
"""


async def require_for(
    reader: Reader,
    actor: Actor,
    permission: Permission,
    *,
    channel_id: str | None = None,
    agent_id: str | None = None,
) -> None:
    """Like `require`, for what concerns a channel or an agent that the actor can read."""
    holds = OWN if actor.user_id == agent_id else NEVER
    if not may(actor, permission, holds):
        holds |= await conditions(reader, actor, channel_id, agent_id)
    require(actor, permission, holds)


async def require_reading(reader: Reader, actor: Actor, agent_id: str) -> None:
    """For an agent's settings, memory and plans, which guests do not see."""
    if not may(actor, Permission.READ_AGENTS):
        await get_agent(reader, actor, agent_id)
        require(actor, Permission.READ_AGENTS)


async def conditions(
    reader: Reader, actor: Actor, channel_id: str | None, agent_id: str | None
) -> Condition:
    row = await fetch_one(reader, FACTS, actor.user_id, channel_id, agent_id)
    assert row is not None
    is_member, is_manager = row
    return (MEMBER if is_member else NEVER) | (MANAGER if is_manager else NEVER)
