"""What happens in several rooms when a person joins the workspace."""

from asyncpg import Connection

from bullpen.members.actor import Actor, Role
from bullpen.members.people import create_person
from bullpen.members.queries import home_channel
from bullpen.workspace.channels import join_channel

# Those that all active agents are in, such as #general: what concerns everybody.
FOR_EVERYBODY = """
SELECT c.id FROM channels c
WHERE c.kind = 'public' AND NOT EXISTS (
    SELECT FROM agents a WHERE a.is_active AND NOT EXISTS (
        SELECT FROM channel_members m WHERE m.channel_id = c.id AND m.user_id = a.id
    )
) AND NOT EXISTS (SELECT FROM archived_channels archived WHERE archived.channel_id = c.id)
ORDER BY c.id
"""


async def join_workspace(  # noqa: PLR0913 - each by its name
    connection: Connection,
    *,
    display_name: str,
    role: Role,
    email: str | None = None,
    title: str = "",
    time_zone: str | None = None,
    person_id: str | None = None,
) -> str:
    """The id of a new person, who is in the channels that concern everybody; a guest is in none."""
    new_id = await create_person(
        connection,
        display_name=display_name,
        role=role,
        email=email,
        title=title,
        time_zone=time_zone,
        person_id=person_id,
    )
    if role != "guest":
        person = Actor(new_id, role)
        rows = await connection.fetch(FOR_EVERYBODY)
        first = await home_channel(connection, person)
        for channel_id in [row[0] for row in rows] or ([first] if first else []):
            await join_channel(connection, person, channel_id, new_id)
    return new_id
