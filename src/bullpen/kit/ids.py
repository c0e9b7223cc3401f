"""Ids in the order in which one process made them (UUID version 7, RFC 9562)."""

import secrets
import time
from uuid import UUID

# A millisecond holds 4,096 of them, in the 12 bits that the RFC leaves to a fraction.
_last = 0


def new_id() -> UUID:
    global _last  # noqa: PLW0603 - the order must also hold when the clock steps back
    _last = max(_last + 1, time.time_ns() * 4096 // 1_000_000)
    milliseconds, fraction = divmod(_last, 4096)
    random = secrets.randbits(62)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random)
