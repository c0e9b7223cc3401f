"""Counts the requests of this process and measures how long their answers took to begin."""

import time
from bisect import bisect_left

from msgspec import Struct
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Upper limits in seconds; a last bucket holds all that is above.
LIMITS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# In the scope: a list that `FastPath` adds its route's path to.
MATCHED = "bullpen.matched"
OTHER = "other"
# As web servers log a request whose client left before there was an answer.
CLIENT_LEFT = 499


class Seconds(Struct):
    """A histogram: how many answers each bucket holds, and the sum of all."""

    counts: list[int]
    total: float = 0.0


class Traffic:
    def __init__(self) -> None:
        self.requests: dict[tuple[str, str, int], int] = {}
        self.seconds: dict[tuple[str, str], Seconds] = {}

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        key = (method, route, status)
        self.requests[key] = self.requests.get(key, 0) + 1
        found = self.seconds.get((method, route))
        if found is None:
            found = self.seconds[method, route] = Seconds([0] * (len(LIMITS) + 1))
        found.counts[bisect_left(LIMITS, seconds)] += 1
        found.total += seconds


class TrafficCounter:
    """Outside of all other layers, so that what they refuse is counted."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self.app = app
        self.traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        matched: list[str] = []
        scope[MATCHED] = matched
        begin = time.perf_counter()
        answered = False

        def note(status: int) -> None:
            nonlocal answered
            if not answered:
                answered = True
                method = scope["method"] if scope["method"] in METHODS else OTHER
                seconds = time.perf_counter() - begin
                self.traffic.note(method, route_of(scope, matched), status, seconds)

        async def send_counted(message: Message) -> None:
            # A stream's body goes on for minutes.
            if message["type"] == "http.response.start":
                note(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, send_counted)
        except Exception:
            note(500)
            raise
        finally:
            note(CLIENT_LEFT)


def route_of(scope: Scope, matched: list[str]) -> str:
    """The template, never the path itself: that names channels, and has no end of values."""
    if matched:
        return matched[0]
    if scope["path"].startswith("/static/"):
        return "/static/{file}"
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else OTHER
