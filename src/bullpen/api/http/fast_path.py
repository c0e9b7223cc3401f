"""The way past the framework's layers, for the few routes whose time everybody waits for.

To find a route's arguments takes the framework as long as the SQL that they are for.
"""

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from bullpen.api.http import errors
from bullpen.api.http.traffic import MATCHED
from bullpen.kit.errors import AppError

FastHandler = Callable[[Request], Coroutine[Any, Any, Response]]


class FastRoute(APIRoute):
    """The endpoint's signature describes it all the same, here and in the document."""

    fast_handler: FastHandler
    with_query = True
    "whether requests with a query are for the fast handler as well"

    def make_fast_handler(self) -> FastHandler:
        raise NotImplementedError

    def get_route_handler(self) -> FastHandler:
        self.fast_handler = self.make_fast_handler()
        return self.fast_handler


class FastPath:
    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self.app = app
        self.routes = {
            method: [
                (route.path_regex.fullmatch, route)
                for route in routes
                if isinstance(route, FastRoute) and method in (route.methods or ())
            ]
            for method in ("GET", "POST")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for matching, route in self.routes.get(scope["method"], ()):
                found = matching(scope["path"])
                if found and (route.with_query or not scope["query_string"]):
                    scope.get(MATCHED, []).append(route.path)
                    scope = {**scope, "path_params": found.groupdict()}
                    await self.answer(route.fast_handler, Request(scope, receive), send)
                    return
        await self.app(scope, receive, send)

    async def answer(
        self, handler: Callable[[Request], Awaitable[Response]], request: Request, send: Send
    ) -> None:
        try:
            response = await handler(request)
        except AppError as problem:
            response = await errors.app_error(request, problem)
        except RequestValidationError as problem:
            response = await errors.invalid(request, problem)
        except HTTPException as problem:
            response = await errors.http_error(request, problem)
        await response(request.scope, request.receive, send)
