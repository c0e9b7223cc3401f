"""A new e-mail address of one's own: it counts once a link that was sent to it is opened."""

from asyncpg import Connection

from bullpen.accounts import links
from bullpen.accounts.links import NewLink
from bullpen.audit.actions import Target, record
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, NotFound
from bullpen.members.actor import Actor
from bullpen.members.people import update_person

TAKEN = "SELECT 1 FROM people WHERE lower(email) = lower($1) AND id <> $2"


async def begin_email_change(connection: Connection, actor: Actor, email: str) -> NewLink | None:
    """The link to send to the new address; None where it is somebody's already. The actor cannot
    tell the difference: they may not know who has an account."""
    link = await links.make_link(
        connection, "email", email=email, person_id=actor.user_id, created_by=actor.user_id
    )
    taken = await connection.fetchval(TAKEN, email, actor.user_id)
    return link if taken is None else None


async def set_email(connection: Connection, actor: Actor, email: str) -> None:
    """At once, for those who see all addresses."""
    if await connection.fetchval(TAKEN, email, actor.user_id) is not None:
        raise Conflict(ErrorCode.EMAIL_TAKEN, "Another person has this e-mail address.")
    await change_email(connection, actor, email)


async def confirm_email(connection: Connection, token: str, address: str) -> tuple[str, str | None]:
    """The person, and the address that they had before."""
    link = await links.redeem(connection, "email", token)
    assert link.email is not None
    assert link.person_id is not None
    if await connection.fetchval(TAKEN, link.email, link.person_id) is not None:
        raise NotFound(ErrorCode.LINK_INVALID, links.INVALID)
    before: str | None = await connection.fetchval(
        "SELECT email FROM people WHERE id = $1", link.person_id
    )
    await change_email(connection, Actor(link.person_id, address=address), link.email)
    return link.person_id, before


async def change_email(connection: Connection, actor: Actor, email: str) -> None:
    await update_person(connection, actor, actor.user_id, {"email": email})
    # Links for the former address must not lead to the account.
    await connection.execute(
        "DELETE FROM links WHERE person_id = $1 AND used_at IS NULL", actor.user_id
    )
    target = Target("person", actor.user_id)
    await record(connection, actor.user_id, "person.email_changed", target, address=actor.address)
