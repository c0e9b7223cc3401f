"""When and how each member is notified: pauses, hours of rest, sound, keywords. Where, is said by
channel."""

from typing import Annotated, Literal

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.events.actions import Event, append
from bullpen.kit.json_types import Time
from bullpen.members.actor import Actor
from bullpen.members.permissions import MEMBER, Permission, require

DigestRhythm = Literal["off", "hourly", "daily"]

SET = """
INSERT INTO notification_settings (user_id, paused_until, quiet_from, quiet_until, is_silent)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (user_id) DO UPDATE
SET paused_until = EXCLUDED.paused_until, quiet_from = EXCLUDED.quiet_from,
    quiet_until = EXCLUDED.quiet_until, is_silent = EXCLUDED.is_silent
"""
SET_DIGEST = """
INSERT INTO digest_rhythms (user_id, rhythm) VALUES ($1, $2)
ON CONFLICT (user_id) DO UPDATE SET rhythm = EXCLUDED.rhythm
"""
USUAL_DIGEST = "DELETE FROM digest_rhythms WHERE user_id = $1"
# The row of the settings is there once something has been chosen.
END_DIGESTS = """
WITH chosen AS (
    INSERT INTO digest_rhythms (user_id, rhythm) SELECT id, 'off' FROM people WHERE id = $1
    ON CONFLICT (user_id) DO UPDATE SET rhythm = 'off' WHERE digest_rhythms.rhythm <> 'off'
    RETURNING user_id
)
INSERT INTO notification_settings (user_id, is_silent) SELECT user_id, false FROM chosen
ON CONFLICT (user_id) DO UPDATE SET is_silent = notification_settings.is_silent
RETURNING paused_until, quiet_from, quiet_until, is_silent, COALESCE(
    (SELECT keywords FROM notification_keywords k WHERE k.user_id = $1), '{}'
) AS keywords, 'off' AS digest
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
    digest: Annotated[
        DigestRhythm,
        Meta(
            description="How often an e-mail tells the user, while they are away, of unread direct"
            " messages, mentions and replies in threads that they follow."
        ),
    ] = "daily"


async def set_notifications(
    connection: Connection, actor: Actor, settings: NotificationSettings
) -> None:
    """The event is for the actor's own windows."""
    require(actor, Permission.SET_PREFERENCES, MEMBER)
    times = [settings.paused_until, settings.quiet_from, settings.quiet_until]
    await connection.execute(SET, actor.user_id, *times, settings.is_silent)
    if settings.digest == "daily":
        await connection.execute(USUAL_DIGEST, actor.user_id)
    else:
        await connection.execute(SET_DIGEST, actor.user_id, settings.digest)
    if settings.keywords:
        await connection.execute(SET_KEYWORDS, actor.user_id, settings.keywords)
    else:
        await connection.execute(FORGET_KEYWORDS, actor.user_id)
    await announce(connection, actor.user_id, settings)


async def end_digests(connection: Connection, user_id: str) -> None:
    """By the address in one of the user's e-mails. Done again, nothing changes."""
    row = await connection.fetchrow(END_DIGESTS, user_id)
    if row is not None:
        await announce(connection, user_id, NotificationSettings(*row))


async def announce(connection: Connection, user_id: str, settings: NotificationSettings) -> None:
    payload = {"settings": settings}
    await append(connection, Event("notifications.changed", payload, user_ids=[user_id]))
