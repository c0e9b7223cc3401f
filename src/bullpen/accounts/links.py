"""Links that work once: invitations, password resets, new addresses, and for the first owner."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.accounts.secrets import digest, new_token
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.members.actor import Role

Kind = Literal["invitation", "reset", "owner", "email"]
LIFE: dict[Kind, timedelta] = {
    "invitation": timedelta(days=7),
    "reset": timedelta(hours=1),
    "owner": timedelta(hours=24),
    "email": timedelta(hours=24),
}
# The page of each kind. The token follows behind `#`, which no browser sends to a server.
PAGES: dict[Kind, str] = {
    "invitation": "invite",
    "reset": "reset",
    "owner": "setup",
    "email": "confirm-email",
}
INVALID = (
    "This link is not valid: it has expired, was used already, or was replaced by a newer one."
)

MAKE = """
INSERT INTO links (kind, token_hash, email, role, person_id, channel_ids, created_by, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, now() + $8::interval)
RETURNING id, expires_at
"""
COLUMNS = "id, kind, email, role, person_id, channel_ids, created_by"
OPEN = "token_hash = $1 AND used_at IS NULL AND expires_at > now()"
FIND = f"SELECT {COLUMNS} FROM links WHERE {OPEN}"
REDEEM = f"UPDATE links SET used_at = now() WHERE {OPEN} AND kind = $2 RETURNING {COLUMNS}"
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('link ' || $1, 0))"
# A newer link replaces those of its kind that are for the same.
REPLACE = """
DELETE FROM links
WHERE kind = $1 AND used_at IS NULL AND lower(email) IS NOT DISTINCT FROM lower($2)
  AND person_id IS NOT DISTINCT FROM $3
"""
REPLACE_EMAIL = "DELETE FROM links WHERE kind = 'email' AND used_at IS NULL AND person_id = $1"
INSPECT = f"""
SELECT l.kind, COALESCE(l.email, p.email), w.name, u.display_name
FROM links l CROSS JOIN workspace w
LEFT JOIN people p ON p.id = l.person_id
LEFT JOIN users u ON u.id = l.created_by AND l.kind = 'invitation'
WHERE {OPEN}
"""


class Link(NamedTuple):
    id: UUID
    kind: Kind
    email: str | None
    role: Role | None
    person_id: str | None
    channel_ids: list[str]
    created_by: str | None


class NewLink(NamedTuple):
    id: UUID
    token: str
    expires_at: datetime


class LinkInfo(Struct, rename="camel"):
    """What a link is for."""

    kind: Annotated[Kind, Meta(description="What the link does.")]
    email: Annotated[str | None, Meta(description="The e-mail address it is for, if any.")]
    workspace_name: Annotated[str, Meta(description="Name of the workspace.")]
    invited_by: Annotated[
        str | None, Meta(description="Display name of the person who made an invitation.")
    ]


def address_of(base_url: str, kind: Kind, token: str) -> str:
    return f"{base_url}/{PAGES[kind]}#{token}"


async def make_link(  # noqa: PLR0913 - each by its name
    connection: Connection,
    kind: Kind,
    *,
    email: str | None = None,
    role: Role | None = None,
    person_id: str | None = None,
    channel_ids: Sequence[str] = (),
    created_by: str | None = None,
) -> NewLink:
    """Links of that kind for the same person or address that were made before stop working."""
    # Of two at once, the second replaces the first.
    await connection.execute(LOCK, f"{kind} {person_id or (email or '').lower()}")
    if kind == "email":
        await connection.execute(REPLACE_EMAIL, person_id)
    else:
        await connection.execute(REPLACE, kind, email, person_id)
    token = new_token()
    row = await connection.fetchrow(
        MAKE,
        kind,
        digest(token),
        email,
        role,
        person_id,
        list(channel_ids),
        created_by,
        LIFE[kind],
    )
    return NewLink(row[0], token, row[1])


async def require_open(reader: Reader, kind: Kind, token: str) -> Link:
    """Without using it up: before what takes long."""
    row = await fetch_one(reader, FIND, digest(token))
    if row is None or row[1] != kind:
        raise NotFound(ErrorCode.LINK_INVALID, INVALID)
    return Link(*row)


async def redeem(connection: Connection, kind: Kind, token: str) -> Link:
    """Uses a link up. Of two who do so at once, one waits here, and finds it used."""
    row = await connection.fetchrow(REDEEM, digest(token), kind)
    if row is None:
        raise NotFound(ErrorCode.LINK_INVALID, INVALID)
    return Link(*row)


async def inspect_link(reader: Reader, token: str) -> LinkInfo:
    row = await fetch_one(reader, INSPECT, digest(token))
    if row is None:
        raise NotFound(ErrorCode.LINK_INVALID, INVALID)
    return LinkInfo(*row)
