import asyncio

from fastapi import APIRouter, Response

from bullpen.api.http import schemas
from bullpen.api.http.dependencies import DatabaseDep
from bullpen.api.http.responses import json_response
from bullpen.kit.errors import DatabaseUnavailable

SECONDS = 2

router = APIRouter(prefix="/api/health", tags=["health"])


@router.get("", response_model=schemas.Health)
async def health(database: DatabaseDep) -> Response:
    """Answers 200 while the program itself is well, also while the database is away."""
    try:
        async with asyncio.timeout(SECONDS):
            await database.fetch("SELECT 1")
    except (DatabaseUnavailable, TimeoutError):
        return json_response({"status": "ok", "database": "unavailable"})
    return json_response({"status": "ok", "database": "connected"})
