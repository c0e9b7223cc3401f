"""Tokens and codes: how they are made, and what the database keeps of them."""

import hashlib
import secrets

from bullpen.kit import sealing

TOKEN_BYTES = 32
PURPOSE = "totp"


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """Tokens are random and long, so they need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def encrypt(key: str, content: bytes, owner_id: str) -> bytes:
    """`owner_id`: the person whose secret it is; it cannot be decrypted as another's."""
    return sealing.encrypt(key, PURPOSE, content, owner_id)


def decrypt(key: str, sealed: bytes, owner_id: str) -> bytes | None:
    """None where the key is another one than it was encrypted with."""
    return sealing.decrypt(key, PURPOSE, sealed, owner_id)
