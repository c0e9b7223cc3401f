"""Passwords: which are accepted, and how they are hashed. Lengths are those of NIST SP 800-63B."""

import asyncio
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from asyncpg import Connection

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid

SHORTEST = 12
LONGEST = 200
# Of a name that no password may contain.
SHORTEST_NAME = 4
# Each takes 64 MiB while it is computed.
AT_ONCE = 4

SET = """
INSERT INTO credentials (person_id, password_hash) VALUES ($1, $2)
ON CONFLICT (person_id) DO UPDATE SET password_hash = $2, changed_at = now()
"""
REHASHED = "UPDATE credentials SET password_hash = $3 WHERE person_id = $1 AND password_hash = $2"

T = TypeVar("T")

hasher = PasswordHasher()
_threads = ThreadPoolExecutor(AT_ONCE, "passwords")


def require_acceptable(password: str, others: Iterable[str]) -> None:
    """`others`: what everybody would try first: the names and addresses of the person, and the
    workspace's name."""
    text = normalized(password)
    if len(text) < SHORTEST:
        raise Invalid(
            ErrorCode.PASSWORD_REFUSED,
            f"Use at least {SHORTEST} characters. Several words with spaces are easy to remember.",
        )
    if len(text) > LONGEST:
        raise Invalid(ErrorCode.PASSWORD_REFUSED, f"Use at most {LONGEST} characters.")
    if contains(text, others):
        raise Invalid(
            ErrorCode.PASSWORD_REFUSED,
            "Use a password without your name, your e-mail address or the workspace's name in it.",
        )


def contains(password: str, others: Iterable[str]) -> bool:
    """Ignores case and the signs between the letters. Of an address, the part before the `@`
    counts by itself. Names of a few letters are in many words, so they count alone."""
    typed = letters_of(password)
    for other in others:
        for name in (other, other.partition("@")[0]):
            wanted = letters_of(name)
            if wanted and wanted == typed:
                return True
            if len(wanted) >= SHORTEST_NAME and wanted in typed:
                return True
    return False


def letters_of(text: str) -> str:
    """Its letters and digits, in one case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def normalized(password: str) -> str:
    """The same password, however a keyboard composes its letters."""
    return unicodedata.normalize("NFC", password)


async def hash_password(password: str) -> str:
    return await in_thread(lambda: hasher.hash(normalized(password)))


async def is_password(password_hash: str | None, password: str) -> bool:
    """Without a hash, it takes as long as with one."""

    def check() -> bool:
        stored = dummy() if password_hash is None else password_hash
        try:
            return hasher.verify(stored, normalized(password))
        except (VerificationError, InvalidHashError):
            return False

    return await in_thread(check) and password_hash is not None


async def in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


@cache
def dummy() -> str:
    """What a password is compared with where there is no account."""
    return hasher.hash("no password has this hash")


async def warm_up() -> None:
    """So that the first attempt for an unknown account takes no longer than others."""
    await in_thread(dummy)


async def set_password(connection: Connection, person_id: str, password_hash: str) -> None:
    await connection.execute(SET, person_id, password_hash)


async def renew_hash(
    connection: Connection, person_id: str, password_hash: str, password: str
) -> None:
    """Where a newer version hashes with other parameters."""
    if hasher.check_needs_rehash(password_hash):
        renewed = await hash_password(password)
        await connection.execute(REHASHED, person_id, password_hash, renewed)
