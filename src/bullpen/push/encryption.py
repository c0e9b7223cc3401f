"""Encrypts a notification for one browser, as RFC 8291 has it: the push service cannot read it."""

import secrets
from typing import TYPE_CHECKING

from bullpen.push.keys import point_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

SALT_BYTES = 16
RECORD_BYTES = 4096
# What push services take at least, without what encryption adds to it.
LARGEST = 3992
# There is one record, which is the last.
END = b"\x02"


def encrypt(
    content: bytes,
    browser_key: bytes,
    secret: bytes,
    *,
    own: "EllipticCurvePrivateKey | None" = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a request. `own` and `salt` are new each time; tests give those of the RFC."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - slow to load
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - see above

    def derive(material: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
        return HKDF(hashes.SHA256(), length, salt, purpose).derive(material)

    if len(content) > LARGEST:
        message = "a notification is too long"
        raise ValueError(message)
    own = own or ec.generate_private_key(ec.SECP256R1())
    salt = salt or secrets.token_bytes(SALT_BYTES)
    public = point_of(own.public_key())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser_key)
    shared = own.exchange(ec.ECDH(), theirs)
    material = derive(shared, secret, b"WebPush: info\0" + browser_key + public, 32)
    key = derive(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = derive(material, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD_BYTES.to_bytes(4) + bytes([len(public)]) + public
    return head + AESGCM(key).encrypt(nonce, content + END, None)
