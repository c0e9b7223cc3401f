"""What is kept, and for how long."""

from msgspec import Struct

from bullpen.events.actions import trim_all
from bullpen.kit.database import Database
from bullpen.memory.retention import trim_versions
from bullpen.runs.retention import trim_requests, trim_traces


class Retention(Struct, frozen=True):
    """0 stands for everything, for ever."""

    requests_days: int = 30
    traces_days: int = 0
    versions: int = 1000


async def trim(database: Database, kept: Retention) -> dict[str, int]:
    """Beside events. How much of each it removed."""
    removed = {}
    # A request refers to texts of its trace.
    if days := min(filter(None, (kept.requests_days, kept.traces_days)), default=0):
        removed["requests"] = await trim_requests(database, days)
    if kept.traces_days:
        removed["messages of traces"] = await trim_traces(database, kept.traces_days)
    if kept.versions:
        removed["versions of memory"] = await trim_versions(database, kept.versions)
    return removed


async def trim_everything(database: Database, kept: Retention) -> None:
    await trim_all(database)
    await trim(database, kept)
