"""Search over what the actor may read, which takes no longer for a word that every message has.

Rare words are found by their index, all of them. For common ones that would be half the table:
there the newest messages are looked through until enough of them have it. Of what is found, the
newest `RANKED` are put in order.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Struct

from bullpen.chat.asked import Asked, Has
from bullpen.chat.queries import Message, messages_by_id
from bullpen.kit.database import Reader
from bullpen.kit.errors import Invalid
from bullpen.members.access import readable, readable_by
from bullpen.members.actor import Actor
from bullpen.members.readers import Readers

Sort = Literal["relevance", "newest"]

RANKED = 500
# Of words that more messages than this have, the newest messages are looked through.
COMMON = 50_000
LOOKED_THROUGH = 20_000

VECTOR = "to_tsvector('english', m.text)"
# Once for the statement: as a plain expression, it would be made again for each message.
WANTED = "(SELECT websearch_to_tsquery('english', $2))"
ESTIMATE = f"""
EXPLAIN (FORMAT JSON)
SELECT FROM messages m WHERE {VECTOR} @@ websearch_to_tsquery('english', $1)
"""
HAS: dict[Has, str] = {
    "link": "m.text ~* 'https?://'",
    "code": "m.text ~ '`'",
    "reaction": "EXISTS (SELECT FROM reactions r WHERE r.message_id = m.id)",
    "thread": "EXISTS (SELECT FROM messages reply WHERE reply.parent_message_id = m.id)",
}
NEWEST_FIRST = "ORDER BY m.created_at DESC, m.id DESC"

# Signs that nobody writes, from Unicode's private use.
HIT, REST = "\ue000", "\ue001"
MARKS = f"StartSel={HIT}, StopSel={REST}, MaxWords=40, MinWords=20, ShortWord=0"


class Segment(Struct):
    text: str
    hit: bool


class Hit(Struct, rename="camel"):
    message: Message
    channel_id: str
    parent_message_id: UUID | None
    segments: list[Segment]


class Hits(Struct, rename="camel"):
    hits: list[Hit]
    next_cursor: str | None


class Cursor(Struct, array_like=True, forbid_unknown_fields=True):
    """The last hit's place, and up to when messages count, so that new ones move nothing."""

    until: datetime
    rank: float
    created_at: datetime
    id: UUID


async def search(  # noqa: PLR0913 - each by its name
    reader: Reader,
    actor: Actor,
    asked: Asked,
    *,
    sort: Sort,
    limit: int,
    cursor: str | None,
    within: Readers | None = None,
    beyond: Readers | None = None,
) -> Hits:
    """In what the actor may read; only in what these readers may read too, or only in what they may
    not."""
    if not asked.words:
        sort = "newest"
    after = None if cursor is None else decoded(cursor)
    found: Sequence[Record] = []
    looks = [True, False] if await is_common(reader, asked.words) else [False]
    for look_through in looks:
        statement = Statement(actor, asked, after, within, beyond)
        sql = statement.ranked(look_through, limit) if sort == "relevance" else ""
        sql = sql or statement.newest(look_through, limit)
        found = await reader.fetch(sql, *statement.arguments)
        # Too few among the newest: then the words are common elsewhere only.
        if found and found[0]["candidates"] >= (RANKED if sort == "relevance" else limit + 1):
            break
    shown = found[:limit]
    messages = await messages_by_id(reader, actor, [row["id"] for row in shown])
    return Hits(
        [hit(messages[row["id"]], row["marked"]) for row in shown if row["id"] in messages],
        encoded(shown[-1]) if len(found) > limit else None,
    )


async def is_common(reader: Reader, words: str) -> bool:
    """As the planner supposes, from samples and without looking."""
    if not words:
        return False
    (row,) = await reader.fetch(ESTIMATE, words)
    plans: list[dict[str, Any]] = msgspec.json.decode(row[0])
    return bool(plans[0]["Plan"]["Plan Rows"] > COMMON)


class Statement:
    """The SQL of one search. `$1` is the actor, `$2` the words."""

    def __init__(
        self,
        actor: Actor,
        asked: Asked,
        after: Cursor | None,
        within: Readers | None = None,
        beyond: Readers | None = None,
    ) -> None:
        self.within = within
        self.beyond = beyond
        self.arguments: list[object] = [actor.user_id, asked.words]
        self.asked = asked
        self.after = after

    def put(self, value: object, kind: str) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}::{kind}"

    def newest(self, look_through: bool, limit: int) -> str:
        beyond = ""
        if self.after is not None:
            at = self.put(self.after.created_at, "timestamptz")
            beyond = f"AND (m.created_at, m.id) < ({at}, {self.put(self.after.id, 'uuid')})"
        return f"""
        WITH {self.scope()}, found AS MATERIALIZED (
            {self.candidates(look_through, beyond, limit + 1)}
        )
        SELECT m.id, m.created_at, 0::float8 AS rank, now() AS until, {self.marked()} AS marked,
               (SELECT count(*) FROM found) AS candidates
        FROM found m {NEWEST_FIRST}
        """

    def ranked(self, look_through: bool, limit: int) -> str:
        until = self.put(None if self.after is None else self.after.until, "timestamptz")
        beyond = ""
        if self.after is not None:
            rank = self.put(self.after.rank, "float8")
            at = self.put(self.after.created_at, "timestamptz")
            last = self.put(self.after.id, "uuid")
            beyond = f"WHERE (rank, created_at, id) < ({rank}, {at}, {last})"
        bound = f"AND m.created_at <= COALESCE({until}, now())"
        return f"""
        WITH {self.scope()}, found AS MATERIALIZED (
            {self.candidates(look_through, bound, RANKED)}
        ), ranked AS MATERIALIZED (
            SELECT m.*, ts_rank({VECTOR}, {WANTED})::float8 AS rank FROM found m
        ), shown AS MATERIALIZED (
            SELECT * FROM ranked {beyond}
            ORDER BY rank DESC, created_at DESC, id DESC LIMIT {limit + 1}
        )
        SELECT m.id, m.created_at, m.rank, COALESCE({until}, now()) AS until,
               {self.marked()} AS marked, (SELECT count(*) FROM found) AS candidates
        FROM shown m ORDER BY m.rank DESC, m.created_at DESC, m.id DESC
        """

    def scope(self) -> str:
        """The channels and people that are meant, by their id or name."""
        named = ""
        if self.asked.in_:
            names = self.put(either_case(self.asked.in_), "text[]")
            named = f"AND (c.id = ANY ({names}) OR lower(c.name) = ANY ({names}))"
        for readers, is_not in ((self.within, ""), (self.beyond, "NOT ")):
            if readers is not None:
                users = self.put(readers.user_ids, "text[]")
                named += f" AND {is_not}{readable_by('c.id', users)}"
        scope = f"""scope AS MATERIALIZED (
            SELECT c.id FROM channels c WHERE {readable("c")} AND $2::text IS NOT NULL {named}
        )"""
        if self.asked.from_:
            names = self.put(either_case(self.asked.from_), "text[]")
            scope += f""", authors AS MATERIALIZED (
            SELECT a.id FROM agents a
            WHERE a.id = ANY ({names}) OR lower(a.display_name) = ANY ({names})
        )"""
        return scope

    def candidates(self, look_through: bool, beyond: str, most: int) -> str:
        columns = "m.id, m.created_at, m.text"
        meant = f"m.channel_id IN (SELECT id FROM scope) {beyond}"
        if self.asked.from_:
            meant += " AND m.user_id IN (SELECT id FROM authors)"
        if self.asked.before is not None:
            meant += f" AND m.created_at < {self.put(self.asked.before, 'timestamptz')}"
        if self.asked.after is not None:
            meant += f" AND m.created_at >= {self.put(self.asked.after, 'timestamptz')}"
        has = "".join(f" AND {HAS[kind]}" for kind in self.asked.has)
        if not self.asked.words:
            return (
                f"SELECT {columns} FROM messages m WHERE {meant}{has} {NEWEST_FIRST} LIMIT {most}"
            )
        matches = f"{VECTOR} @@ {WANTED}"
        if look_through:
            return f"""
            SELECT {columns} FROM (
                SELECT {columns} FROM messages m WHERE {meant}
                {NEWEST_FIRST} LIMIT {LOOKED_THROUGH}
            ) m WHERE {matches}{has} {NEWEST_FIRST} LIMIT {most}"""
        # OFFSET 0: the words' index finds them, and no other order is tried.
        return f"""
        SELECT {columns} FROM (SELECT m.* FROM messages m WHERE {matches} OFFSET 0) m
        WHERE {meant}{has} {NEWEST_FIRST} LIMIT {most}"""

    def marked(self) -> str:
        if not self.asked.words:
            return "m.text"
        return f"ts_headline('english', m.text, {WANTED}, '{MARKS}')"


def either_case(names: Sequence[str]) -> list[str]:
    return [*names, *(name.lower() for name in names)]


def hit(message: Message, marked: str) -> Hit:
    parent = message.parent_message_id
    return Hit(message, message.channel_id, parent or None, segments(marked))


def segments(marked: str) -> list[Segment]:
    found = []
    for place, part in enumerate(marked.split(HIT)):
        marks, _, rest = part.partition(REST) if place else ("", "", part)
        found += [Segment(marks, hit=True), Segment(rest, hit=False)]
    return [segment for segment in found if segment.text]


def encoded(row: Record) -> str:
    cursor = Cursor(row["until"], row["rank"], row["created_at"], row["id"])
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode()


def decoded(cursor: str) -> Cursor:
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor), type=Cursor)
    except (binascii.Error, msgspec.DecodeError, ValueError) as problem:
        raise Invalid(
            "That is no cursor of a search: give the nextCursor of its answer."
        ) from problem
