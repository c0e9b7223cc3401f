"""Codes that replace an authenticator app, each once. They are shown when they are made."""

import base64
import re
import secrets

from asyncpg import Connection

from bullpen.accounts.secrets import digest
from bullpen.kit.sql import change

NUMBER = 10
CODE_BYTES = 10

ADD = "INSERT INTO recovery_codes (person_id, code_hash) SELECT $1, unnest($2::bytea[])"
USE = """
UPDATE recovery_codes SET used_at = now()
WHERE person_id = $1 AND code_hash = $2 AND used_at IS NULL
"""


async def renew(connection: Connection, person_id: str) -> list[str]:
    """New ones; those before stop working."""
    codes = [new_code() for _ in range(NUMBER)]
    await connection.execute("DELETE FROM recovery_codes WHERE person_id = $1", person_id)
    await connection.execute(ADD, person_id, [digest(plain(code)) for code in codes])
    return codes


def new_code() -> str:
    """As four groups of four letters and digits."""
    text = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def plain(code: str) -> str:
    return re.sub(r"[\s-]", "", code).lower()


async def use_code(connection: Connection, person_id: str, code: str) -> bool:
    return await change(connection, USE, person_id, digest(plain(code))) == 1
