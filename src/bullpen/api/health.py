import asyncio

from fastapi import APIRouter, Response

from bullpen.api import schemas
from bullpen.api.answers import answer
from bullpen.api.state import DatabaseOf
from bullpen.kit.errors import DatabaseUnavailable

SECONDS = 2

router = APIRouter(prefix="/api/health", tags=["health"])


@router.get("", response_model=schemas.Health)
async def health(database: DatabaseOf) -> Response:
    """Answers 200 while the program itself is well, also while the database is away."""
    try:
        async with asyncio.timeout(SECONDS):
            await database.fetch("SELECT 1")
    except (DatabaseUnavailable, TimeoutError):
        return answer({"status": "ok", "database": "unavailable"})
    return answer({"status": "ok", "database": "connected"})
