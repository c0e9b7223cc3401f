"""Builds the web application."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.middleware import Middleware

from bullpen import __version__
from bullpen.accounts.passwords import warm_up
from bullpen.accounts.team import Team
from bullpen.agents.connections import Secret
from bullpen.agents.model_settings import ModelSettings
from bullpen.api.browser import client
from bullpen.api.http import errors
from bullpen.api.http.admission import Admission
from bullpen.api.http.compression import Compression
from bullpen.api.http.event_id import EventIdHeader
from bullpen.api.http.fast_path import FastPath
from bullpen.api.http.figures import Process
from bullpen.api.http.guard import Guard
from bullpen.api.http.limits import Limits, Usage
from bullpen.api.http.responses import WORTH_COMPRESSING
from bullpen.api.http.sources import Sources
from bullpen.api.http.state import State
from bullpen.api.http.tokens import Tokens
from bullpen.api.http.traffic import Traffic, TrafficCounter
from bullpen.api.realtime.hub import run_hub
from bullpen.api.realtime.revoked import end_revoked
from bullpen.api.routers import ROUTERS
from bullpen.api.routes import docs
from bullpen.chat.file_search import keep_reading
from bullpen.chat.preview_fetching import LinkPreviewer
from bullpen.chat.send import MessageBatcher
from bullpen.files.uploads import keep_removing
from bullpen.kit.database import Database, patiently
from bullpen.kit.web_pages import PageReader
from bullpen.push.subscriptions import forget_unsigned
from bullpen.workspace.retention import Retention

if TYPE_CHECKING:
    from bullpen.accounts import oauth, oidc

LIMITS = Limits()
KEPT = Retention()
LARGEST_FILE = 4_000_000_000


def build(  # noqa: PLR0913 - each by its name
    database_url: str,
    *,
    hosts: Iterable[str] | None,
    unpooled_url: str | None = None,
    agents_answer: bool = False,
    model_settings: ModelSettings | None = None,
    secret: Secret | None = None,
    zone: tzinfo = UTC,
    limits: Limits = LIMITS,
    kept: Retention = KEPT,
    trusted_proxies: Iterable[str] = (),
    public_url: str | None = None,
    team: Team | None = None,
    open_metrics: bool = False,
    figures_folder: str | None = None,
    largest_file: int = LARGEST_FILE,
    preview_networks: Iterable[str] = (),
) -> FastAPI:
    """`hosts`: the names it answers to; None for any. `team`: None for demo mode. The
    database is opened as it starts."""
    browser = client.load().in_mode(team=team is not None)
    usage = Usage(limits)
    routes = [route for router in ROUTERS for route in router.routes]
    traffic = Traffic()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # It was there a moment ago, and may be starting again.
        database = await patiently(lambda: Database.open(database_url))
        # A pooler that hands out servers by the transaction passes no notifications on.
        listening = unpooled_url or (None if database.pooled else database_url)
        shows_thinking = (model_settings or ModelSettings()).shows_thinking
        previewer = LinkPreviewer(
            database,
            PageReader(preview_networks),
            is_demo=team is None,
            own_host=urlsplit(public_url).hostname if public_url else None,
        )
        async with run_hub(
            database, listening, kept, previewer, shows_thinking=shows_thinking
        ) as hub:
            batcher = MessageBatcher(database, asks=agents_answer)
            process = Process(database, hub, traffic, figures_folder)
            state = State(
                *(database, team, hub, batcher, model_settings or ModelSettings(), zone),
                *(
                    process,
                    open_metrics,
                    oidc_client(team),
                    secret,
                    oauth_client(team),
                    largest_file,
                ),
            )
            app.state.bullpen = state
            if team is not None:
                state.start(warm_up())
                await forget_unsigned(database)
            tasks = [
                asyncio.create_task(work)
                for work in (
                    end_revoked(database, hub.streams, state.sessions),
                    process.keep_writing(),
                    keep_removing(database),
                    keep_reading(database),
                )
            ]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await state.finish()
                await database.close()
                # What one has open, such as the process that reads a PDF, it closes now.
                await asyncio.gather(*tasks, return_exceptions=True)

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
            Middleware(TrafficCounter, traffic=traffic),
            Middleware(Sources, trusted=trusted_proxies, public_url=public_url),
            Middleware(Guard, hosts=hosts, public_url=public_url, largest_file=largest_file),
            Middleware(client.Static, client=browser),
            Middleware(Tokens, routes=routes, usage=usage),
            Middleware(Admission, usage=usage),
            Middleware(EventIdHeader),
            Middleware(
                Compression,
                minimum_size=WORTH_COMPRESSING,
                compresslevel=5,
                exclude_content_types=("text/event-stream",),
            ),
            Middleware(FastPath, routes=routes),
        ],
    )
    errors.install(app)
    # Not `include_router`, which builds each route a second time at an application's first request.
    app.router.routes.extend(routes)
    docs.install(app, browser)
    client.install(app, browser)
    return app


def oidc_client(team: Team | None) -> "oidc.Client | None":
    if team is None or team.oidc is None:
        return None
    from bullpen.accounts import oidc  # noqa: PLC0415 - takes a second to load

    return oidc.Client(team.oidc)


def oauth_client(team: Team | None) -> "oauth.Client | None":
    if team is None or team.oauth is None:
        return None
    from bullpen.accounts import oauth  # noqa: PLC0415 - takes a second to load

    return oauth.Client(team.oauth)
