"""The key by which push services know this workspace, as RFC 8292 (VAPID) has it.

It is derived from the secret key, so that all processes have the same one and none is stored. Where
the secret key changes, browsers subscribe anew when Bullpen is opened in them.
"""

import base64
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

PURPOSE = b"web push"
# The order of the curve P-256. From eight bytes more than it has, every key is as likely.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
DERIVED_BYTES = 40
# Push services take at most a day.
LIFE_SECONDS = 12 * 3600
# Of a browser, for the encryption.
SECRET_BYTES = 16


class ServerKey(NamedTuple):
    private: "EllipticCurvePrivateKey"
    public: bytes
    "as browsers take it"


def server_key(secret: str) -> ServerKey:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - slow to load
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - see above

    derived = HKDF(hashes.SHA256(), DERIVED_BYTES, None, PURPOSE).derive(secret.encode())
    number = int.from_bytes(derived) % (ORDER - 1) + 1
    private = ec.derive_private_key(number, ec.SECP256R1())
    return ServerKey(private, point_of(private.public_key()))


def point_of(public: object) -> bytes:
    """A public key as 65 bytes."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - see above
        Encoding,
        PublicFormat,
    )

    assert isinstance(public, ec.EllipticCurvePublicKey)
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def authorization(key: ServerKey, endpoint: str, contact: str) -> str:
    """The header for a push service. `contact`: where its operators reach those of this server."""
    from joserfc import jwt  # noqa: PLC0415 - see above
    from joserfc.jwk import ECKey  # noqa: PLC0415 - see above

    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + LIFE_SECONDS,
        "sub": contact,
    }
    token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, ECKey.import_key(key.private))
    return f"vapid t={token}, k={encoded(key.public)}"


def is_point(content: bytes) -> bool:
    """Whether it is a public key, as browsers have it."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - see above

    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), content)
    except ValueError:
        return False
    return point_of(public) == content


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as problem:
        message = "give it as base64url"
        raise ValueError(message) from problem
