"""What statements rely on, whatever the server is configured to."""

import asyncio

import pytest
from tests.support.catalog import fetch
from tests.support.fixtures import address, complete
from tests.support.tools import pgbouncer

from bullpen.kit.database import Database

CONTRARY = {
    "jit": "on",
    "jit_above_cost": "0",
    "default_transaction_isolation": "serializable",
    "synchronous_commit": "off",
}
SHOWN = "SELECT current_setting('jit'), current_setting('transaction_isolation')"
PINNED = """
SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  AND 'enable_seqscan=off' = ANY (proconfig) AND NOT ('jit=off' = ANY (proconfig))
"""


@pytest.fixture
def contrary(url: str) -> str:
    name = url.rpartition("/")[2].partition("?")[0]
    for setting, value in CONTRARY.items():
        fetch(address("postgres"), f"ALTER DATABASE \"{name}\" SET {setting} = '{value}'")
    return url


async def shown(url: str) -> list[tuple[str, str]]:
    database = await Database.open(url)
    try:
        read = await database.fetch(SHOWN)
        written = await database.write(SHOWN)
        async with database.transaction() as connection:
            within = await connection.fetch(SHOWN)
    finally:
        await database.close()
    return [tuple(row) for row in (*read, *written, *within)]


def test_plans_are_not_compiled_and_what_waits_for_a_lock_does_not_fail(contrary: str):
    assert complete(shown(contrary)) == [("off", "read committed")] * 3


def test_the_same_holds_behind_a_pooler(contrary: str):
    with pgbouncer(contrary) as pooled:
        assert asyncio.run(shown(pooled)) == [("off", "read committed")] * 3


def test_functions_whose_plans_are_pinned_are_not_compiled(shared_url: str):
    assert fetch(shared_url, PINNED) == []


def test_a_post_and_its_answers_are_the_same_there(contrary: str, acting):
    answer = acting("michael").post("/api/messages", json={"channelId": "general", "text": "Hi"})
    assert answer.status_code == 201
    page = acting("pam").get("/api/channels/general/messages").json()
    assert page[-1]["text"] == "Hi"
