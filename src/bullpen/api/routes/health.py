import asyncio
from typing import Annotated, Literal

from msgspec import Meta, Struct

from bullpen.api.http.dependencies import DatabaseDep
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.kit.errors import DatabaseUnavailable

SECONDS = 2


class Health(Struct):
    """Whether the server can work."""

    status: Annotated[Literal["ok"], Meta(description="Always `ok`: the server answers.")]
    database: Annotated[
        Literal["connected", "unavailable"], Meta(description="Whether it reaches its database.")
    ]


router = Router(prefix="/api/health", tags=["health"])


@router.get("")
async def health(database: DatabaseDep) -> JsonResponse[Health]:
    """Check the server.

    Returns 200 while the server runs, even if its database cannot be reached. Needs no session.
    """
    try:
        async with asyncio.timeout(SECONDS):
            await database.fetch("SELECT 1")
    except (DatabaseUnavailable, TimeoutError):
        return json_response(Health("ok", "unavailable"))
    return json_response(Health("ok", "connected"))
