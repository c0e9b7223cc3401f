"""The archive: passages that an agent searches, newest first or by how well they match."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from asyncpg import Connection, Record
from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.kit.database import Database, Reader
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import NotFound
from bullpen.kit.fulltext import (
    check_length,
    decode_cursor,
    encode_cursor,
    read_places,
    read_stemmed,
    read_terms,
    terms_json,
)
from bullpen.kit.ids import new_id
from bullpen.kit.json_types import AgentId, CreatedAt
from bullpen.kit.marks import Segment, marked, marked_part
from bullpen.members.access import readable_by
from bullpen.members.actor import Actor
from bullpen.members.conditions import require_for
from bullpen.members.permissions import Permission, require
from bullpen.members.queries import get_agent
from bullpen.members.readers import Readers, only

# More matches than this are not ranked: the newest of them are, which bounds what a search costs.
RANKED = 200
# How many parts of a passage are shown.
PARTS = 2


class ArchivalPassage(Struct, rename="camel"):
    """A long-term note that an agent can search."""

    id: Annotated[UUID, Meta(description="Id of the passage.")]
    agent_id: AgentId
    content: Annotated[str, Meta(description="The text of the passage.")]
    tags: Annotated[list[str], Meta(description="Its tags.")]
    created_at: CreatedAt
    channel_id: (
        Annotated[
            str,
            Meta(
                description="Id of the private channel or DM whose readers alone can see it."
                " Left out if everyone can."
            ),
        ]
        | UnsetType
    ) = UNSET
    snippet: (
        Annotated[
            list[Segment],
            Meta(
                description="An excerpt with the words that were searched for. Left out otherwise."
            ),
        ]
        | UnsetType
    ) = UNSET


class Passages(Struct, rename="camel"):
    """One page of passages."""

    passages: Annotated[list[ArchivalPassage], Meta(description="Best match first, or newest.")]
    next_cursor: Annotated[
        str | None, Meta(description="Pass as `cursor` for the next page. Null on the last page.")
    ]


class Cursor(Struct, array_like=True):
    """The values of the last passage seen, in the order that the list has."""

    rank: float
    created_at: datetime
    id: UUID


PLACE = "(SELECT channel_id FROM passage_places kept WHERE kept.passage_id = p.id)"
COLUMNS = f"id, agent_id, content, COALESCE(tags, '{{}}') AS tags, created_at, {PLACE} AS place"


def kept_for(passage_id: str, readers: str) -> str:
    """The condition that all these readers may read the place that a passage is kept for.

    Both are SQL. A passage without a place is for everybody.
    """
    return f"""NOT EXISTS (
    SELECT FROM passage_places kept
    WHERE kept.passage_id = {passage_id} AND NOT {readable_by("kept.channel_id", readers)}
)"""


NEWEST = f"""
SELECT {COLUMNS}, 0::float8 AS rank FROM archival_passages p
WHERE {kept_for("p.id", "$6::text[]")} AND agent_id = $1 AND ($2::text[] IS NULL OR tags @> $2)
  AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
ORDER BY created_at DESC, id DESC LIMIT $5
"""

# `$2` the terms, `$3` tags, `$4` to `$6` the cursor's values, `$7` the limit, `$8` the readers.
# Written out wherever it is asked for: what the planner knows of the words tells it the index.
MATCHING = f"""
WITH terms AS MATERIALIZED (SELECT stem_terms($2::jsonb) AS terms), ranked AS MATERIALIZED (
    SELECT w.passage_id AS id, w.created_at, w.words,
           ts_rank(w.words, query_of($2::jsonb))::float8 AS rank
    FROM archival_words w
    WHERE w.agent_id = $1 AND w.words @@ query_of($2::jsonb)
      AND {kept_for("w.passage_id", "$8::text[]")}
      AND ($3::text[] IS NULL OR EXISTS (
          SELECT FROM archival_passages p WHERE p.id = w.passage_id AND p.tags @> $3
      ))
    ORDER BY w.created_at DESC, w.passage_id DESC LIMIT {RANKED}
), page AS (
    SELECT * FROM ranked
    WHERE $4::float8 IS NULL OR (rank, created_at, id) < ($4, $5::timestamptz, $6::uuid)
    ORDER BY rank DESC, created_at DESC, id DESC LIMIT $7
)
SELECT id, p.agent_id, content, COALESCE(tags, '{{}}') AS tags, created_at, {PLACE} AS place,
       rank,
       (SELECT terms FROM terms) AS terms, places_of(words, (SELECT terms FROM terms)) AS places
FROM page JOIN archival_passages p USING (id, created_at)
ORDER BY rank DESC, created_at DESC, id DESC
"""

CONTAINING = f"""
SELECT {COLUMNS}, 0::float8 AS rank FROM archival_passages p
WHERE {kept_for("p.id", "$7::text[]")} AND agent_id = $1 AND strpos(lower(content), lower($2)) > 0
  AND ($3::text[] IS NULL OR tags @> $3)
  AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5::uuid))
ORDER BY created_at DESC, id DESC LIMIT $6
"""


@dataclass(frozen=True, slots=True)
class Search:
    q: str = ""
    tags: Sequence[str] = ()
    cursor: str | None = None
    limit: int = 20


async def search_archive(
    reader: Reader, actor: Actor, agent_id: str, search: Search, readers: Readers | None = None
) -> Passages:
    """Without words the newest; with words the best, and a plain substring where no word fits.

    What the actor may read; with readers, what all of them may read.
    """
    users = (readers or only(actor)).user_ids
    check_length(search.q)
    await get_agent(reader, actor, agent_id)
    require(actor, Permission.READ_AGENTS)
    after = None if search.cursor is None else decode_cursor(search.cursor, Cursor)
    tags, limit, q = list(search.tags) or None, search.limit, search.q.strip()
    marks = (None, None) if after is None else (after.created_at, after.id)
    if not q:
        return page(await reader.fetch(NEWEST, agent_id, tags, *marks, limit + 1, users), limit, "")
    # The cursor tells which of the two searches it goes on with.
    if after is None or after.rank >= 0:
        rows = await matching(reader, agent_id, search, after, users)
        if rows or after is not None:
            return page(rows, limit, "")
    rows = await reader.fetch(CONTAINING, agent_id, q, tags, *marks, limit + 1, users)
    return page(rows, limit, q)


async def matching(
    reader: Reader,
    agent_id: str,
    search: Search,
    after: Cursor | None,
    users: Sequence[str] | None,
) -> Sequence[Record]:
    tags = list(search.tags) or None
    marks = (None, None, None) if after is None else (after.rank, after.created_at, after.id)
    asked = (agent_id, terms_json(read_terms(search.q)), tags, *marks, search.limit + 1, users)
    if not isinstance(reader, Database):
        return await matching_in(reader, asked)
    async with reader.transaction() as connection:
        return await matching_in(connection, asked)


async def matching_in(transaction: Reader, asked: Sequence[object]) -> Sequence[Record]:
    # How many match is known only with the words at hand.
    await transaction.fetch("SET LOCAL plan_cache_mode = force_custom_plan")
    rows = await transaction.fetch(MATCHING, *asked)
    await transaction.fetch("SET LOCAL plan_cache_mode = auto")
    return rows


def page(rows: Sequence[Record], limit: int, substring: str) -> Passages:
    """`substring`: what to mark where Postgres has not marked words."""
    shown = rows[:limit]
    following = None
    if len(rows) > limit:
        last = shown[-1]
        rank = -1.0 if substring else last["rank"]
        following = encode_cursor(Cursor(rank, last["created_at"], last["id"]))
    return Passages([passage(row, substring) for row in shown], following)


def passage(row: Record, substring: str = "") -> ArchivalPassage:
    made = ArchivalPassage(*row[:5])
    if row["place"] is not None:
        made.channel_id = row["place"]
    if substring:
        made.snippet = marked_part(made.content, substring)
    elif "terms" in row.keys():  # noqa: SIM118 - a row's `in` looks at its values
        terms, places = read_stemmed(row["terms"]), read_places(row["places"])
        made.snippet = marked(made.content, terms, places, PARTS)
    return made


ADD = f"""
WITH placed AS (
    INSERT INTO passage_places (passage_id, channel_id) SELECT $1, $5 WHERE $5::text IS NOT NULL
)
INSERT INTO archival_passages AS p (id, agent_id, content, tags) VALUES ($1, $2, $3, $4)
RETURNING {COLUMNS.replace(PLACE, "$5::text")}
"""
DELETE = f"""
DELETE FROM archival_passages p
WHERE id = $1 AND agent_id = $2 AND {kept_for("p.id", "$3::text[]")} RETURNING {COLUMNS}
"""


async def add_passage(
    connection: Connection,
    actor: Actor,
    agent_id: str,
    content: str,
    tags: Sequence[str],
    channel_id: str | None = None,
) -> ArchivalPassage:
    """For everybody, or for the readers of a private channel or DM."""
    await get_agent(connection, actor, agent_id)
    await require_for(connection, actor, Permission.EDIT_MEMORY, agent_id=agent_id)
    unique = list(dict.fromkeys(tags))
    row = await connection.fetchrow(ADD, new_id(), agent_id, content, unique, channel_id)
    return passage(row)


async def delete_passage(
    connection: Connection, actor: Actor, agent_id: str, passage_id: UUID
) -> ArchivalPassage:
    # Before it is looked for: a refusal does not reveal whether it is there.
    await get_agent(connection, actor, agent_id)
    await require_for(connection, actor, Permission.EDIT_MEMORY, agent_id=agent_id)
    row = await connection.fetchrow(DELETE, passage_id, agent_id, [actor.user_id])
    if row is None:
        raise NotFound(ErrorCode.PASSAGE_NOT_FOUND)
    return passage(row)
