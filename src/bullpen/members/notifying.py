"""When and how each member is notified: pauses, hours of rest, sound, keywords. Where, is said by
channel."""

from datetime import datetime
from typing import Annotated

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.events.actions import Event, append
from bullpen.kit.json_types import Time
from bullpen.members.actor import Actor
from bullpen.members.permissions import MEMBER, Permission, require

SET = """
INSERT INTO notification_settings (user_id, paused_until, quiet_from, quiet_until, is_silent)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (user_id) DO UPDATE
SET paused_until = EXCLUDED.paused_until, quiet_from = EXCLUDED.quiet_from,
    quiet_until = EXCLUDED.quiet_until, is_silent = EXCLUDED.is_silent
"""
SET_KEYWORDS = """
INSERT INTO notification_keywords (user_id, keywords) VALUES ($1, $2)
ON CONFLICT (user_id) DO UPDATE SET keywords = EXCLUDED.keywords
"""
FORGET_KEYWORDS = "DELETE FROM notification_keywords WHERE user_id = $1"


class NotificationSettings(Struct, rename="camel"):
    """When the current user is notified of messages, and how."""

    paused_until: Annotated[
        Time | None, Meta(description="No notifications until then. Null: they are not paused.")
    ] = None
    quiet_from: Annotated[
        str | None,
        Meta(
            description="From when on each day there are no notifications, as `HH:MM` on a clock"
            " in the user's time zone. Null: at no time."
        ),
    ] = None
    quiet_until: Annotated[
        str | None, Meta(description="Until when; before `quietFrom`, on the next day.")
    ] = None
    is_silent: Annotated[bool, Meta(description="Whether notifications make no sound.")] = False
    keywords: Annotated[
        list[str],
        Meta(
            description="A message that contains one of them, by whole words, notifies like"
            " `@channel` in the channels that the user is in. Nobody else sees them."
        ),
    ] = []


async def set_notifications(
    connection: Connection,
    actor: Actor,
    paused_until: datetime | None,
    hours: tuple[str, str] | None,
    *,
    is_silent: bool,
    keywords: list[str],
) -> NotificationSettings:
    """`hours`: from when until when there are none. The event is for the actor's own windows."""
    require(actor, Permission.SET_PREFERENCES, MEMBER)
    quiet_from, quiet_until = hours or (None, None)
    await connection.execute(SET, actor.user_id, paused_until, quiet_from, quiet_until, is_silent)
    if keywords:
        await connection.execute(SET_KEYWORDS, actor.user_id, keywords)
    else:
        await connection.execute(FORGET_KEYWORDS, actor.user_id)
    settings = NotificationSettings(paused_until, quiet_from, quiet_until, is_silent, keywords)
    payload = {"settings": settings}
    await append(connection, Event("notifications.changed", payload, user_ids=[actor.user_id]))
    return settings
