"""Pausing and resuming agents: the pause, and the runs that are under way (decision 0027)."""

from uuid import UUID

from asyncpg import Connection

from bullpen.members import pauses
from bullpen.members.actions import keep_channel
from bullpen.members.actor import Actor
from bullpen.members.pauses import Pause, Place
from bullpen.runs.mailbox import hold_claims
from bullpen.runs.parking import lock_running, park, wake_workers


async def pause(
    connection: Connection, actor: Actor, place: Place, reason: str
) -> tuple[Pause, bool]:
    """The pause, and whether it is new: of two people who press Pause, one is the first.

    When this is committed, none of the place's runs is under way, and none of them writes anything.
    """
    await hold_claims(connection)
    await pauses.require_pausing(connection, actor, place)
    if known := await pauses.find_pause(connection, actor, place):
        return known, False
    run_ids = await lock_running(connection, place)
    if place.channel_id is not None:
        # In the order in which a channel is deleted: its runs, then itself.
        await keep_channel(connection, place.channel_id)
        await pauses.require_pausing(connection, actor, place)
    pause_id = await pauses.add_pause(connection, actor, place, reason)
    await park(connection, run_ids)
    made = await pauses.get_pause(connection, actor, pause_id)
    await pauses.announce(connection, actor, "pause.added", made)
    return made, True


async def resume(connection: Connection, actor: Actor, pause_id: UUID) -> Pause:
    removed = await pauses.remove_pause(connection, actor, pause_id)
    await pauses.announce(connection, actor, "pause.removed", removed)
    await wake_workers(connection)
    return removed
