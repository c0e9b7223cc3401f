"""Notes in the audit log what an actor does, with who they are and from where."""

from collections.abc import Mapping

from asyncpg import Connection

from bullpen.audit.actions import Target, record
from bullpen.members.actor import Actor


async def audit(
    connection: Connection, actor: Actor, action: str, target: Target, **details: object
) -> None:
    """In the transaction of what it records. Never pass a secret or the text of a message."""
    noted: Mapping[str, object] = details
    await record(connection, actor.user_id, action, target, details=noted, address=actor.address)
