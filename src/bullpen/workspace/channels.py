"""What happens to a channel in several rooms at once: deleting, joining and leaving it.

Each locks the channel once and checks once, then calls the rooms in the order of their locks.
"""

from asyncpg import Connection

from bullpen.chat import read_state
from bullpen.events.actions import lock_event_log
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.members import actions as members
from bullpen.members.actor import Actor
from bullpen.members.permissions import MEMBER, Permission, require
from bullpen.runs.actions import lock_runs_in

# Two deletions of one channel wait for each other here. Both would lock its runs first, and runs
# that come meanwhile could make each wait for the other.
DELETING = "SELECT pg_advisory_xact_lock(hashtextextended('delete channel ' || $1, 0))"


async def delete_channel(connection: Connection, actor: Actor, channel_id: str) -> None:
    """With its messages, runs and plans, as the database's rules have it."""
    await connection.execute(DELETING, channel_id)
    await lock_runs_in(connection, channel_id)
    await members.lock_channel(connection, channel_id)
    await members.require_membership(connection, actor, channel_id)
    require(actor, Permission.DELETE_CHANNEL)
    await members.remove_channel(connection, actor, channel_id)


async def join_channel(connection: Connection, actor: Actor, channel_id: str, user_id: str) -> None:
    """Anybody may join a public channel; its members may bring others into it."""
    kind = await members.lock_channel(connection, channel_id)
    if kind == "dm":
        raise Invalid(
            ErrorCode.DM_MEMBERS_FIXED,
            "A DM has exactly 2 members. Create a channel to talk to more people.",
        )
    if kind == "private" or user_id != actor.user_id:
        await members.require_membership(connection, actor, channel_id)
        require(actor, Permission.ADD_MEMBER, MEMBER)
    else:
        require(actor, Permission.JOIN_CHANNEL)
    await members.require_users(connection, [user_id])
    await read_state.begin_at_newest(connection, user_id, channel_id)
    await members.insert_member(connection, actor, channel_id, user_id)
    await lock_event_log(connection)
    await read_state.forget_threads(connection, user_id, channel_id)
    await read_state.announce_cursor(connection, Actor(user_id), channel_id)


async def leave_channel(
    connection: Connection, actor: Actor, channel_id: str, user_id: str
) -> None:
    """Also to remove somebody else."""
    if await members.lock_channel(connection, channel_id) == "dm":
        raise Invalid(
            ErrorCode.DM_MEMBERS_FIXED, "A DM has exactly 2 members. Neither of them can leave it."
        )
    await members.require_membership(connection, actor, channel_id)
    is_leaving = user_id == actor.user_id
    require(actor, Permission.LEAVE_CHANNEL if is_leaving else Permission.REMOVE_MEMBER, MEMBER)
    await read_state.forget_cursor(connection, user_id, channel_id)
    await members.delete_member(connection, channel_id, user_id)
