"""API tokens: with one, a program acts as the user it belongs to, as far as its scopes reach.

A token is a random secret that is shown once. The database holds its hash, so a copy of the
database does not let anybody in.
"""

import hashlib
import re
import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, get_args
from uuid import UUID

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.audit.actions import Target, record
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Forbidden, Invalid, NotFound, TooMany
from bullpen.kit.json_types import CreatedAt, Time, UserId
from bullpen.members.actor import Actor, Role
from bullpen.members.permissions import BELOW, NEVER, ROLES, Permission, is_below, may, require
from bullpen.members.queries import UserKind

Scope = Literal["read", "write", "admin", "agent"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
# What a token of a person, or of an agent, can have.
SCOPES_OF: dict[UserKind, tuple[Scope, ...]] = {
    "person": ("read", "write", "admin"),
    "agent": ("read", "write", "agent"),
}

# Fixed, so that programs that look for leaked secrets can find one.
BEGINNING = "bp_"
SECRET_BYTES = 32
FORM = re.compile(r"bp_[A-Za-z0-9_-]{43}")
SHOWN = 8
DEFAULT_LIFE = timedelta(days=365)
MOST_OF_USER = 100

NO_SUCH_TOKEN = "There is no such token, or it has been revoked."  # noqa: S105 - a sentence
TOO_LONG_LIFE = "Only owners and administrators can create a token that is valid for over a year."
IN_THE_PAST = "A token must expire in the future."


class ApiToken(Struct, rename="camel"):
    """What is known of an API token: everything but the token itself."""

    id: Annotated[UUID, Meta(description="Id of the token, to revoke it by.")]
    user_id: UserId
    name: Annotated[str, Meta(description="What it is for.")]
    prefix: Annotated[str, Meta(description="The first characters of the token.")]
    scopes: Annotated[list[Scope], Meta(description="What it allows.")]
    created_at: CreatedAt
    created_by: Annotated[
        str | None, Meta(description="Id of the user who created it; null: the command line.")
    ]
    expires_at: Annotated[Time | None, Meta(description="From then on it is refused. Null: never.")]
    last_used_at: Annotated[Time | None, Meta(description="To the minute. Null: not yet used.")]
    last_used_address: Annotated[str | None, Meta(description="The address it was used from.")]


class CreatedToken(ApiToken, rename="camel", kw_only=True):
    """A new API token, with the token itself, which is shown only now."""

    token: Annotated[str, Meta(description="The token. It is not stored and not shown again.")]


class Access(Struct, frozen=True):
    """Which user a valid token stands for."""

    token_id: UUID
    user_id: str
    # None for an agent.
    role: Role | None
    scopes: frozenset[Scope]
    is_active: bool
    token_hash: bytes


COLUMNS = """
id, user_id, name, prefix, scopes, created_at, created_by, expires_at, last_used_at,
last_used_address
"""
LIST = f"""
SELECT {COLUMNS} FROM api_tokens WHERE user_id = $1 AND revoked_at IS NULL ORDER BY created_at, id
"""
# Of whom somebody may manage the tokens: their own, those of agents, and of people of these roles.
LIST_ALL = f"""
SELECT {", ".join(f"t.{name.strip()}" for name in COLUMNS.split(","))}
FROM api_tokens t LEFT JOIN people p ON p.id = t.user_id
WHERE t.revoked_at IS NULL AND (p.id IS NULL OR p.id = $1 OR p.role = ANY ($2))
ORDER BY t.created_at DESC, t.id
"""
INSERT = f"""
INSERT INTO api_tokens (user_id, name, token_hash, prefix, scopes, created_by, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING {COLUMNS}
"""
COUNT = """
SELECT count(*) FROM api_tokens
WHERE user_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
"""
REVOKE = """
UPDATE api_tokens SET revoked_at = now()
WHERE id = $1 AND revoked_at IS NULL AND ($2::text IS NULL OR user_id = $2)
RETURNING user_id, name
"""
ACCESS = """
SELECT t.id, t.user_id, p.role, t.scopes, u.is_active
FROM api_tokens t JOIN users u ON u.id = t.user_id LEFT JOIN people p ON p.id = t.user_id
WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
"""
USED = """
UPDATE api_tokens SET last_used_at = now(), last_used_address = $2
WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
"""
FORGET_OTHER_DAYS = """
DELETE FROM api_token_uses WHERE token_id = $1 AND day < (now() AT TIME ZONE 'UTC')::date
"""
FIRST_USE = """
INSERT INTO api_token_uses (token_id, address, day)
VALUES ($1, $2, (now() AT TIME ZONE 'UTC')::date)
ON CONFLICT DO NOTHING RETURNING 1
"""


def hash_of(token: str) -> bytes | None:
    """What the database has of it; None for a text that cannot be a token."""
    if FORM.fullmatch(token) is None:
        return None
    # Nobody guesses 32 random bytes, so a slow hash would protect nothing.
    return hashlib.sha256(token.encode()).digest()


async def list_tokens(reader: Reader, user_id: str) -> list[ApiToken]:
    """Those that are not revoked; expired ones are among them."""
    return [ApiToken(*row) for row in await reader.fetch(LIST, user_id)]


async def list_all_tokens(reader: Reader, actor: Actor) -> list[ApiToken]:
    """Everybody's tokens that the actor may revoke; expired ones are among them."""
    require(actor, Permission.MANAGE_TOKENS, BELOW)
    roles = [
        role
        for role in ROLES
        if may(actor, Permission.MANAGE_TOKENS, BELOW if is_below(role, actor) else NEVER)
    ]
    return [ApiToken(*row) for row in await reader.fetch(LIST_ALL, actor.user_id, roles)]


async def create_token(
    connection: Connection,
    actor: Actor | None,
    *,
    user_id: str,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime | None,
) -> CreatedToken:
    """`actor`: None for the command line."""
    # Two at once wait for each other here, so that both count.
    sql = "SELECT kind FROM users WHERE id = $1 FOR NO KEY UPDATE"
    kind: UserKind | None = await connection.fetchval(sql, user_id)
    if kind is None:
        raise NotFound(ErrorCode.USER_NOT_FOUND)
    require_scopes(kind, scopes)
    if expires_at is not None and expires_at <= datetime.now(UTC):
        raise Invalid(ErrorCode.VALIDATION_FAILED, IN_THE_PAST)
    if await connection.fetchval(COUNT, user_id) >= MOST_OF_USER:
        raise TooMany(
            ErrorCode.TOO_MANY_TOKENS,
            f"'{user_id}' has {MOST_OF_USER} API tokens, which is the limit. Revoke some first.",
            retry_after=60,
        )
    token = BEGINNING + secrets.token_urlsafe(SECRET_BYTES)
    created_by = None if actor is None else actor.user_id
    ordered = [scope for scope in SCOPES if scope in scopes]
    row = await connection.fetchrow(
        INSERT, user_id, name, hash_of(token), token[:SHOWN], ordered, created_by, expires_at
    )
    await record(
        connection,
        created_by,
        "token.created",
        Target("token", str(row[0])),
        details={"userId": user_id, "name": name, "scopes": ordered},
        address=None if actor is None else actor.address,
    )
    return CreatedToken(*row, token=token)


def require_scopes(kind: UserKind, scopes: Collection[Scope]) -> None:
    possible = SCOPES_OF[kind]
    foreign = [scope for scope in SCOPES if scope in scopes and scope not in possible]
    if foreign or not scopes:
        owner = "an agent" if kind == "agent" else "a person"
        raise Invalid(
            ErrorCode.VALIDATION_FAILED,
            f"A token of {owner} has one or more of the scopes {', '.join(possible)}.",
        )


def require_allowed_life(actor: Actor, expires_at: datetime | None) -> None:
    """Tokens that outlive a year are for those who also see and revoke them."""
    latest = datetime.now(UTC) + DEFAULT_LIFE + timedelta(days=1)
    if (expires_at is None or expires_at > latest) and actor.role not in ("owner", "admin"):
        raise Forbidden(ErrorCode.EXPIRY_REQUIRED, TOO_LONG_LIFE)


async def revoke_token(
    connection: Connection, actor: Actor | None, token_id: UUID, *, user_id: str | None
) -> None:
    """`user_id`: whose it must be; None: anybody's."""
    row = await connection.fetchrow(REVOKE, token_id, user_id)
    if row is None:
        raise NotFound(ErrorCode.TOKEN_NOT_FOUND, NO_SUCH_TOKEN)
    await record(
        connection,
        None if actor is None else actor.user_id,
        "token.revoked",
        Target("token", str(token_id)),
        details={"userId": row[0], "name": row[1]},
        address=None if actor is None else actor.address,
    )


async def find_access(reader: Reader, token_hash: bytes) -> Access | None:
    """None where no token that is valid now has this hash."""
    row = await fetch_one(reader, ACCESS, token_hash)
    if row is None:
        return None
    token_id, user_id, role, scopes, is_active = row
    return Access(token_id, user_id, role, frozenset(scopes), is_active, token_hash)


async def note_use(connection: Connection, access: Access, address: str) -> None:
    """The first use of a day from an address is in the audit log."""
    await connection.execute(USED, access.token_id, address)
    if await connection.fetchval(FIRST_USE, access.token_id, address) is None:
        return
    await connection.execute(FORGET_OTHER_DAYS, access.token_id)
    target = Target("token", str(access.token_id))
    await record(connection, access.user_id, "token.used", target, address=address)
