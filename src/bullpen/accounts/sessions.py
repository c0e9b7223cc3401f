"""Sessions of people who signed in: begun, found by their token, listed and ended."""

from datetime import datetime, timedelta
from typing import Annotated, NamedTuple
from uuid import UUID

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.accounts.secrets import digest, new_token
from bullpen.audit.actions import Target, record
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.json_types import CreatedAt, Time
from bullpen.kit.sql import change
from bullpen.members.actor import Actor, Role

LIFE = timedelta(days=90)
IDLE = timedelta(days=14)
LONGEST_USER_AGENT = 300
ENDED = "Your session has ended. Sign in again."

ALIVE = f"""
s.expires_at > now() AND s.last_used_at > now() - interval '{IDLE.days} days' AND p.is_active
"""
FIND = f"""
SELECT s.id, s.person_id, p.role, s.last_used_at
FROM sessions s JOIN people p ON p.id = s.person_id
WHERE s.token_hash = $1 AND {ALIVE}
"""
LIVING = f"""
SELECT s.id FROM sessions s JOIN people p ON p.id = s.person_id WHERE s.id = ANY ($1) AND {ALIVE}
"""
BEGIN = """
INSERT INTO sessions (person_id, token_hash, expires_at, user_agent, address)
VALUES ($1, $2, now() + $3::interval, $4, $5)
"""
TOUCH = """
UPDATE sessions SET last_used_at = now(), address = $2
WHERE id = $1 AND last_used_at < now() - interval '1 minute'
"""
OF_PERSON = f"""
SELECT s.id, s.created_at, s.last_used_at,
       LEAST(s.expires_at, s.last_used_at + interval '{IDLE.days} days'),
       s.user_agent, s.address, s.id = $2
FROM sessions s JOIN people p ON p.id = s.person_id
WHERE s.person_id = $1 AND {ALIVE}
ORDER BY s.last_used_at DESC, s.id
"""
END = "DELETE FROM sessions WHERE person_id = $1 AND id = $2"
END_OTHERS = "DELETE FROM sessions WHERE person_id = $1 AND id IS DISTINCT FROM $2"
ROTATE = "UPDATE sessions SET token_hash = $2 WHERE id = $1"


class Device(NamedTuple):
    """The browser of a request: what it calls itself, and from where it comes."""

    user_agent: str
    address: str


class SignedIn(NamedTuple):
    """The session of a request."""

    id: UUID
    person_id: str
    role: Role
    last_used_at: datetime


class SignInSession(Struct, rename="camel"):
    """A browser in which the current user is signed in."""

    id: Annotated[UUID, Meta(description="Id of the session.")]
    created_at: CreatedAt
    last_used_at: Annotated[Time, Meta(description="When it was last used, to about a minute.")]
    expires_at: Annotated[Time, Meta(description="When it ends if it is not used any more.")]
    user_agent: Annotated[str, Meta(description="What the browser calls itself; may be empty.")]
    address: Annotated[str, Meta(description="IP address that it was last used from.")]
    is_current: Annotated[bool, Meta(description="Whether it is the session of this request.")]


async def begin_session(connection: Connection, person_id: str, device: Device) -> str:
    """The token for the cookie of a new session of somebody who has proved who they are."""
    token = new_token()
    user_agent = device.user_agent[:LONGEST_USER_AGENT]
    await connection.execute(BEGIN, person_id, digest(token), LIFE, user_agent, device.address)
    return token


async def rotate(connection: Connection, session_id: UUID) -> str:
    """The new token of a session; the one before is not valid any more."""
    token = new_token()
    await connection.execute(ROTATE, session_id, digest(token))
    return token


async def find_session(reader: Reader, token: str) -> SignedIn | None:
    """None for a token that is unknown, expired, or of an inactive person."""
    row = await fetch_one(reader, FIND, digest(token))
    return None if row is None else SignedIn(*row)


async def living_sessions(reader: Reader, session_ids: list[UUID]) -> set[UUID]:
    return {row[0] for row in await reader.fetch(LIVING, session_ids)}


async def list_sessions(reader: Reader, actor: Actor, current: UUID | None) -> list[SignInSession]:
    rows = await reader.fetch(OF_PERSON, actor.user_id, current)
    return [SignInSession(*row) for row in rows]


async def end_session(connection: Connection, actor: Actor, session_id: UUID) -> None:
    """One of the actor's own."""
    if not await change(connection, END, actor.user_id, session_id):
        raise NotFound(ErrorCode.SESSION_NOT_FOUND)
    await record(
        connection,
        actor.user_id,
        "session.revoked",
        Target("person", actor.user_id),
        address=actor.address,
    )


async def end_sessions(
    connection: Connection, actor: Actor | None, person_id: str, *, kept: UUID | None = None
) -> int:
    """All sessions of a person but the one that is kept; how many they were. `actor`: None for the
    command line."""
    ended = await change(connection, END_OTHERS, person_id, kept)
    if ended:
        await record(
            connection,
            None if actor is None else actor.user_id,
            "session.revoked",
            Target("person", person_id),
            details={"sessions": ended},
            address=None if actor is None else actor.address,
        )
    return ended


async def forget_token(connection: Connection, token: str) -> None:
    """The session of a browser in which somebody signs in again."""
    await connection.execute("DELETE FROM sessions WHERE token_hash = $1", digest(token))
