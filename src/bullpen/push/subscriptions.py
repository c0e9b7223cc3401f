"""Which browsers a user is notified in."""

from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from bullpen.kit.database import Database
from bullpen.members.actor import Actor
from bullpen.members.permissions import MEMBER, Permission, require

# The oldest makes room for another one.
MOST = 10
# The first subscription of all: messages from before it have no notices.
BEGIN = """
INSERT INTO push_position (event_id)
SELECT (SELECT COALESCE(max(id), 0) FROM events)
WHERE NOT EXISTS (SELECT FROM push_subscriptions)
ON CONFLICT (is_only) DO UPDATE SET event_id = EXCLUDED.event_id
"""
# What the session's browser had before, and what somebody else had in this browser: whoever has
# the keys that belong to the endpoint uses the browser now.
FORGET_FORMER = """
DELETE FROM push_subscriptions
WHERE session_id = $1 AND endpoint <> $2 OR endpoint = $2 AND user_id <> $3
"""
SUBSCRIBE = """
INSERT INTO push_subscriptions
    (user_id, session_id, endpoint, browser_key, secret, server_key, time_zone)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (endpoint) DO UPDATE SET
    user_id = EXCLUDED.user_id, session_id = EXCLUDED.session_id,
    browser_key = EXCLUDED.browser_key, secret = EXCLUDED.secret,
    server_key = EXCLUDED.server_key, time_zone = EXCLUDED.time_zone
"""
FORGET_OLDEST = """
DELETE FROM push_subscriptions WHERE id IN (
    SELECT id FROM push_subscriptions WHERE user_id = $1
    ORDER BY created_at DESC, id OFFSET $2
)
"""
UNSUBSCRIBE = "DELETE FROM push_subscriptions WHERE user_id = $1 AND endpoint = $2"
# Where people sign in, only a signed-in browser gets notices.
FORGET_UNSIGNED = "DELETE FROM push_subscriptions WHERE session_id IS NULL"


class Browser(NamedTuple):
    """What a browser says of its subscription, and its own time zone."""

    endpoint: str
    key: bytes
    secret: bytes
    time_zone: str


async def subscribe(
    connection: Connection,
    actor: Actor,
    session_id: UUID | None,
    browser: Browser,
    server_key: bytes,
) -> None:
    """`session_id`: None in demo mode. Done again, nothing changes."""
    require(actor, Permission.SET_PREFERENCES, MEMBER)
    await connection.execute(BEGIN)
    await connection.execute(FORGET_FORMER, session_id, browser.endpoint, actor.user_id)
    await connection.execute(
        SUBSCRIBE, actor.user_id, session_id, browser.endpoint, browser.key, browser.secret,
        server_key, browser.time_zone,
    )  # fmt: skip
    await connection.execute(FORGET_OLDEST, actor.user_id, MOST)


async def unsubscribe(connection: Connection, actor: Actor, endpoint: str) -> None:
    """Nothing changes where there is none."""
    await connection.execute(UNSUBSCRIBE, actor.user_id, endpoint)


async def forget_unsigned(database: Database) -> None:
    await database.write(FORGET_UNSIGNED)
