"""Search over what the actor may read, which takes no longer for a word that every message has.

Rare words are found by their index, all of them. For common ones that would be half the table: for
these the newest messages are looked through first. Where too few of them fit, what the search is
narrowed by makes it rare, and most of that is in the index, too. Of what is found, the newest
`RANKED` are put in order.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import UNSET, Meta, Struct, UnsetType

from bullpen.chat.file_search import found_in_files
from bullpen.chat.queries import Message, messages_by_id
from bullpen.chat.search_query import Has, SearchQuery
from bullpen.kit.database import Reader
from bullpen.kit.fulltext import (
    decode_cursor,
    encode_cursor,
    read_places,
    read_stemmed,
    read_terms,
    terms_json,
)
from bullpen.kit.json_types import ChannelId
from bullpen.kit.marks import Segment, marked
from bullpen.kit.words import fold
from bullpen.members.access import readable, readable_by, sees
from bullpen.members.actor import Actor
from bullpen.members.readers import Readers

Sort = Literal["relevance", "newest"]

RANKED = 500
# Of words that more messages than this have, the newest messages are looked through.
COMMON = 50_000
LOOKED_THROUGH = 50_000
# So they are for fewer, down to this, where they probably hold enough of them, and by that much.
FEW = 5_000
PROBABLY = 1.25
# Characters of a message whose marks are made while others wait noticeably.
LONG = 4_000

ESTIMATE = """
EXPLAIN (FORMAT JSON)
SELECT FROM message_words w WHERE w.words @@ query_of($1::jsonb)
"""
MESSAGES = "SELECT reltuples FROM pg_class WHERE oid = 'message_words'::regclass"
# Counts no further than it matters.
PERIOD = f"""
SELECT count(*) FROM (
    SELECT FROM message_words w
    WHERE w.created_at >= COALESCE($1::timestamptz, '-infinity')
      AND w.created_at < COALESCE($2::timestamptz, 'infinity')
    LIMIT {LOOKED_THROUGH}
) counted
"""
# These are in the index.
HAS_WORD: dict[Has, str] = {"link": "':has:link'", "code": "':has:code'"}
HAS: dict[Has, str] = {
    "reaction": "EXISTS (SELECT FROM reactions r WHERE r.message_id = w.message_id)",
    "file": "EXISTS (SELECT FROM files f WHERE f.message_id = w.message_id)",
    "thread": "EXISTS (SELECT FROM messages r WHERE r.parent_message_id = w.message_id)",
}
NEWEST_FIRST = "ORDER BY w.created_at DESC, w.message_id DESC"


class Hit(Struct, rename="camel"):
    """A message that matches a search."""

    message: Message
    channel_id: ChannelId
    parent_message_id: Annotated[
        UUID | None, Meta(description="Id of the message that its thread began with, if any.")
    ]
    segments: Annotated[
        list[Segment], Meta(description="An excerpt to show, as consecutive pieces of text.")
    ]
    file_id: (
        Annotated[
            UUID,
            Meta(
                description="Id of the file of the message that the excerpt is of. Left out if it"
                " is of the message's own text."
            ),
        ]
        | UnsetType
    ) = UNSET


class Hits(Struct, rename="camel"):
    """One page of search results."""

    hits: Annotated[list[Hit], Meta(description="The matching messages.")]
    next_cursor: Annotated[
        str | None, Meta(description="Pass as `cursor` for the next page. Null on the last page.")
    ]
    notes: Annotated[
        list[str],
        Meta(description="Sentences that explain an empty result, such as an unknown name."),
    ]


class Cursor(Struct, array_like=True, forbid_unknown_fields=True):
    """The last hit's place, and up to when messages count, so that new ones move nothing."""

    until: datetime
    rank: float
    created_at: datetime
    id: UUID


async def search(  # noqa: PLR0913 - each by its name
    reader: Reader,
    actor: Actor,
    query: SearchQuery,
    *,
    sort: Sort,
    limit: int,
    cursor: str | None,
    within: Readers | None = None,
    beyond: Readers | None = None,
) -> Hits:
    """In what the actor may read; only in what these readers may read too, or only in what they may
    not."""
    terms = terms_json(read_terms(query.words))
    if not query.words:
        sort = "newest"
    after = None if cursor is None else decode_cursor(cursor, Cursor)
    found: Sequence[Record] = []
    looks = [True, False]
    enough = RANKED if sort == "relevance" else limit + 1
    narrowed = query.from_ or query.in_ or query.has
    if query.words and not await is_common(reader, terms, None if narrowed else enough):
        looks = [False]
    elif await is_short(reader, query):
        # The first look takes in all of the period.
        looks = [True]
    for look_through in looks:
        statement = Statement(actor, query, terms, after, within, beyond)
        sql = statement.ranked(look_through, limit) if sort == "relevance" else ""
        sql = sql or statement.newest(look_through, limit)
        found = await reader.fetch(sql, *statement.arguments)
        # Too few among the newest: then the words are common elsewhere only.
        if found and found[0]["candidates"] >= enough:
            break
    shown = found[:limit]
    messages = await messages_by_id(reader, actor, [row["id"] for row in shown])
    return Hits(
        [await hit(reader, messages[row["id"]], row) for row in shown if row["id"] in messages],
        cursor_after(shown[-1]) if len(found) > limit else None,
        [] if found or after else await notes_on(reader, actor, query, terms),
    )


async def is_common(reader: Reader, terms: str, enough: int | None) -> bool:
    """As the planner supposes, from samples and without looking: whether so many messages have the
    words, or enough of the newest."""
    (row,) = await reader.fetch(ESTIMATE, terms)
    plans: list[dict[str, Any]] = msgspec.json.decode(row[0])
    found: float = plans[0]["Plan"]["Plan Rows"]
    if enough is None or found <= FEW or found > COMMON:
        return found > COMMON
    (row,) = await reader.fetch(MESSAGES)
    return bool(found * LOOKED_THROUGH > PROBABLY * enough * row[0])


async def is_short(reader: Reader, query: SearchQuery) -> bool:
    """Whether one look through the newest messages of the period sees all of them."""
    if query.before is None and query.after is None:
        return False
    (row,) = await reader.fetch(PERIOD, query.after, query.before)
    return bool(row[0] < LOOKED_THROUGH)


class Statement:
    """The SQL of one search. `$1` is the actor, `$2` the terms."""

    def __init__(
        self,
        actor: Actor,
        query: SearchQuery,
        terms: str,
        after: Cursor | None,
        within: Readers | None = None,
        beyond: Readers | None = None,
    ) -> None:
        self.within = within
        self.beyond = beyond
        self.arguments: list[object] = [actor.user_id, terms]
        self.query = query
        self.after = after

    def put(self, value: object, kind: str) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}::{kind}"

    def newest(self, look_through: bool, limit: int) -> str:
        beyond = ""
        if self.after is not None:
            at = self.put(self.after.created_at, "timestamptz")
            beyond = f"AND (w.created_at, w.message_id) < ({at}, {self.put(self.after.id, 'uuid')})"
        return f"""
        WITH {self.scope()}, found AS MATERIALIZED (
            {self.candidates(look_through, beyond, limit + 1)}
        )
        SELECT w.message_id AS id, w.created_at, 0::float8 AS rank, now() AS until,
               {self.marks()}, (SELECT count(*) FROM found) AS candidates
        FROM found w {NEWEST_FIRST}
        """

    def ranked(self, look_through: bool, limit: int) -> str:
        until = self.put(None if self.after is None else self.after.until, "timestamptz")
        beyond = ""
        if self.after is not None:
            rank = self.put(self.after.rank, "float8")
            at = self.put(self.after.created_at, "timestamptz")
            last = self.put(self.after.id, "uuid")
            beyond = f"WHERE (rank, created_at, message_id) < ({rank}, {at}, {last})"
        bound = f"AND w.created_at <= COALESCE({until}, now())"
        return f"""
        WITH {self.scope()}, found AS MATERIALIZED (
            {self.candidates(look_through, bound, RANKED)}
        ), ranked AS MATERIALIZED (
            SELECT w.*, ts_rank(w.words, (SELECT query FROM asked))::float8 AS rank FROM found w
        ), shown AS MATERIALIZED (
            SELECT * FROM ranked {beyond}
            ORDER BY rank DESC, created_at DESC, message_id DESC LIMIT {limit + 1}
        )
        SELECT w.message_id AS id, w.created_at, w.rank, COALESCE({until}, now()) AS until,
               {self.marks()}, (SELECT count(*) FROM found) AS candidates
        FROM shown w ORDER BY w.rank DESC, w.created_at DESC, w.message_id DESC
        """

    def scope(self) -> str:
        """The channels and members that are meant, by their id or name."""
        named = ""
        if self.query.in_:
            named = f"AND {self.is_named('c.id', 'c.name', self.query.in_)}"
        for readers, is_not in ((self.within, ""), (self.beyond, "NOT ")):
            if readers is not None:
                users = self.put(readers.user_ids, "text[]")
                named += f" AND {is_not}{readable_by('c.id', users)}"
        scope = f"""scope AS MATERIALIZED (
            SELECT c.id FROM channels c WHERE {readable("c")} {named}
        )"""
        wanted = "narrowed(query, 'in', ARRAY (SELECT id FROM scope))"
        if self.query.from_:
            scope += f""", authors AS MATERIALIZED (
            SELECT u.id FROM users u
            WHERE {self.is_named("u.id", "u.display_name", self.query.from_)}
        )"""
            wanted = f"narrowed({wanted}, 'from', ARRAY (SELECT id FROM authors))"
        for kind in self.query.has:
            if kind in HAS_WORD:
                wanted += f" && $${HAS_WORD[kind]}$$::tsquery"
        # Once for the statement: as plain expressions, these would be made again for each message.
        return f"""{scope}, asked AS MATERIALIZED (
            SELECT stem_terms($2::jsonb) AS terms, query, {wanted} AS wanted
            FROM query_of($2::jsonb) query
        )"""

    def is_named(self, id_column: str, name_column: str, names: Sequence[str]) -> str:
        exactly = self.put(list(names), "text[]")
        folded = self.put([fold(name) for name in names], "text[]")
        return (
            f"({id_column} = ANY ({exactly}) OR fold_text({id_column}) = ANY ({folded})"
            f" OR fold_text({name_column}) = ANY ({folded}))"
        )

    def candidates(self, look_through: bool, beyond: str, most: int) -> str:
        columns = "w.message_id, w.channel_id, w.user_id, w.created_at, w.words"
        period = f"true {beyond}"
        if self.query.before is not None:
            period += f" AND w.created_at < {self.put(self.query.before, 'timestamptz')}"
        if self.query.after is not None:
            period += f" AND w.created_at >= {self.put(self.query.after, 'timestamptz')}"
        matches = "w.words @@ (SELECT wanted FROM asked)"
        if look_through:
            source = f"""
                SELECT {columns} FROM message_words w WHERE {period}
                {NEWEST_FIRST} LIMIT {LOOKED_THROUGH}"""
            condition = matches
        elif (
            self.query.words
            or self.query.from_
            or self.query.in_
            or HAS_WORD.keys() & self.query.has
        ):
            # OFFSET 0: the words' index finds them, and no other order is tried.
            source = f"SELECT {columns} FROM message_words w WHERE {matches} OFFSET 0"
            condition = period
        else:
            source, condition = "SELECT * FROM message_words", period
        # IS TRUE: tested message by message, in their order.
        condition += " AND (w.channel_id IN (SELECT id FROM scope)) IS TRUE"
        if self.query.from_:
            condition += " AND (w.user_id IN (SELECT id FROM authors)) IS TRUE"
        if self.query.words:
            condition += " AND (SELECT numnode(query) FROM asked) > 0"
        condition += "".join(f" AND {HAS[kind]}" for kind in self.query.has if kind in HAS)
        return f"""
            SELECT {columns} FROM ({source}) w WHERE {condition} {NEWEST_FIRST} LIMIT {most}"""

    def marks(self) -> str:
        return """(SELECT terms FROM asked) AS terms,
               places_of(w.words, (SELECT terms FROM asked)) AS places"""


async def hit(reader: Reader, message: Message, row: Record) -> Hit:
    if len(message.text) > LONG:
        # To look through a long text takes a while, and others wait.
        await asyncio.sleep(0)
    parent = message.parent_message_id
    segments = marked(message.text, read_stemmed(row["terms"]), read_places(row["places"]))
    found = Hit(message, message.channel_id, parent or None, segments)
    if row["terms"] and not any(segment.hit for segment in segments):
        in_file = await found_in_files(reader, message, row["terms"])
        if in_file is not None:
            found.file_id, found.segments = in_file.file_id, in_file.segments
    return found


def cursor_after(row: Record) -> str:
    return encode_cursor(Cursor(row["until"], row["rank"], row["created_at"], row["id"]))


NAMED = """
SELECT given FROM unnest($2::text[]) given WHERE NOT EXISTS (
    SELECT FROM {table} WHERE {condition} AND $1::text IS NOT NULL
      AND (x.id = given OR fold_text(given) IN (fold_text(x.id), fold_text(x.{column})))
)
"""
NO_MEMBER = NAMED.format(table="users x", condition=sees("x.id"), column="display_name")
NO_CHANNEL = NAMED.format(table="channels x", condition=readable("x"), column="name")


async def notes_on(reader: Reader, actor: Actor, query: SearchQuery, terms: str) -> list[str]:
    """What of a query cannot have an effect. A channel that one may not read is as one that does
    not exist."""
    members = await unknown(reader, actor, NO_MEMBER, query.from_)
    channels = await unknown(reader, actor, NO_CHANNEL, query.in_)
    (row,) = await reader.fetch("SELECT stem_terms($1::jsonb) = '[]' AS is_empty", terms)
    notes = [
        *(f"No member has the id or name “{name}”." for name in members),
        *(f"There is no channel “{name}” that you can read." for name in channels),
    ]
    if query.words and row["is_empty"]:
        notes.append(f"“{query.words}” has no letter, digit or symbol to search for.")
    return notes


async def unknown(reader: Reader, actor: Actor, sql: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    return [row[0] for row in await reader.fetch(sql, actor.user_id, list(names))]
