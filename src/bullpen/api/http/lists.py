"""The lists that every first view asks for, without the framework's layers."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from bullpen.api.http.dependencies import identified_actor
from bullpen.api.http.fast_path import FastHandler, FastRoute
from bullpen.api.http.state import state_of


class ListRoute(FastRoute):
    """Calls `endpoint(request, database, actor)`; the framework reads the queries of others."""

    with_query = False

    def make_fast_handler(self) -> FastHandler:
        endpoint: Callable[..., Coroutine[Any, Any, Response]] = self.endpoint

        async def handle(request: Request) -> Response:
            actor = await identified_actor(request)
            return await endpoint(request, state_of(request).database, actor)

        return handle

    def get_route_handler(self) -> FastHandler:
        self.fast_handler = self.make_fast_handler()
        return APIRoute.get_route_handler(self)
