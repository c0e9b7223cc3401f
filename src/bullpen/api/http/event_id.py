"""Says of every answer up to which event it is complete, so that a client can go on from there."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bullpen.api.http.state import State

HEADER = "x-event-id"


class EventIdHeader:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not is_read(scope["path"]):
            await self.app(scope, receive, send)
            return
        state: State = scope["app"].state.bullpen
        # Before anything is read: what is read later has seen at least as much.
        number = str(state.hub.subscriber.known)

        async def send_numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault(HEADER, number)
            await send(message)

        await self.app(scope, receive, send_numbered)


def is_read(path: str) -> bool:
    return path.startswith("/api/") and path != "/api/sse"
