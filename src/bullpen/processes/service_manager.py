"""Tells systemd how far the program is, where systemd waits for that (`Type=notify`)."""

import socket
import sys
from contextlib import suppress

READY = "READY=1"
STOPPING = "STOPPING=1"


def notify(address: str | None, state: str) -> None:
    """`address` is the setting NOTIFY_SOCKET."""
    if not address or sys.platform == "win32":
        return
    if address.startswith("@"):
        # A name that is no file.
        address = "\0" + address[1:]
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.sendto(state.encode(), address)
