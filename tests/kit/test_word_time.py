"""No text keeps the database busy: every kind of tests/cases/pathological.json, in CPU time."""

from pathlib import Path

import asyncpg
from tests.support.fixtures import complete
from tests.support.pathological import texts

from bullpen.kit import fulltext

MOST_SECONDS = 0.2
PID = "SELECT pg_backend_pid()"
# A message or passage as it is indexed, and a query as it is looked up.
PLACES = {
    "message": ("SELECT length(words_of($1))", lambda text: text),
    "query": (
        "SELECT numnode(query_of($1::jsonb)), stem_terms($1::jsonb)",
        lambda text: fulltext.terms_json(fulltext.read_terms(text[: fulltext.LONGEST_SEARCH])),
    ),
}


def cpu_seconds(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


async def slow_texts(url: str) -> dict[tuple[str, str], float]:
    connection = await asyncpg.connect(url)
    try:
        pid = await connection.fetchval(PID)
        slow = {}
        for name, text in texts().items():
            for place, (sql, given) in PLACES.items():
                before = cpu_seconds(pid)
                await connection.fetchval(sql, given(text))
                taken = cpu_seconds(pid) - before
                if taken > MOST_SECONDS:
                    slow[place, name] = taken
        return slow
    finally:
        await connection.close()


def test_no_text_keeps_the_database_busy(shared_url: str):
    assert complete(slow_texts(shared_url)) == {}
