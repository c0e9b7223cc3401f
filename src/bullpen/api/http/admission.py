"""Who sends a request below /api/, and whether they have sent too many: before a body is kept."""

import asyncio

from fastapi import HTTPException, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bullpen.api.http import errors
from bullpen.api.http.bearer import access_of
from bullpen.api.http.dependencies import identified_actor
from bullpen.api.http.limits import Kind, Usage, of_token
from bullpen.api.http.methods import CHANGING
from bullpen.api.http.public import PUBLIC
from bullpen.api.http.sources import client_network
from bullpen.kit.errors import AppError, SignInRequired, TooMany
from bullpen.members.actor import Actor

KINDS: dict[tuple[str, str], Kind] = {
    ("POST", "/api/messages"): "messages",
    ("POST", "/api/files"): "files",
    ("POST", "/api/channels"): "made",
    ("POST", "/api/agents"): "made",
    ("POST", "/api/scheduled"): "plans",
    ("POST", "/api/recurring"): "plans",
}

# Monitoring asks it often, also while the database is away.
UNCOUNTED = "/api/health"
# A client that is still sending when the connection closes may lose the answer.
DROPPING_SECONDS = 1.0


class Admission:
    def __init__(self, app: ASGIApp, usage: Usage) -> None:
        self.app = app
        self.usage = usage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith("/api/") or path == UNCOUNTED:
            await self.app(scope, receive, send)
        elif scope["method"] in CHANGING:
            await self.admit_change(scope, receive, send)
        else:
            await self.admit_read(scope, receive, send)

    async def admit_read(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            for payer in await self.payers(request):
                self.usage.charge(payer, "reads")
        except TooMany as problem:
            await (await errors.app_error(request, problem))(scope, receive, send)
            return
        except AppError:
            # Some routes answer everybody; the others refuse it themselves.
            pass
        await self.app(scope, receive, send)

    async def payers(self, request: Request) -> list[str]:
        """Whose limits count: the user's, and before it that of the API token. Where somebody is
        about to sign in, those of the network that they come from."""
        if (request.method, request.url.path) in PUBLIC:
            network = client_network(request)
            self.usage.charge(network, "anonymous")
            return [network]
        user_id = (await self.identify(request)).user_id
        access = access_of(request)
        return [user_id] if access is None else [of_token(access.token_id), user_id]

    async def identify(self, request: Request) -> Actor:
        """Who tries many sessions is refused by their address."""
        try:
            return await identified_actor(request)
        except SignInRequired:
            self.usage.charge(client_network(request), "anonymous")
            raise

    async def admit_change(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            payers = await self.payers(request)
            kind = KINDS.get((scope["method"], scope["path"]), "changes")
            for payer in payers:
                self.usage.charge(payer, "kilobytes", 0)
                self.usage.charge(payer, kind)
        except AppError as problem:
            refused = await errors.app_error(request, problem)
            if not await drop_body(receive):
                # The rest of the body is not read, so the connection cannot be used again.
                refused.headers["Connection"] = "close"
            await refused(scope, receive, send)
            return

        async def receive_counted() -> Message:
            message = await receive()
            # Files have a limit of their own.
            if kind != "files" and (body := message.get("body")):
                for payer in payers:
                    self.usage.take(payer, "kilobytes", len(body) / 1000)
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
