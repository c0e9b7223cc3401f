"""Who did what: the audit log, and its export."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any, Literal

import msgspec
from fastapi import Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from bullpen.api.http.csv_rows import csv_rows
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Id, Text
from bullpen.api.http.pagination import Limit
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.members.audit_log import (
    AuditEntries,
    AuditEntry,
    AuditFilter,
    all_entries,
    list_entries,
)
from bullpen.members.permissions import Permission, require

router = Router(prefix="/api/audit", tags=["audit"])

FIELDS = ("id", "at", "actorId", "action", "targetKind", "targetId", "details", "address")


class AuditQuery(BaseModel):
    actor: Annotated[Id | None, Field(description="Only what this user did.")] = None
    action: Annotated[
        Text | None,
        Field(max_length=100, description="Only this action, or this area, such as `channel`."),
    ] = None
    target: Annotated[Id | None, Field(description="Only what was done to this id.")] = None
    since: Annotated[
        AwareDatetime | None, Field(alias="from", description="Only from this time on.")
    ] = None
    until: Annotated[
        AwareDatetime | None, Field(alias="to", description="Only before this time.")
    ] = None

    @property
    def wanted(self) -> AuditFilter:
        return AuditFilter(self.actor, self.action, self.target, self.since, self.until)


class AuditPageQuery(AuditQuery):
    cursor: Annotated[
        int | None, Field(ge=1, le=2**63 - 1, description="`nextCursor` of the previous page.")
    ] = None
    limit: Limit = 50


class AuditExportQuery(AuditQuery):
    format: Annotated[
        Literal["csv", "jsonl"], Field(description="CSV, or one JSON object a line.")
    ] = "csv"


@router.get("")
async def list_audit(
    query: Annotated[AuditPageQuery, Query()], database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[AuditEntries]:
    """List the audit log.

    Newest first. Only owners and admins can do this.
    """
    found = await list_entries(
        database, actor, query.wanted, cursor=query.cursor, limit=query.limit
    )
    return json_response(found)


DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The entries, newest first.",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}


@router.get("/export", response_class=Response, responses=DESCRIBED)
async def export_audit(
    query: Annotated[AuditExportQuery, Query()], database: DatabaseDep, actor: CurrentActor
) -> Response:
    """Export the audit log.

    All entries that match, as a file. Only owners and admins can do this.
    """
    require(actor, Permission.READ_AUDIT)
    head, written, kind = FORMATS[query.format]

    async def content() -> AsyncIterator[str]:
        yield head
        async for entries in all_entries(database, actor, query.wanted):
            yield written(entries)

    disposition = f'attachment; filename="audit.{query.format}"'
    return StreamingResponse(
        content(), media_type=kind, headers={"Content-Disposition": disposition}
    )


def as_csv(entries: Sequence[AuditEntry]) -> str:
    return csv_rows(
        [
            (e.id, e.at, e.actor_id, e.action, e.target_kind, e.target_id,
             bytes(e.details).decode(), e.address)
            for e in entries
        ]
    )  # fmt: skip


def as_lines(entries: Sequence[AuditEntry]) -> str:
    return "".join(f"{msgspec.json.encode(entry).decode()}\n" for entry in entries)


FORMATS: dict[str, tuple[str, Callable[[Sequence[AuditEntry]], str], str]] = {
    "csv": (csv_rows([FIELDS]), as_csv, "text/csv; charset=utf-8"),
    "jsonl": ("", as_lines, "application/x-ndjson"),
}
