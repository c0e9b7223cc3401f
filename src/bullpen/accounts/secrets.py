"""Tokens and codes: how they are made, and what the database keeps of them."""

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32
NONCE_BYTES = 12


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """Tokens are random and long, so they need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def derive(key: str, purpose: str) -> bytes:
    """A key of its own for each purpose."""
    return hmac.digest(key.encode(), purpose.encode(), "sha256")


def encrypt(key: str, content: bytes, owner_id: str) -> bytes:
    """`owner_id`: the person whose secret it is; it cannot be decrypted as another's."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow to load

    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(derive(key, "totp")).encrypt(nonce, content, owner_id.encode())
    return nonce + sealed


def decrypt(key: str, sealed: bytes, owner_id: str) -> bytes | None:
    """None where the key is another one than it was encrypted with."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see above

    nonce, content = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(derive(key, "totp")).decrypt(nonce, content, owner_id.encode())
    except InvalidTag:
        return None
