"""What happens to a channel in several rooms at once: archiving, deleting, joining, leaving it.

Each locks the channel once and checks once, then calls the rooms in the order of their locks.
"""

from asyncpg import Connection

from bullpen.chat import read_state
from bullpen.events.actions import lock_event_log
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, Invalid
from bullpen.members import actions as members
from bullpen.members import archive, pauses
from bullpen.members.actor import Actor
from bullpen.members.kinds import is_direct
from bullpen.members.permissions import MEMBER, Permission, require
from bullpen.members.queries import get_channel
from bullpen.runs.actions import cancel_all_runs_in, lock_runs_in

# Two transactions that end the use of one channel wait for each other here. Both would lock its
# runs first, and runs that come meanwhile could make each wait for the other.
ENDING = "SELECT pg_advisory_xact_lock(hashtextextended('delete channel ' || $1, 0))"


async def delete_channel(
    connection: Connection, actor: Actor, channel_id: str, *, at_once: bool
) -> None:
    """With its messages, runs and plans, as the database's rules have it.

    `at_once`: its members may also delete it when it is not archived, as in demo mode.
    """
    await connection.execute(ENDING, channel_id)
    await lock_runs_in(connection, channel_id)
    await members.lock_channel(connection, channel_id)
    await get_channel(connection, actor, channel_id)
    is_archived = await archive.is_archived(connection, channel_id)
    if at_once and not is_archived:
        await members.require_membership(connection, actor, channel_id)
    require(actor, Permission.DELETE_CHANNEL)
    if not at_once and not is_archived:
        raise Conflict(
            ErrorCode.NOT_ARCHIVED, "Only archived channels can be deleted. Archive it first."
        )
    await members.remove_channel(connection, actor, channel_id)


async def archive_channel(connection: Connection, actor: Actor, channel_id: str) -> None:
    """Its runs are cancelled, and its plans do not come due until it is restored."""
    await connection.execute(ENDING, channel_id)
    await lock_runs_in(connection, channel_id)
    require_archivable(await members.lock_channel(connection, channel_id, alone=True))
    await get_channel(connection, actor, channel_id)
    require(actor, Permission.ARCHIVE_CHANNEL)
    await cancel_all_runs_in(connection, channel_id)
    await archive.archive(connection, actor, channel_id)


async def restore_channel(connection: Connection, actor: Actor, channel_id: str) -> None:
    require_archivable(await members.lock_channel(connection, channel_id))
    await get_channel(connection, actor, channel_id)
    require(actor, Permission.RESTORE_CHANNEL)
    await archive.restore(connection, actor, channel_id)


def require_archivable(kind: str) -> None:
    if is_direct(kind):
        raise Invalid(ErrorCode.DM_CANNOT_BE_ARCHIVED, "A direct message cannot be archived.")


async def join_channel(connection: Connection, actor: Actor, channel_id: str, user_id: str) -> None:
    """Anybody may join a public channel; its members may bring others into it."""
    kind = await members.lock_channel(connection, channel_id)
    if is_direct(kind):
        raise Invalid(
            ErrorCode.DM_MEMBERS_FIXED,
            "Nobody joins a direct message later. Begin a new one with more people.",
        )
    if kind == "private" or user_id != actor.user_id:
        await members.require_membership(connection, actor, channel_id)
        require(actor, Permission.ADD_MEMBER, MEMBER)
    else:
        require(actor, Permission.JOIN_CHANNEL)
    await archive.require_open(connection, channel_id)
    await members.require_users(connection, actor, [user_id])
    await read_state.begin_at_newest(connection, user_id, channel_id)
    await members.insert_member(connection, actor, channel_id, user_id)
    await pauses.announce_joined(connection, actor, channel_id)
    await lock_event_log(connection)
    await read_state.forget_threads(connection, user_id, channel_id)
    await read_state.announce_cursor(connection, Actor(user_id), channel_id)


async def leave_channel(
    connection: Connection, actor: Actor, channel_id: str, user_id: str
) -> None:
    """Also to remove somebody else."""
    if is_direct(await members.lock_channel(connection, channel_id)):
        raise Invalid(
            ErrorCode.DM_MEMBERS_FIXED, "The members of a direct message cannot leave it."
        )
    await members.require_membership(connection, actor, channel_id)
    is_leaving = user_id == actor.user_id
    require(actor, Permission.LEAVE_CHANNEL if is_leaving else Permission.REMOVE_MEMBER, MEMBER)
    await read_state.forget_cursor(connection, user_id, channel_id)
    await members.delete_member(connection, channel_id, user_id)
