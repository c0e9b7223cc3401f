"""Statements that run in one transaction, and the constraint that refuses them."""

import asyncpg
import pytest
from tests.support.catalog import contents
from tests.support.fixtures import complete

from bullpen.kit.database import connect

Statement = tuple[object, ...]


def transaction(url: str, *statements: Statement) -> None:
    async def work() -> None:
        connection = await connect(url, pooled=False)
        try:
            async with connection.transaction():
                for sql, *args in statements:
                    await connection.execute(sql, *args)
        finally:
            await connection.close()

    complete(work())


def refusal(url: str, *statements: Statement) -> str:
    """The constraint that the transaction breaks; it leaves every table as it was."""
    before = contents(url)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        transaction(url, *statements)
    assert contents(url) == before
    return str(refused.value.constraint_name)
