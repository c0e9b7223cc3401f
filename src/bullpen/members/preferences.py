"""What each member does with a channel for themselves: star it, and mute it."""

from typing import Annotated

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.events.actions import Event, append
from bullpen.members.actions import require_membership
from bullpen.members.actor import Actor
from bullpen.members.permissions import MEMBER, Permission, require

# So that nobody is removed in between: the row belongs to the membership.
LOCK = "SELECT FROM channel_members WHERE channel_id = $1 AND user_id = $2 FOR KEY SHARE"
SET = """
INSERT INTO channel_preferences (channel_id, user_id, is_muted, is_starred)
VALUES ($1, $2, COALESCE($3, false), COALESCE($4, false))
ON CONFLICT (channel_id, user_id) DO UPDATE
SET is_muted = COALESCE($3, channel_preferences.is_muted),
    is_starred = COALESCE($4, channel_preferences.is_starred)
RETURNING is_muted, is_starred
"""


class ChannelPreferences(Struct, rename="camel"):
    """What the current user does with a channel for themselves."""

    is_muted: Annotated[
        bool, Meta(description="Whether only mentions of the user make it stand out.")
    ]
    is_starred: Annotated[bool, Meta(description="Whether it is in the section Starred.")]


async def set_preferences(
    connection: Connection,
    actor: Actor,
    channel_id: str,
    *,
    is_muted: bool | None,
    is_starred: bool | None,
) -> ChannelPreferences:
    """None keeps what is set. Only the actor's own windows are told."""
    await connection.execute(LOCK, channel_id, actor.user_id)
    await require_membership(connection, actor, channel_id)
    require(actor, Permission.SET_PREFERENCES, MEMBER)
    row = await connection.fetchrow(SET, channel_id, actor.user_id, is_muted, is_starred)
    assert row is not None
    payload = {"channelId": channel_id, "isMuted": row[0], "isStarred": row[1]}
    await append(connection, Event("preferences.changed", payload, user_ids=[actor.user_id]))
    return ChannelPreferences(*row)
