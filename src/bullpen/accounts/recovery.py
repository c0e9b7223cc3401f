"""New passwords: changed by their person, or set with a link where one was forgotten."""

from uuid import UUID

from asyncpg import Connection

from bullpen.accounts import attempts, links, mail, passwords
from bullpen.accounts.links import NewLink
from bullpen.accounts.sessions import end_sessions, rotate
from bullpen.accounts.team import Team
from bullpen.audit.actions import Target, record
from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.members.actor import Actor
from bullpen.members.people import get_person
from bullpen.members.permissions import BELOW, NEVER, Permission, is_below, require

ACTIVE = "SELECT id, email FROM people WHERE lower(email) = lower($1) AND is_active"
NAMES = """
SELECT p.display_name, p.email, p.id, w.name FROM people p CROSS JOIN workspace w WHERE p.id = $1
"""


async def forgot_password(database: Database, team: Team, email: str, address: str) -> None:
    """Sends a link, if there is such an account. Who asked has been answered before, so that
    neither the answer nor its time tells."""
    if await attempts.charge_one(database, team.secret_key, "mail", email) is not None:
        return
    row = await database.fetch_one(ACTIVE, email)
    workspace = await database.fetch_one("SELECT name FROM workspace")
    if row is None or workspace is None or team.mail is None:
        return
    async with database.transaction() as connection:
        link = await links.make_link(connection, "reset", person_id=row[0])
        target = Target("person", row[0])
        await record(connection, None, "password.forgotten", target, address=address)
    await mail.send(team.mail, mail.reset(row[1], workspace[0], team.link("reset", link.token)))


async def make_reset_link(connection: Connection, actor: Actor, person_id: str) -> NewLink:
    """For an administrator to pass on."""
    person = await get_person(connection, actor, person_id)
    require(actor, Permission.MAKE_RESET_LINK, BELOW if is_below(person.role, actor) else NEVER)
    if not person.is_active:
        raise NotFound(ErrorCode.USER_NOT_FOUND)
    link = await links.make_link(connection, "reset", person_id=person_id, created_by=actor.user_id)
    await record(
        connection,
        actor.user_id,
        "password.reset_link_created",
        Target("person", person_id),
        address=actor.address,
    )
    return link


async def reset_password(
    database: Database, key: str, token: str, password: str, address: str
) -> str:
    """The person whose password it is now. A second factor stays as it is."""
    link = await links.require_open(database, "reset", token)
    assert link.person_id is not None
    password_hash = await acceptable_hash(database, link.person_id, password)
    async with database.transaction() as connection:
        link = await links.redeem(connection, "reset", token)
        assert link.person_id is not None
        await passwords.set_password(connection, link.person_id, password_hash)
        await end_sessions(connection, None, link.person_id)
        email = await connection.fetchval("SELECT email FROM people WHERE id = $1", link.person_id)
        if email is not None:
            await attempts.forget(connection, key, email)
        target = Target("person", link.person_id)
        await record(connection, link.person_id, "password.reset", target, address=address)
    return link.person_id


async def change_password(database: Database, actor: Actor, session_id: UUID, password: str) -> str:
    """The new token of the session that changes it. The current password was checked before."""
    password_hash = await acceptable_hash(database, actor.user_id, password)
    async with database.transaction() as connection:
        await passwords.set_password(connection, actor.user_id, password_hash)
        await end_sessions(connection, actor, actor.user_id, kept=session_id)
        token = await rotate(connection, session_id)
        target = Target("person", actor.user_id)
        await record(connection, actor.user_id, "password.changed", target, address=actor.address)
    return token


async def acceptable_hash(database: Database, person_id: str, password: str) -> str:
    row = await database.fetch_one(NAMES, person_id)
    passwords.require_acceptable(password, [name for name in row or () if name is not None])
    return await passwords.hash_password(password)
