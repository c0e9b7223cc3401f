"""SQLAlchemy's engine, which migrations run on."""

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bullpen.kit.database import connect, is_pooled


async def make_engine(url: str) -> AsyncEngine:
    pooled = await is_pooled(url)

    async def creator() -> asyncpg.Connection:
        return await connect(url, pooled=pooled)

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=creator,
        poolclass=NullPool,
        connect_args={"prepared_statement_cache_size": 0} if pooled else {},
    )
