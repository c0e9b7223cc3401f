"""What happens to an agent in several rooms at once: joining, changing, leaving, deleting."""

from collections.abc import Mapping

from asyncpg import Connection

from bullpen.audit.actions import Target
from bullpen.chat import read_state
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.members import actions as members
from bullpen.members import archive, deletion, user_groups
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.conditions import require_for
from bullpen.members.kinds import is_direct
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import get_agent, get_channel
from bullpen.runs.actions import cancel_runs_of


async def change_agent(
    connection: Connection, actor: Actor, agent_id: str, values: Mapping[str, object]
) -> None:
    await get_agent(connection, actor, agent_id)
    await require_for(connection, actor, Permission.EDIT_AGENT, agent_id=agent_id)
    if values.get("is_active") is False:
        await cancel_runs_of(connection, agent_id)
    await members.update_agent(connection, actor, agent_id, values)
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


async def bring_in(connection: Connection, actor: Actor, channel_id: str, agent_id: str) -> None:
    """Makes a new agent a member: of any public channel, and of private ones the actor is in."""
    kind = await members.lock_channel(connection, channel_id)
    await get_channel(connection, actor, channel_id)
    if is_direct(kind):
        raise Invalid(ErrorCode.DM_MEMBERS_FIXED, "Nobody joins a direct message later.")
    if kind == "private":
        await members.require_membership(connection, actor, channel_id)
    require(actor, Permission.CREATE_AGENT)
    await archive.require_open(connection, channel_id)
    await read_state.begin_at_newest(connection, agent_id, channel_id)
    await members.insert_member(connection, actor, channel_id, agent_id)


async def delete_agent(
    connection: Connection, actor: Actor, agent_id: str, typed_name: str
) -> None:
    """For good, with memory, plans, runs, tokens. Its messages stay, under its name."""
    agent = await get_agent(connection, actor, agent_id)
    await require_for(connection, actor, Permission.EDIT_AGENT, agent_id=agent_id)
    if typed_name.strip() != agent.display_name:
        raise Invalid(
            ErrorCode.NAME_NOT_TYPED, f"Type the agent's name, {agent.display_name}, to delete it."
        )
    group_ids = await user_groups.leave_groups(connection, agent_id)
    await cancel_runs_of(connection, agent_id)
    await members.update_agent(connection, actor, agent_id, {"is_active": False})
    for channel_id in await deletion.channels_of(connection, agent_id):
        await members.lock_channel(connection, channel_id)
        await read_state.forget_cursor(connection, agent_id, channel_id)
        await members.delete_member(connection, channel_id, agent_id)
    await deletion.replace_agent(connection, actor, agent_id)
    for group_id in group_ids:
        await user_groups.changed(connection, actor, group_id)
    await audit(
        connection, actor, "agent.deleted", Target("agent", agent_id), name=agent.display_name
    )


async def deactivate_agent(connection: Connection, actor: Actor, agent_id: str) -> None:
    """It stops, and its past stays."""
    await change_agent(connection, actor, agent_id, {"is_active": False})
