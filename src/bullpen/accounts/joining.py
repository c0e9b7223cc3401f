"""How people get an account: the link that makes an owner, and invitations."""

from typing import Annotated
from uuid import UUID

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.accounts import links, passwords, totp
from bullpen.accounts.links import NewLink
from bullpen.accounts.sessions import end_sessions
from bullpen.audit.actions import Target, record
from bullpen.kit.database import Reader, fetch_one
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, Forbidden, Invalid, NotFound
from bullpen.kit.json_types import CreatedAt, Time
from bullpen.members.actions import require_membership
from bullpen.members.actor import Actor, Role
from bullpen.members.kinds import is_direct
from bullpen.members.people import update_person
from bullpen.members.permissions import BELOW, NEVER, Permission, is_below, require
from bullpen.members.queries import get_channel
from bullpen.workspace.channels import join_channel
from bullpen.workspace.people import join_workspace

HAS_OWNER = """
SELECT 1 FROM people p
WHERE p.role = 'owner' AND p.is_active
  AND (
      EXISTS (SELECT FROM credentials c WHERE c.person_id = p.id)
      OR EXISTS (SELECT FROM oidc_identities o WHERE o.person_id = p.id)
  )
LIMIT 1
"""
BY_EMAIL = "SELECT id, display_name, is_active FROM people WHERE lower(email) = lower($1)"
INVITATION_COLUMNS = "id, email, role, channel_ids, created_by, created_at, expires_at"
INVITATION = f"SELECT {INVITATION_COLUMNS} FROM links WHERE id = $1"
PENDING = f"""
SELECT {INVITATION_COLUMNS} FROM links
WHERE kind = 'invitation' AND used_at IS NULL AND expires_at > now()
ORDER BY created_at DESC, id
"""
LOCK_PENDING = """
SELECT email, role FROM links
WHERE id = $1 AND kind = 'invitation' AND used_at IS NULL AND expires_at > now() FOR UPDATE
"""
OF_GUESTS = "Choose the channels that the guest is in: guests see no others."
NOT_OF_GUESTS = "Leave the channels out: they are for guests. Others can join public channels."
NO_DMS = "Choose channels that are not direct messages."


class Invitation(Struct, rename="camel"):
    """An invitation that has not been accepted yet."""

    id: Annotated[UUID, Meta(description="Id of the invitation.")]
    email: Annotated[str, Meta(description="E-mail address that it is for.")]
    role: Annotated[Role, Meta(description="Role of the person who accepts it.")]
    channel_ids: Annotated[list[str], Meta(description="Channels of a guest; else empty.")]
    created_by: Annotated[str | None, Meta(description="Id of the person who made it.")]
    created_at: CreatedAt
    expires_at: Annotated[Time, Meta(description="When it stops working.")]


class Invited(Struct):
    email: str
    role: Role
    channel_ids: list[str]


async def has_owner(reader: Reader) -> bool:
    """Whether there is an owner who can sign in."""
    return await fetch_one(reader, HAS_OWNER) is not None


async def make_owner_link(connection: Connection) -> NewLink:
    """For the operator of the server. The previous link stops working."""
    return await links.make_link(connection, "owner")


async def set_up_owner(
    connection: Connection,
    *,
    token: str,
    display_name: str,
    email: str,
    password_hash: str,
    address: str,
) -> str:
    """The person who opens an owner link; one with this address exists already where an owner lost
    everything."""
    await links.redeem(connection, "owner", token)
    row = await connection.fetchrow(BY_EMAIL, email)
    if row is None:
        person_id = await join_workspace(
            connection, display_name=display_name, role="owner", email=email
        )
    else:
        person_id = row[0]
        values = {"role": "owner"} | ({} if row[2] else {"is_active": True})
        await update_person(connection, Actor(person_id, "owner"), person_id, values)
        await totp.switch_off(connection, person_id)
        await end_sessions(connection, None, person_id)
    await passwords.set_password(connection, person_id, password_hash)
    await record(connection, person_id, "owner.made", Target("person", person_id), address=address)
    return person_id


async def invite(connection: Connection, actor: Actor, invited: Invited) -> tuple[Invitation, str]:
    """The invitation and the token of its link. Guests come into channels that the actor is in."""
    require(actor, Permission.INVITE, BELOW if is_below(invited.role, actor) else NEVER)
    if (invited.role == "guest") != bool(invited.channel_ids):
        message = OF_GUESTS if invited.role == "guest" else NOT_OF_GUESTS
        raise Invalid(ErrorCode.FIELDS_CONFLICT, message)
    for channel_id in invited.channel_ids:
        if is_direct((await get_channel(connection, actor, channel_id)).kind):
            raise Invalid(ErrorCode.DM_MEMBERS_FIXED, NO_DMS)
        await require_membership(connection, actor, channel_id)
    if await connection.fetchval(BY_EMAIL, invited.email) is not None:
        raise Conflict(
            ErrorCode.EMAIL_TAKEN, f"Somebody with the address {invited.email} is a member already."
        )
    link = await links.make_link(
        connection,
        "invitation",
        email=invited.email,
        role=invited.role,
        channel_ids=list(dict.fromkeys(invited.channel_ids)),
        created_by=actor.user_id,
    )
    await record(
        connection,
        actor.user_id,
        "invitation.created",
        Target("invitation", str(link.id)),
        details={"email": invited.email, "role": invited.role, "channelIds": invited.channel_ids},
        address=actor.address,
    )
    row = await connection.fetchrow(INVITATION, link.id)
    return Invitation(*row), link.token


async def list_invitations(reader: Reader, actor: Actor) -> list[Invitation]:
    require(actor, Permission.INVITE, BELOW)
    return [Invitation(*row) for row in await reader.fetch(PENDING)]


async def revoke_invitation(connection: Connection, actor: Actor, invitation_id: UUID) -> None:
    require(actor, Permission.INVITE, BELOW)
    row = await connection.fetchrow(LOCK_PENDING, invitation_id)
    if row is None:
        raise NotFound(ErrorCode.INVITATION_NOT_FOUND)
    email, role = row
    # Whom somebody cannot invite, they cannot keep out either.
    require(actor, Permission.INVITE, BELOW if is_below(role, actor) else NEVER)
    await connection.execute("DELETE FROM links WHERE id = $1", invitation_id)
    await record(
        connection,
        actor.user_id,
        "invitation.revoked",
        Target("invitation", str(invitation_id)),
        details={"email": email},
        address=actor.address,
    )


async def accept_invitation(
    connection: Connection, *, token: str, display_name: str, password_hash: str, address: str
) -> str:
    """The new person. What the inviting person cannot read any more, a guest does not get."""
    link = await links.redeem(connection, "invitation", token)
    assert link.role is not None
    if await connection.fetchval(BY_EMAIL, link.email) is not None:
        # Only the address' owner has the link, and only they are told.
        raise NotFound(ErrorCode.LINK_INVALID, links.INVALID)
    person_id = await join_workspace(
        connection, display_name=display_name, role=link.role, email=link.email
    )
    await passwords.set_password(connection, person_id, password_hash)
    for channel_id in link.channel_ids:
        await bring_in(connection, link.created_by, channel_id, person_id)
    await record(
        connection,
        person_id,
        "invitation.accepted",
        Target("invitation", str(link.id)),
        details={"email": link.email, "role": link.role},
        address=address,
    )
    return person_id


async def bring_in(
    connection: Connection, inviter_id: str | None, channel_id: str, person_id: str
) -> None:
    role = await connection.fetchval(
        "SELECT role FROM people WHERE id = $1 AND is_active", inviter_id
    )
    try:
        # The channel may be gone, or the inviter may have left it.
        async with connection.transaction():
            await join_channel(connection, Actor(inviter_id or "", role), channel_id, person_id)
    except (NotFound, Forbidden):
        return
