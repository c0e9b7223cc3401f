"""What an agent can say without a model: lines that were written for it, kept in the database."""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from bullpen.kit.database import Reader, fetch_one

# `{name}` is the first name of the author of the message, `{word}` the topic's word that they said.
PLACES = ("name", "word", "channel")
PLACE = re.compile(r"\{([^{}]*)\}")
WORD = re.compile(r"[\w'\u2019-]+")


class Topic(Struct, omit_defaults=True):
    words: list[str]
    lines: list[str]
    reactions: list[str] = []


class Lines(Struct, omit_defaults=True):
    """Of one agent. Only `addressed` is never empty: its lines fit any message."""

    addressed: list[str]
    # How much of what is said to nobody in particular it answers, from 0 to 1.
    talkative: float = 0.15
    greetings: list[str] = []
    questions: list[str] = []
    thanks: list[str] = []
    asides: list[str] = []
    planned: list[str] = []
    topics: list[Topic] = []
    reactions: list[str] = []
    notes: list[str] = []

    def all(self) -> Iterator[str]:
        """Every line that may be said."""
        for kind in (self.addressed, self.greetings, self.questions, self.thanks, self.asides):
            yield from kind
        yield from self.planned
        for topic in self.topics:
            yield from topic.lines


# For an agent that nobody has written anything for: honest, and no more.
NONE_WRITTEN = Lines(
    addressed=[
        "I read you, {name}. Until a model is set up for me, I answer from a script.",
        "Noted, {name}. Without a model I cannot say more than that.",
        "{name}, I would need a model to answer that properly.",
    ],
    planned=["It is time for something I had planned. Without a model I can only say so."],
    talkative=0.0,
    reactions=["👀", "👍"],
)

LINES = "SELECT lines::text FROM agent_lines WHERE agent_id = $1"
# Of the agents that may have been asked by the same message, those with topics that have most of
# its words.
INTERESTED = """
SELECT agent_id FROM (
    SELECT agent_id, rank() OVER (ORDER BY matching DESC) AS place
    FROM agent_lines, LATERAL (
        SELECT count(*) AS matching FROM unnest(words) word WHERE word = ANY ($2::text[])
    ) matched
    WHERE agent_id = ANY ($1::text[]) AND words && $2::text[]
) ranked WHERE place = 1
"""


async def read_lines(reader: Reader, agent_id: str) -> Lines:
    row = await fetch_one(reader, LINES, agent_id)
    return NONE_WRITTEN if row is None else msgspec.json.decode(row[0], type=Lines)


async def interested(reader: Reader, agent_ids: list[str], words: list[str]) -> set[str]:
    return {row[0] for row in await reader.fetch(INTERESTED, agent_ids, words)}


def words_of(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text)]
