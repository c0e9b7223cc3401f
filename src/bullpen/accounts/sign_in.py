"""Signing in with a password, and with a code where one is needed."""

from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from bullpen.accounts import attempts, passwords, recovery_codes, totp
from bullpen.accounts.sessions import Device, begin_session, forget_token
from bullpen.audit.actions import Target, record
from bullpen.kit.database import Database
from bullpen.kit.email_addresses import is_email
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid, SignInRequired

FAILED = "The e-mail address, the password or the code is wrong."
CODE_REQUIRED = "Enter the code that your authenticator app shows, or a recovery code."
PASSWORD_WRONG = "The password is wrong."  # noqa: S105 - a message

ACCOUNT = """
SELECT p.id, c.password_hash, EXISTS (
    SELECT FROM totp t WHERE t.person_id = p.id AND t.confirmed_at IS NOT NULL
)
FROM people p LEFT JOIN credentials c ON c.person_id = p.id
WHERE lower(p.email) = lower($1) AND p.is_active
"""
STILL = "SELECT 1 FROM credentials WHERE person_id = $1 AND password_hash = $2"
OF_PERSON = """
SELECT COALESCE(p.email, p.id), c.password_hash
FROM people p LEFT JOIN credentials c ON c.person_id = p.id WHERE p.id = $1
"""


class Given(NamedTuple):
    email: str
    password: str
    code: str | None


class Place(NamedTuple):
    """From where somebody signs in, and the token of the session that their browser has."""

    device: Device
    network: str
    former_token: str | None = None


async def sign_in(database: Database, key: str, given: Given, place: Place) -> tuple[str, str]:
    """The person and the token of their new session. An account that does not exist takes as long
    and gets the same answer as a wrong password."""
    await attempts.charge(database, key, account=given.email, network=place.network)
    row = await database.fetch_one(ACCOUNT, given.email)
    person_id, password_hash, needs_code = row or (None, None, False)
    if not await passwords.is_password(password_hash, given.password):
        await refuse(database, person_id, given.email, place, "password")
    assert isinstance(person_id, str)
    assert isinstance(password_hash, str)
    if needs_code and not given.code:
        raise SignInRequired(ErrorCode.CODE_REQUIRED, CODE_REQUIRED)
    right_code = True
    async with database.transaction() as connection:
        # Somebody may have changed it while it was being hashed.
        if not await connection.fetchval(STILL, person_id, password_hash):
            right_code = False
        elif needs_code:
            right_code = await use_code(connection, key, person_id, given.code or "")
        if right_code:
            await attempts.succeeded(connection, key, account=given.email, network=place.network)
            await passwords.renew_hash(connection, person_id, password_hash, given.password)
            method = "password and code" if needs_code else "password"
            token = await start_session(connection, person_id, place, method)
    if not right_code:
        await refuse(database, person_id, given.email, place, "code")
    return person_id, token


async def start_session(connection: Connection, person_id: str, place: Place, method: str) -> str:
    """Signs a person in who has proved who they are: the token of a new session. The session that
    the browser had before ends. `method` is how they proved it, for the audit log."""
    if place.former_token is not None:
        await forget_token(connection, place.former_token)
    token = await begin_session(connection, person_id, place.device)
    await record(
        connection,
        person_id,
        "person.signed_in",
        Target("person", person_id),
        details={"method": method},
        address=place.device.address,
    )
    return token


async def use_code(connection: Connection, key: str, person_id: str, code: str) -> bool:
    if await totp.use_code(connection, key, person_id, code):
        return True
    used = await recovery_codes.use_code(connection, person_id, code)
    if used:
        await record(connection, person_id, "recovery_code.used", Target("person", person_id))
    return used


async def refuse(
    database: Database, person_id: str | None, email: str, place: Place, wrong: str
) -> None:
    """What was typed as an address is only kept where it is one: it may be a password."""
    target = None if person_id is None else Target("person", person_id)
    details = {"wrong": wrong} | ({"email": email} if is_email(email) else {})
    async with database.transaction() as connection:
        await record(
            connection,
            None,
            "person.sign_in_failed",
            target,
            details=details,
            address=place.device.address,
        )
    raise SignInRequired(ErrorCode.SIGN_IN_FAILED, FAILED)


async def require_password(
    database: Database, key: str, person_id: str, password: str | None, network: str
) -> str | None:
    """Checks a person's own password before what matters; its hash. A person who has none, because
    they sign in elsewhere, needs none."""
    row = await database.fetch_one(OF_PERSON, person_id)
    account, password_hash = row or (person_id, None)
    if password_hash is None:
        return None
    await attempts.charge(database, key, account=account, network=network)
    if not await passwords.is_password(password_hash, password or ""):
        raise Invalid(ErrorCode.PASSWORD_WRONG, PASSWORD_WRONG)
    async with database.transaction() as connection:
        await attempts.succeeded(connection, key, account=account, network=network)
    return str(password_hash)


async def sign_out(
    connection: Connection, person_id: str, session_id: UUID, address: str | None
) -> None:
    await connection.execute("DELETE FROM sessions WHERE id = $1", session_id)
    target = Target("person", person_id)
    await record(connection, person_id, "person.signed_out", target, address=address)
