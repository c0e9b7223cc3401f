"""The person who looks after an agent."""

from typing import Annotated

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.audit.actions import Target
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.members.actor import Actor
from bullpen.members.audit_trail import audit
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import get_agent

GET = "SELECT person_id FROM agent_managers WHERE agent_id = $1"
CAN_MANAGE = "SELECT EXISTS (SELECT FROM people WHERE id = $1 AND is_active AND role <> 'guest')"
SET = """
INSERT INTO agent_managers (agent_id, person_id) VALUES ($1, $2)
ON CONFLICT (agent_id) DO UPDATE SET person_id = EXCLUDED.person_id
"""
REMOVE = "DELETE FROM agent_managers WHERE agent_id = $1"


class Manager(Struct, rename="camel"):
    """Who looks after an agent and may edit it, beside owners and admins."""

    person_id: Annotated[str | None, Meta(description="Id of the person; null for nobody.")]


async def get_manager(reader: Reader, actor: Actor, agent_id: str) -> Manager:
    await get_agent(reader, actor, agent_id)
    require(actor, Permission.SEE_AGENT)
    row = await fetch_one(reader, GET, agent_id)
    return Manager(None if row is None else row[0])


async def set_manager(
    connection: Connection, actor: Actor, agent_id: str, person_id: str | None
) -> None:
    await get_agent(connection, actor, agent_id)
    require(actor, Permission.SET_MANAGER)
    if person_id is None:
        await connection.execute(REMOVE, agent_id)
    elif await connection.fetchval(CAN_MANAGE, person_id):
        await connection.execute(SET, agent_id, person_id)
    else:
        raise Invalid(
            ErrorCode.UNKNOWN_MEMBER,
            f"'{person_id}' is not an active person, or is a guest. Choose another person.",
        )
    target = Target("agent", agent_id)
    await audit(connection, actor, "agent.manager_changed", target, personId=person_id)
