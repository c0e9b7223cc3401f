"""Encrypts what the database must not give away, with a key that is not in it."""

import hmac
import secrets

NONCE_BYTES = 12


def derive(key: str, purpose: str) -> bytes:
    """A key of its own for each purpose."""
    return hmac.digest(key.encode(), purpose.encode(), "sha256")


def encrypt(key: str, purpose: str, content: bytes, owner: str) -> bytes:
    """`owner`: what the secret belongs to; it cannot be decrypted as another's."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow to load

    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(derive(key, purpose)).encrypt(nonce, content, owner.encode())


def decrypt(key: str, purpose: str, sealed: bytes, owner: str) -> bytes | None:
    """None where the key, the purpose or the owner is not the one it was encrypted with."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see above

    nonce, content = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(derive(key, purpose)).decrypt(nonce, content, owner.encode())
    except InvalidTag:
        return None
