"""Reads of the audit log."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from asyncpg import Record
from msgspec import Meta, Raw, Struct

from bullpen.kit.database import Database, Reader
from bullpen.kit.json_types import Time
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require

EXPORTED_AT_ONCE = 1000


class AuditEntry(Struct, rename="camel"):
    """Something that somebody did, and from where."""

    id: Annotated[int, Meta(description="Number of the entry, rising.")]
    at: Annotated[Time, Meta(description="When it was done.")]
    actor_id: Annotated[
        str | None, Meta(description="Id of the user who did it; null for the command line.")
    ]
    action: Annotated[str, Meta(description="What was done, such as `channel.archived`.")]
    target_kind: Annotated[str | None, Meta(description="What was changed, such as `channel`.")]
    target_id: Annotated[str | None, Meta(description="Id of what was changed.")]
    details: Annotated[Raw, Meta(description="An object with more about it.")]
    address: Annotated[
        str | None, Meta(description="Address that the request came from, if there was one.")
    ]


class AuditEntries(Struct, rename="camel"):
    """One page of the audit log."""

    entries: Annotated[list[AuditEntry], Meta(description="Newest first.")]
    next_cursor: Annotated[
        int | None, Meta(description="Pass as `cursor` for older entries. Null on the last page.")
    ]


class AuditFilter(NamedTuple):
    """Each field that is not None narrows the list. `action` may be an area, such as `channel`."""

    actor_id: str | None = None
    action: str | None = None
    target_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


LIST = """
SELECT id, at, actor_id, action, target_kind, target_id, details::text, address FROM audit_log
WHERE ($1::text IS NULL OR actor_id = $1)
  AND ($2::text IS NULL OR action = $2 OR starts_with(action, $2 || '.'))
  AND ($3::text IS NULL OR target_id = $3)
  AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)
  AND ($6::bigint IS NULL OR id < $6)
ORDER BY id DESC LIMIT $7
"""


async def list_entries(
    reader: Reader, actor: Actor, wanted: AuditFilter, *, cursor: int | None, limit: int
) -> AuditEntries:
    require(actor, Permission.READ_AUDIT)
    rows = await reader.fetch(LIST, *wanted, cursor, limit + 1)
    entries = [entry(row) for row in rows[:limit]]
    return AuditEntries(entries, entries[-1].id if len(rows) > limit else None)


def entry(row: Record) -> AuditEntry:
    *before, details, address = row
    values: list[Any] = [*before, Raw(details.encode()), address]
    return AuditEntry(*values)


async def all_entries(
    database: Database, actor: Actor, wanted: AuditFilter
) -> AsyncIterator[list[AuditEntry]]:
    """In portions, newest first."""
    cursor: int | None = None
    while True:
        page = await list_entries(database, actor, wanted, cursor=cursor, limit=EXPORTED_AT_ONCE)
        yield page.entries
        cursor = page.next_cursor
        if cursor is None:
            return
