"""The address in a digest that switches digests off, without sign-in (RFC 8058)."""

import base64
import hmac

from bullpen.kit.sealing import derive

PATH = "/unsubscribe"
PURPOSE = "unsubscribe"


def address(base_url: str, key: str, user_id: str) -> str:
    return f"{base_url}{PATH}?code={token(key, user_id)}"


def token(key: str, user_id: str) -> str:
    """It is valid for as long as the key: an e-mail may be read years later."""
    return f"{encoded(user_id.encode())}.{encoded(signature(key, user_id))}"


def owner(key: str, text: str) -> str | None:
    """Whose token it is; None where nobody has made it."""
    name, _, _ = text.partition(".")
    try:
        user_id = base64.b64decode(name + "=" * (-len(name) % 4), b"-_", validate=True).decode()
    except ValueError:
        return None
    right = hmac.compare_digest(token(key, user_id).encode(), text.encode())
    return user_id if right else None


def signature(key: str, user_id: str) -> bytes:
    return hmac.digest(derive(key, PURPOSE), user_id.encode(), "sha256")


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
