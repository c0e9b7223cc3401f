"""Codes of authenticator apps (RFC 6238): six digits, a new one every thirty seconds."""

import base64
import hmac
import secrets
import struct
import time
from urllib.parse import quote, urlencode

from asyncpg import Connection

from bullpen.accounts.secrets import decrypt, encrypt
from bullpen.kit.database import Reader, fetch_one

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
# Clocks differ: one step before and after is taken, too.
SKEW = (0, -1, 1)

BEGIN = """
INSERT INTO totp (person_id, encrypted_secret) VALUES ($1, $2)
ON CONFLICT (person_id) DO UPDATE
SET encrypted_secret = $2, created_at = now(), last_step = 0 WHERE totp.confirmed_at IS NULL
RETURNING 1
"""
STORED = """
SELECT encrypted_secret, last_step FROM totp
WHERE person_id = $1 AND (confirmed_at IS NOT NULL) = $2 FOR UPDATE
"""
USE = """
UPDATE totp SET last_step = $2, confirmed_at = COALESCE(confirmed_at, now()) WHERE person_id = $1
"""
IS_ON = "SELECT 1 FROM totp WHERE person_id = $1 AND confirmed_at IS NOT NULL"


def code_at(secret: bytes, step: int) -> str:
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0xF
    (number,) = struct.unpack(">I", digest[offset : offset + 4])
    return f"{(number & 0x7FFFFFFF) % 10**DIGITS:0{DIGITS}}"


def step_of(secret: bytes, code: str, now: float, last_step: int) -> int | None:
    """The step that a code is of; None where it is wrong, or not newer than the last one taken."""
    current = int(now // STEP_SECONDS)
    found = None
    for skew in SKEW:
        step = current + skew
        right = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if right and step > last_step:
            found = step
    return found


def encoded(secret: bytes) -> str:
    return base64.b32encode(secret).decode().rstrip("=")


def uri_of(secret: bytes, workspace: str, account: str) -> str:
    label = quote(f"{workspace}:{account}", safe="")
    query = urlencode({"secret": encoded(secret), "issuer": workspace}, quote_via=quote)
    return f"otpauth://totp/{label}?{query}"


async def begin(connection: Connection, key: str, person_id: str) -> bytes | None:
    """A new secret, which does not count until it is confirmed; None where one counts already."""
    secret = secrets.token_bytes(SECRET_BYTES)
    sealed = encrypt(key, secret, person_id)
    made = await connection.fetchval(BEGIN, person_id, sealed)
    return None if made is None else secret


async def use_code(
    connection: Connection, key: str, person_id: str, code: str, *, confirmed: bool = True
) -> bool:
    """Takes a code, once. `confirmed`: whether the secret counts already, or will from now on."""
    row = await connection.fetchrow(STORED, person_id, confirmed)
    secret = None if row is None else decrypt(key, row[0], person_id)
    step = None if secret is None else step_of(secret, code.strip(), time.time(), row[1])
    if step is None:
        return False
    await connection.execute(USE, person_id, step)
    return True


async def is_on(reader: Reader, person_id: str) -> bool:
    return await fetch_one(reader, IS_ON, person_id) is not None


async def switch_off(connection: Connection, person_id: str) -> bool:
    """With the recovery codes. False where none counted."""
    await connection.execute("DELETE FROM recovery_codes WHERE person_id = $1", person_id)
    sql = "DELETE FROM totp WHERE person_id = $1 RETURNING confirmed_at"
    return await connection.fetchval(sql, person_id) is not None
