"""Compresses answers, but no files: parts of them are asked for by their bytes."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from bullpen.api.http.uploads import FILES


class Compression(GZipMiddleware):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{FILES}/"):
            await self.app(scope, receive, send)
            return
        await super().__call__(scope, receive, send)
