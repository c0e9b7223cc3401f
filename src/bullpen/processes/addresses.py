"""The address that people open, as far as the settings tell."""

import socket

from bullpen.settings import Settings


def base_url(settings: Settings, port: int) -> str:
    """What the addresses of pages begin with, and links that are sent to people."""
    if settings.public_url is not None:
        return settings.public_url
    host = settings.host
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = socket.gethostname()
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"
