"""Who asks for a change, and whether they have asked for too many: before its body is kept."""

import asyncio

from fastapi import HTTPException, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bullpen.api.http import errors
from bullpen.api.http.dependencies import identified_actor
from bullpen.api.http.limits import Kind, Usage
from bullpen.api.http.methods import CHANGING
from bullpen.kit.errors import AppError

KINDS: dict[tuple[str, str], Kind] = {
    ("POST", "/api/messages"): "messages",
    ("POST", "/api/channels"): "made",
    ("POST", "/api/agents"): "made",
    ("POST", "/api/scheduled"): "plans",
    ("POST", "/api/recurring"): "plans",
}

# A client that is still sending when the connection closes may lose the answer.
DROPPING_SECONDS = 1.0


class Admission:
    def __init__(self, app: ASGIApp, usage: Usage) -> None:
        self.app = app
        self.usage = usage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_change = scope["type"] == "http" and scope["method"] in CHANGING
        if not is_change or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            user_id = (await identified_actor(request)).user_id
            self.usage.charge(user_id, "kilobytes", 0)
            self.usage.charge(user_id, KINDS.get((scope["method"], scope["path"]), "changes"))
        except AppError as problem:
            refused = await errors.app_error(request, problem)
            if not await drop_body(receive):
                # The rest of the body is not read, so the connection cannot be used again.
                refused.headers["Connection"] = "close"
            await refused(scope, receive, send)
            return

        async def receive_counted() -> Message:
            message = await receive()
            if body := message.get("body"):
                self.usage.take(user_id, "kilobytes", len(body) / 1000)
            return message

        await self.app(scope, receive_counted, send)


async def drop_body(receive: Receive) -> bool:
    """Drops a body as it arrives; false if it is slow, or larger than the guard lets through."""
    try:
        async with asyncio.timeout(DROPPING_SECONDS):
            while (await receive()).get("more_body", False):
                pass
    except (TimeoutError, HTTPException):
        return False
    return True
