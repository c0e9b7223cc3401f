"""How much one user may do in a minute, counted in each web process for itself."""

import math
import time
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import TooMany

Kind = Literal["messages", "kilobytes", "changes", "made", "plans", "files", "reads", "anonymous"]
MINUTE = 60.0
# After a quiet minute a user has the whole limit again and need not be remembered.
REMEMBERED = 10_000

WORDS: dict[Kind, str] = {
    "messages": "messages",
    "kilobytes": "kilobytes",
    "changes": "changes",
    "made": "new channels and agents",
    "plans": "scheduled messages",
    "files": "files",
    "reads": "requests",
    "anonymous": "requests without a sign-in",
}


class Limits(Struct, frozen=True):
    """Of one user in a minute, `anonymous` of one client address; 0 stands for no limit. All of a
    minute may come at once.

    These are for a loopback address: far above what people and agents do, and what a script of
    one's own does, and low enough that no program fills the disk by mistake.
    """

    messages: int = 120_000
    kilobytes: int = 32_000
    changes: int = 60_000
    made: int = 150
    plans: int = 150
    files: int = 60_000
    reads: int = 120_000
    anonymous: int = 120_000


ON_A_NETWORK = Limits(
    messages=600,
    kilobytes=8_000,
    changes=1_200,
    made=60,
    plans=60,
    files=300,
    reads=6_000,
    anonymous=600,
)


# No user's id has a space.
OF_TOKEN = "token "  # noqa: S105 - no secret


def of_token(token_id: object) -> str:
    """Counts one API token, which may use half of its user's limit: the other half is left to the
    user, whatever a program does."""
    return f"{OF_TOKEN}{token_id}"


class Usage:
    """Token buckets. What is only known afterwards, as a body's size, may overdraw one."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._now = now
        # What is left, and when that was so.
        self._left: dict[tuple[str, Kind], tuple[float, float]] = {}
        self._most_remembered = REMEMBERED

    def charge(self, counted: str, kind: Kind, amount: float = 1.0) -> None:
        """Raises where nothing was left before. `counted`: a user's id, a client's address, or a
        token, see `of_token`."""
        most = self._most(counted, kind)
        if not most:
            return
        left = self.left(counted, kind)
        if left < 1:
            wait = math.ceil((1 - left) * MINUTE / most)
            raise TooMany(
                ErrorCode.RATE_LIMITED,
                f"You have reached the limit of {most:,} {WORDS[kind]} per minute. Nothing was"
                f" changed. Try again in {wait:,} {'second' if wait == 1 else 'seconds'}.",
                retry_after=wait,
            )
        self.take(counted, kind, amount)

    def take(self, counted: str, kind: Kind, amount: float) -> None:
        if self._most(counted, kind):
            self._left[counted, kind] = (self.left(counted, kind) - amount, self._now())
            if len(self._left) > self._most_remembered:
                self._forget()

    def left(self, counted: str, kind: Kind) -> float:
        most = self._most(counted, kind)
        left, since = self._left.get((counted, kind), (most, 0.0))
        return min(left + (self._now() - since) * most / MINUTE, most)

    def _most(self, counted: str, kind: Kind) -> int:
        most: int = getattr(self._limits, kind)
        return math.ceil(most / 2) if counted.startswith(OF_TOKEN) else most

    @property
    def remembered(self) -> int:
        return len(self._left)

    def _forget(self) -> None:
        before = self._now() - MINUTE
        self._left = {key: value for key, value in self._left.items() if value[1] > before}
        # Many addresses at once must not make each request look through all of them.
        self._most_remembered = max(REMEMBERED, 2 * len(self._left))
