"""A person's own authenticator app: added, confirmed, removed; and the codes that replace it."""

from typing import Annotated

from asyncpg import Connection
from msgspec import Meta, Struct

from bullpen.accounts import attempts, recovery_codes, totp
from bullpen.audit.actions import Target, record
from bullpen.kit.database import Database
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Conflict, Invalid
from bullpen.members.actor import Actor

ON = "An authenticator app is in use already. Remove it before you add another."
OFF = "No authenticator app is in use. Add one first."
WRONG = "The code is wrong or was used already. Enter the code that the app shows now."


class TotpSecret(Struct):
    """What an authenticator app needs."""

    secret: Annotated[str, Meta(description="The secret, to type into the app.")]
    uri: Annotated[str, Meta(description="The same as an `otpauth:` address, for a QR code.")]


class RecoveryCodes(Struct):
    """Codes that replace the app, each once."""

    codes: Annotated[list[str], Meta(description="The codes. They cannot be shown again.")]


async def begin(connection: Connection, key: str, actor: Actor, workspace: str) -> TotpSecret:
    secret = await totp.begin(connection, key, actor.user_id)
    if secret is None:
        raise Conflict(ErrorCode.TOTP_ON, ON)
    account = await connection.fetchval(
        "SELECT COALESCE(email, id) FROM people WHERE id = $1", actor.user_id
    )
    return TotpSecret(totp.encoded(secret), totp.uri_of(secret, workspace, account))


async def charge(database: Database, key: str, actor: Actor, network: str) -> None:
    """Six digits could be guessed."""
    await attempts.charge(database, key, account=f"totp {actor.user_id}", network=network)


async def confirm(connection: Connection, key: str, actor: Actor, code: str) -> RecoveryCodes:
    if not await totp.use_code(connection, key, actor.user_id, code, confirmed=False):
        raise Invalid(ErrorCode.CODE_WRONG, WRONG)
    await note(connection, actor, "totp.on")
    return RecoveryCodes(await recovery_codes.renew(connection, actor.user_id))


async def switch_off(connection: Connection, actor: Actor) -> bool:
    """Whether it was on."""
    was_on = await totp.switch_off(connection, actor.user_id)
    if was_on:
        await note(connection, actor, "totp.off")
    return was_on


async def renew_codes(connection: Connection, actor: Actor) -> RecoveryCodes:
    if not await totp.is_on(connection, actor.user_id):
        raise Conflict(ErrorCode.TOTP_OFF, OFF)
    await note(connection, actor, "recovery_codes.renewed")
    return RecoveryCodes(await recovery_codes.renew(connection, actor.user_id))


async def note(connection: Connection, actor: Actor, action: str) -> None:
    target = Target("person", actor.user_id)
    await record(connection, actor.user_id, action, target, address=actor.address)
