"""What a worker does, in a test without one."""

from tests.support.fixtures import complete

from bullpen.agents.scheduler import fire_due
from bullpen.kit.database import Database


def look(url: str) -> None:
    """As the worker does every second."""

    async def work() -> None:
        database = await Database.open(url)
        await fire_due(database)
        await database.close()

    complete(work())
