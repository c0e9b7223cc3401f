"""How many statements a request sends to the database, whatever the page's size."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar

import asyncpg
import httpx
import pytest
from tests.support.traces import insert_trace

from bullpen import app
from bullpen.kit import database

# The process also looks for events and answers all the time, whatever is asked of it.
OF_REQUEST = ContextVar("OF_REQUEST", default=False)


@pytest.fixture
def count(url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """The statements that one GET sends, once the program has warmed up."""
    statements: list[str] = []
    connect = database.connect

    async def watched(address: str, *, pooled: bool) -> asyncpg.Connection:
        connection = await connect(address, pooled=pooled)
        connection.add_query_logger(
            lambda query: statements.append(query.query) if OF_REQUEST.get() else None
        )
        return connection

    monkeypatch.setattr(database, "connect", watched)

    def get(path: str) -> list[str]:
        async def work() -> None:
            web = app.build(url, hosts=None)
            transport = httpx.ASGITransport(web)
            async with (
                web.router.lifespan_context(web),
                httpx.AsyncClient(transport=transport, base_url="http://test") as client,
            ):
                await client.get("/api/session")
                OF_REQUEST.set(True)
                assert (await client.get(path)).status_code == 200

        statements.clear()
        asyncio.run(work())
        return statements

    return get


@pytest.mark.ac("1.4.7")
@pytest.mark.parametrize("limit", [1, 3, 50, 200])
def test_a_page_of_messages_is_one_statement_whatever_its_size(count, run_sql, limit):
    run_sql(
        "INSERT INTO messages (channel_id, user_id, text)"
        " SELECT 'general', 'jim', 'more' FROM generate_series(1, 300)"
    )
    assert len(count(f"/api/channels/general/messages?limit={limit}")) == 1


@pytest.mark.ac("1.4.7")
def test_a_later_page_and_a_thread_are_one_statement_each(count, run_sql):
    root = run_sql(
        "SELECT parent_message_id FROM messages WHERE channel_id = 'general'"
        " AND parent_message_id IS NOT NULL LIMIT 1"
    )[0][0]
    assert len(count(f"/api/channels/general/messages?before={root}")) == 1
    assert len(count(f"/api/messages/{root}/replies")) == 1


@pytest.mark.parametrize("path", ["/api/users", "/api/channels", "/api/unreads", "/api/agents"])
def test_the_lists_of_the_first_screen_are_one_statement_each(count, path):
    assert len(count(path)) == 1


@pytest.mark.ac("1.6.4")
def test_a_trace_is_one_statement_whatever_its_size(count, run_sql):
    run_id = insert_trace(run_sql, 200)
    assert len(count(f"/api/runs/{run_id}")) == 1
