"""Builds the web application."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from bullpen import __version__
from bullpen.agents.keys import Keys
from bullpen.api import (
    agents,
    budgets,
    channels,
    client,
    docs,
    errors,
    health,
    memory,
    messages,
    notes,
    policies,
    posting,
    prompts,
    recurring,
    runs,
    scheduled,
    search,
    session,
    sse,
    unreads,
    users,
)
from bullpen.api.admission import Admission
from bullpen.api.direct import Shortcut
from bullpen.api.guard import Guard
from bullpen.api.limits import Limits, Usage
from bullpen.api.live import following
from bullpen.api.numbered import Numbered
from bullpen.api.retention import Retention
from bullpen.api.state import State
from bullpen.chat.posting import Poster
from bullpen.kit.database import Database, patiently

LIMITS = Limits()
KEPT = Retention()
# The first are found first.
DIRECT = (messages.pages, posting.router)
ROUTERS = (
    *DIRECT,
    messages.router,
    *(module.router for module in (health, session, users, agents, channels, unreads, search, sse)),
    *(module.router for module in (memory, notes, scheduled, recurring, runs, policies)),
    *(module.router for module in (budgets, prompts)),
)


def build(  # noqa: PLR0913 - each by its name
    database_url: str,
    *,
    token: str | None,
    hosts: Iterable[str] | None,
    unpooled_url: str | None = None,
    agents_answer: bool = False,
    keys: Keys | None = None,
    zone: tzinfo = UTC,
    limits: Limits = LIMITS,
    kept: Retention = KEPT,
) -> FastAPI:
    """`hosts`: the names it answers to; None for any. The database is opened as it starts."""
    browser = client.load()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # It was there a moment ago, and may be starting again.
        database = await patiently(lambda: Database.open(database_url))
        # A pooler that hands out servers by the transaction passes no notifications on.
        listening = unpooled_url or (None if database.pooled else database_url)
        async with following(database, listening, kept) as live:
            poster = Poster(database, asks=agents_answer)
            app.state.bullpen = State(database, token, live, poster, keys or Keys(), zone)
            try:
                yield
            finally:
                await database.close()

    app = FastAPI(
        title="Bullpen",
        version=__version__,
        summary="A team chat whose teammates are AI agents.",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(Guard, hosts=hosts),
            Middleware(client.Static, client=browser),
            Middleware(Admission, usage=Usage(limits)),
            Middleware(Numbered),
            Middleware(
                GZipMiddleware,
                minimum_size=1000,
                compresslevel=5,
                exclude_content_types=("text/event-stream",),
            ),
            Middleware(Shortcut, routes=[route for router in DIRECT for route in router.routes]),
        ],
    )
    errors.install(app)
    for router in ROUTERS:
        app.include_router(router)
    docs.install(app, browser)
    client.install(app, browser)
    return app
