"""Ports for servers that a test stops and starts again."""

import random
import socket

# Below those that systems give to whoever connects: a client that tries to reach a server that is
# away could otherwise be given the very port, and take it.
FIRST, LAST = 10_000, 32_000


def free_port() -> int:
    while True:
        port = random.randint(FIRST, LAST)
        if is_free(port):
            return port


def is_free(port: int) -> bool:
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False
