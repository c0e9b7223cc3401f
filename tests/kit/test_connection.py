import asyncio
from uuid import UUID

import pytest
from tests.support.fixtures import TEMPLATE, database_of

from bullpen.kit.connection import Connection
from bullpen.kit.database import connect

ONE = UUID(int=1)
ARRAYS = [
    ("uuid[]", [ONE, None]),
    ("bigint[]", [1, 2]),
    ("boolean[]", [True, False]),
    ("jsonb[]", ['{"a": 1}']),
    ("name[]", ["a b"]),
]


async def read(url, sql, *args, pooled=False):
    """The value, and the statements that it took."""
    connection = await connect(url, pooled=pooled)
    statements = []
    connection.add_query_logger(lambda record: statements.append(record.query))
    try:
        return await connection.fetchval(sql, *args), statements
    finally:
        await connection.close()


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize(("kind", "value"), ARRAYS)
def test_what_an_array_is_made_of_is_asked_once_a_process(
    shared_url, monkeypatch, kind, value, pooled
):
    monkeypatch.setattr(Connection, "known", {})
    sql = f"SELECT $1::{kind}"
    first, asking = asyncio.run(read(shared_url, sql, value, pooled=pooled))
    again, statements = asyncio.run(read(shared_url, sql, value, pooled=pooled))
    assert first == again == value
    assert len(asking) > 1
    assert statements == [sql]


def test_types_of_a_database_are_its_own(monkeypatch):
    monkeypatch.setattr(Connection, "known", {})
    read_so = []
    for columns in ("one int, two uuid[]", "three text[], four boolean, five bigint[]"):
        with database_of(TEMPLATE) as url:
            asyncio.run(read(url, f"CREATE TABLE things ({columns})"))
            row = ", ".join(["NULL"] * len(columns.split(", ")))
            sql = f"SELECT ARRAY[ROW({row})::things]"
            ([found], _) = asyncio.run(read(url, sql))
            read_so.append(dict(found))
    assert read_so == [
        {"one": None, "two": None},
        {"three": None, "four": None, "five": None},
    ]
    assert all(oid < 16384 for oid in Connection.known)
