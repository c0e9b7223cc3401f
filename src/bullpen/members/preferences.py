"""What each member does with a channel for themselves: star it, mute it, be notified of it."""

from typing import Annotated, Literal

from asyncpg import Connection
from msgspec import UNSET, Meta, Struct, UnsetType, to_builtins

from bullpen.events.actions import Event, append
from bullpen.members.actions import require_membership
from bullpen.members.actor import Actor
from bullpen.members.permissions import MEMBER, Permission, require

Level = Literal["all", "mentions", "nothing"]
# What a request names where the member is to be notified as of any other channel.
Choice = Literal["default", "all", "mentions", "nothing"]
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
SET_LEVEL = """
INSERT INTO channel_notifications (channel_id, user_id, level) VALUES ($1, $2, $3)
ON CONFLICT (channel_id, user_id) DO UPDATE SET level = EXCLUDED.level
"""
FORGET_LEVEL = "DELETE FROM channel_notifications WHERE channel_id = $1 AND user_id = $2"
LEVEL = "SELECT level FROM channel_notifications WHERE channel_id = $1 AND user_id = $2"


class ChannelPreferences(Struct, rename="camel"):
    """What the current user does with a channel for themselves."""

    is_muted: Annotated[
        bool, Meta(description="Whether only mentions of the user make it stand out.")
    ]
    is_starred: Annotated[bool, Meta(description="Whether it is in the section Starred.")]
    notifies: (
        Annotated[
            Level,
            Meta(
                description="The messages of which the user is notified. Left out where that was"
                " not chosen: then of `mentions`, in a direct message that is not muted of `all`."
            ),
        ]
        | UnsetType
    ) = UNSET


async def set_preferences(
    connection: Connection,
    actor: Actor,
    channel_id: str,
    *,
    is_muted: bool | None,
    is_starred: bool | None,
    notifies: Choice | None = None,
) -> ChannelPreferences:
    """None keeps what is set. The event is for the actor's own windows."""
    await connection.execute(LOCK, channel_id, actor.user_id)
    await require_membership(connection, actor, channel_id)
    require(actor, Permission.SET_PREFERENCES, MEMBER)
    row = await connection.fetchrow(SET, channel_id, actor.user_id, is_muted, is_starred)
    assert row is not None
    if notifies == "default":
        await connection.execute(FORGET_LEVEL, channel_id, actor.user_id)
    elif notifies is not None:
        await connection.execute(SET_LEVEL, channel_id, actor.user_id, notifies)
    level = await connection.fetchval(LEVEL, channel_id, actor.user_id)
    chosen = ChannelPreferences(row[0], row[1], UNSET if level is None else level)
    payload = {"channelId": channel_id, **to_builtins(chosen)}
    await append(connection, Event("preferences.changed", payload, user_ids=[actor.user_id]))
    return chosen
