"""What is kept, and for how long."""

from collections.abc import Mapping

from asyncpg import Connection
from msgspec import Struct

from bullpen.audit.actions import Target, record
from bullpen.chat.previews import forget_previews
from bullpen.chat.retention import inherit_retention, set_retention, trim_messages
from bullpen.events.actions import trim_all
from bullpen.kit.database import Database
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import get_channel
from bullpen.memory.retention import trim_versions
from bullpen.runs.retention import trim_requests, trim_traces


class Retention(Struct, frozen=True):
    """0 stands for everything, for ever."""

    requests_days: int = 30
    traces_days: int = 0
    versions: int = 1000


async def trim(database: Database, kept: Retention) -> dict[str, int]:
    """Beside events. How much of each it removed."""
    removed: dict[str, int] = {}
    if (messages := await trim_messages(database)) is not None:
        removed["messages and threads"] = messages
    # A request refers to texts of its trace.
    if days := min(filter(None, (kept.requests_days, kept.traces_days)), default=0):
        removed["requests"] = await trim_requests(database, days)
    if kept.traces_days:
        removed["messages of traces"] = await trim_traces(database, kept.traces_days)
    if kept.versions:
        removed["versions of memory"] = await trim_versions(database, kept.versions)
    await forget_previews(database)
    return removed


async def trim_everything(database: Database, kept: Retention) -> None:
    await trim_all(database)
    await trim(database, kept)


async def change_channel_retention(
    connection: Connection, actor: Actor, channel_id: str, days: int | None, *, inherited: bool
) -> None:
    await get_channel(connection, actor, channel_id)
    require(actor, Permission.SET_RETENTION)
    if inherited:
        await inherit_retention(connection, channel_id)
    else:
        await set_retention(connection, channel_id, days)
    details = {"inherited": True} if inherited else {"days": days}
    await note_change(connection, actor, Target("channel", channel_id), details)


async def change_workspace_retention(
    connection: Connection, actor: Actor, days: int | None
) -> None:
    require(actor, Permission.SET_RETENTION)
    await set_retention(connection, None, days)
    await note_change(connection, actor, Target("workspace", "workspace"), {"days": days})


async def note_change(
    connection: Connection, actor: Actor, target: Target, details: Mapping[str, object]
) -> None:
    await record(
        connection,
        actor.user_id,
        "retention.changed",
        target,
        details=details,
        address=actor.address,
    )
