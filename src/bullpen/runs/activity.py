"""All runs of all agents that the actor may see, each with what it answered and what came of it.

One statement a page, for any filter: it finds the page on an index first, and reads the
rest for the rows of the page alone.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Meta, Struct

from bullpen.kit.database import Database, Reader
from bullpen.kit.json_types import ChannelId, MessageId
from bullpen.members.access import ACTIVE, is_guest, readable
from bullpen.members.actor import Actor
from bullpen.members.permissions import Permission, require
from bullpen.runs.queries import Run
from bullpen.runs.values import RunKind, RunStatus

# Characters of a message that a row shows.
EXCERPT = 200
EXPORTED_AT_ONCE = 1000


class ActivityFilter(NamedTuple):
    """Each field that is not None narrows the list."""

    agent_id: str | None = None
    channel_id: str | None = None
    model_id: str | None = None
    status: RunStatus | None = None
    since: datetime | None = None
    until: datetime | None = None
    least_usd: float | None = None


CONDITIONS = {
    "agent_id": "r.agent_id = {}::text",
    "channel_id": "r.channel_id = {}::text",
    "model_id": "EXISTS (SELECT FROM run_steps s WHERE s.run_id = r.id AND s.model_id = {}::text)",
    "status": "r.status = {}::text",
    "since": "r.created_at >= {}::timestamptz",
    "until": "r.created_at < {}::timestamptz",
    "least_usd": """EXISTS (
        SELECT FROM run_details d
        WHERE d.run_id = r.id AND d.cost_usd > 0 AND d.cost_usd >= {}::float8
    )""",
}
# Read once, not for each run.
MINE = f"""
mine AS MATERIALIZED (SELECT c.id FROM channels c WHERE {readable("c")})
"""
SEEN = f"""(
    {ACTIVE} AND (
        r.channel_id IN (SELECT id FROM mine) OR r.channel_id IS NULL AND NOT {is_guest()}
    )
)"""
POSTED = f"""
SELECT json_agg(json_build_object(
    'messageId', said.id, 'channelId', said.channel_id,
    'parentMessageId', said.parent_message_id, 'text', left(said.text, {EXCERPT})
) ORDER BY said.created_at, said.id)
FROM run_posts p JOIN messages said ON said.id = p.message_id
WHERE p.run_id = r.id AND said.channel_id IN (SELECT id FROM mine)
  AND NOT EXISTS (SELECT FROM run_notices notice WHERE notice.message_id = said.id)
"""
PAGE = f"""(
    SELECT r.id FROM runs r WHERE {SEEN} {{where}}
    ORDER BY r.created_at DESC, r.id DESC LIMIT {{limit}}
)"""
# Runs of a model that answered few are looked up by the model. Otherwise the newest runs are
# looked through, as for all other filters.
FEW = 5_000
OF_MODEL = f"""of_model AS MATERIALIZED (
    SELECT s.run_id FROM run_steps s WHERE s.model_id = {{}}::text LIMIT {FEW + 1}
), """
ARE_FEW = f"(SELECT count(*) FROM of_model) <= {FEW}"
LIST = f"""
WITH {MINE}, {{of_model}} page AS MATERIALIZED ({{page}})
SELECT run_json(r), d.kind, COALESCE(step.model_id, d.model_id), d.cost_usd, d.problem,
       d.thread_id, asked.user_id, left(COALESCE(asked.text, d.prompt), {EXCERPT}), ({POSTED})::text
FROM page p JOIN runs r ON r.id = p.id
LEFT JOIN run_details d ON d.run_id = r.id
LEFT JOIN LATERAL (
    SELECT s.model_id FROM run_steps s WHERE s.run_id = r.id ORDER BY s.step_number LIMIT 1
) step ON true
LEFT JOIN messages asked
    ON asked.id = r.trigger_message_id AND asked.channel_id IN (SELECT id FROM mine)
ORDER BY r.created_at DESC, r.id DESC
"""
# A cursor that may not be seen is as one that does not exist.
BEFORE = f""" AND (r.created_at, r.id) < (
    SELECT r.created_at, r.id FROM runs r WHERE r.id = {{}}::uuid AND {SEEN}
)"""


class Posted(Struct, rename="camel"):
    """A message that a run posted."""

    message_id: MessageId
    channel_id: ChannelId
    parent_message_id: Annotated[
        UUID | None, Meta(description="Id of the message that its thread began with, if any.")
    ]
    text: Annotated[str, Meta(description="Its first 200 characters.")]


class ActivityRow(Struct, rename="camel"):
    """A run, what it answered and what came of it."""

    run: Run
    kind: Annotated[RunKind | None, Meta(description="What started it.")]
    model_id: Annotated[
        str | None, Meta(description="The model that answered; null before the first step.")
    ]
    cost_usd: Annotated[float | None, Meta(description="Its cost in US dollars, if known.")]
    problem: Annotated[str | None, Meta(description="What went wrong, in a sentence, if it did.")]
    parent_message_id: Annotated[
        UUID | None, Meta(description="Id of the message that its thread began with, if any.")
    ]
    asked_by: Annotated[
        str | None, Meta(description="Id of the author of the message that it answers, if any.")
    ]
    asked: Annotated[
        str | None,
        Meta(description="The first 200 characters of that message, or of its scheduled prompt."),
    ]
    posted: Annotated[
        list[Posted], Meta(description="Messages that it posted and the current user can read.")
    ]


class ActivityPage(Struct, rename="camel"):
    """One page of activity."""

    items: Annotated[list[ActivityRow], Meta(description="Newest first.")]
    next_cursor: Annotated[
        UUID | None, Meta(description="Pass as `before` for older runs. Null on the last page.")
    ]


_run = msgspec.json.Decoder(Run)
_posted = msgspec.json.Decoder(list[Posted])


def narrowed(
    wanted: ActivityFilter, values: list[object], by: Mapping[str, str] = CONDITIONS
) -> str:
    """The conditions of a filter; their values are added to those of the statement."""
    conditions = []
    for name, value in wanted._asdict().items():
        if value is not None:
            values.append(value)
            conditions.append(f"AND {by[name].format(f'${len(values)}')}")
    return " ".join(conditions)


def list_sql(model_id: str | None, where: str, limit: int, values: list[object]) -> str:
    if model_id is None:
        return LIST.format(of_model="", page=PAGE.format(where=where, limit=limit))
    values.append(model_id)
    place = f"${len(values)}"
    few = f"{where} AND {ARE_FEW} AND r.id IN (SELECT run_id FROM of_model)"
    many = f"{where} AND NOT {ARE_FEW} AND {CONDITIONS['model_id'].format(place)}"
    pages = [PAGE.format(where=one, limit=limit) for one in (few, many)]
    return LIST.format(of_model=OF_MODEL.format(place), page=" UNION ALL ".join(pages))


async def list_activity(
    reader: Reader, actor: Actor, wanted: ActivityFilter, *, before: UUID | None, limit: int
) -> ActivityPage:
    require(actor, Permission.READ_AGENTS)
    values: list[object] = [actor.user_id]
    where = narrowed(wanted._replace(model_id=None), values)
    if before is not None:
        values.append(before)
        where += BEFORE.format(f"${len(values)}")
    rows = await reader.fetch(list_sql(wanted.model_id, where, limit + 1, values), *values)
    items = [row_of(row) for row in rows[:limit]]
    return ActivityPage(items, UUID(str(items[-1].run.id)) if len(rows) > limit else None)


def row_of(row: Record) -> ActivityRow:
    run, kind, model_id, cost_usd, problem, thread_id, asked_by, asked, posted = row
    said = _posted.decode(posted) if posted else []
    return ActivityRow(
        _run.decode(run), kind, model_id, cost_usd, problem, thread_id, asked_by, asked, said
    )


async def all_activity(
    database: Database, actor: Actor, wanted: ActivityFilter
) -> AsyncIterator[list[ActivityRow]]:
    """In portions, newest first."""
    cursor: UUID | None = None
    while True:
        page = await list_activity(database, actor, wanted, before=cursor, limit=EXPORTED_AT_ONCE)
        yield page.items
        cursor = page.next_cursor
        if cursor is None:
            return
