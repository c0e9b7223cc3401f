"""A database that refuses to write, or has no room: a 503 in words, which clients wait for."""

import asyncpg
import pytest
from tests.support.catalog import fetch
from tests.support.fixtures import address
from tests.support.serving import serving

from bullpen.kit.database import raise_app_error
from bullpen.kit.errors import DatabaseUnavailable


def test_a_database_that_became_read_only_says_so_and_still_reads(url: str):
    name = url.rpartition("/")[2].partition("?")[0]
    fetch(address("postgres"), f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    with serving(url) as served, served.client() as client:
        assert client.get("/api/channels/general/messages").status_code == 200
        answer = client.post("/api/messages", json={"channelId": "general", "text": "Kept?"})
        assert (answer.status_code, answer.json()) == (
            503,
            {
                "error": "The database is read-only right now, so nothing can be saved."
                " Try again later.",
                "code": "database_read_only",
            },
        )
        assert answer.headers["Retry-After"] == "1"
    [(stored,)] = fetch(url, "SELECT count(*) FROM messages WHERE text = 'Kept?'")
    assert stored == 0


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            asyncpg.DiskFullError,
            "The database's disk is full. Free some space on it, then try again.",
        ),
        (
            asyncpg.OutOfMemoryError,
            "The database has no room for this right now. Try again in a moment.",
        ),
        (
            asyncpg.TooManyConnectionsError,
            "The database has no room for this right now. Try again in a moment.",
        ),
        (
            asyncpg.CrashShutdownError,
            "The database cannot be reached right now. Try again in a moment.",
        ),
        (
            asyncpg.QueryCanceledError,
            "The database cannot be reached right now. Try again in a moment.",
        ),
    ],
)
def test_a_database_without_room_or_away_is_waited_for(problem: type[Exception], words: str):
    with pytest.raises(DatabaseUnavailable) as refused:
        raise_app_error(problem("could not extend file"))
    assert refused.value.message == words
