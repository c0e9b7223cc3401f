"""What happens to an agent in several rooms at once: changing it, and making it inactive."""

from collections.abc import Mapping

from asyncpg import Connection

from bullpen.audit.actions import Target
from bullpen.members.actions import update_agent
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.conditions import require_for
from bullpen.members.permissions import Permission
from bullpen.members.queries import get_agent
from bullpen.runs.actions import cancel_runs_of


async def change_agent(
    connection: Connection, actor: Actor, agent_id: str, values: Mapping[str, object]
) -> None:
    await get_agent(connection, actor, agent_id)
    await require_for(connection, actor, Permission.EDIT_AGENT, agent_id=agent_id)
    if values.get("is_active") is False:
        await cancel_runs_of(connection, agent_id)
    await update_agent(connection, actor, agent_id, values)
    await audit(
        connection, actor, action_of(values), Target("agent", agent_id), fields=sorted(values)
    )


def action_of(values: Mapping[str, object]) -> str:
    match values.get("is_active"):
        case True:
            return "agent.resumed"
        case False:
            return "agent.paused"
    return "agent.edited"


async def deactivate_agent(connection: Connection, actor: Actor, agent_id: str) -> None:
    """It stops, and its past stays."""
    await change_agent(connection, actor, agent_id, {"is_active": False})
