"""The words of agents, as one process remembers them to score messages (`best_fit.py`).

They are the database's `agent_words`. A stamp for each agent says whether they still are: it is
read in the statement that decides whom to ask, so that all processes agree at every moment.
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from sys import intern
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from bullpen.chat.best_fit import SAID_WEIGHT, Owners, best_of
from bullpen.kit.database import Reader

# Which versions the rows have that an agent's words are made from: every change of one of them
# gives it the number of another transaction.
STAMP = """a.xmin::text || array_to_string(ARRAY(
    SELECT ' ' || b.xmin::text FROM memory_blocks b WHERE b.agent_id = a.id
), '')"""
# By its index, however many rows the planner expects.
WORDS = f"""
SELECT a.id, {STAMP}, words.lexemes, words.weights, words.of_names
FROM agents a LEFT JOIN LATERAL (
    SELECT array_agg(lexeme) AS lexemes, array_agg(weight) AS weights,
           array_agg(of_name) AS of_names
    FROM (
        SELECT w.lexeme, sum(w.weight)::float8 AS weight,
               sum(w.weight) FILTER (WHERE w.source IN ('name', 'title'))::float8 AS of_name
        FROM agent_words w WHERE w.agent_id = a.id GROUP BY w.lexeme
    ) by_lexeme
) words ON true
WHERE a.id = ANY ($1)
"""
# Some 100 bytes each. What is more than that is read again when it is needed.
MOST_WORDS = 1_000_000


class Judged(Struct, dict=True):
    """What `sql/judged_words.sql` answers. `words`: of each message. `stamps`: of each agent.
    `said`: in a channel, by an agent, a word."""

    words: dict[UUID, list[str]] | None = None
    stamps: dict[str, str] | None = None
    said: list[tuple[str, str, str]] | None = None
    with_guests: list[str] | None = None

    @cached_property
    def said_by(self) -> dict[tuple[str, str], dict[str, float]]:
        """For a channel and a word: the agents that have said it, each with its weight."""
        found: dict[tuple[str, str], dict[str, float]] = {}
        for place, agent_id, lexeme in self.said or ():
            by_agent = found.setdefault((place, lexeme), {})
            by_agent[agent_id] = by_agent.get(agent_id, 0.0) + SAID_WEIGHT
        return found


class Known(NamedTuple):
    stamp: str
    lexemes: Collection[str]


class AgentWords:
    """Of one database."""

    def __init__(self, most_words: int = MOST_WORDS) -> None:
        self._most_words = most_words
        self._number = 0
        # The agents whose words were asked for last come last.
        self._agents: dict[str, Known] = {}
        self._all: dict[str, dict[str, float]] = {}
        self._of_names: dict[str, dict[str, float]] = {}

    def stale(self, stamps: Mapping[str, str]) -> list[str]:
        """The agents whose words have to be read."""
        found = []
        for agent_id, stamp in stamps.items():
            known = self._agents.pop(agent_id, None)
            if known is not None:
                self._agents[agent_id] = known
            if known is None or known.stamp != stamp:
                found.append(agent_id)
        return found

    def learn(self, rows: Sequence[Record]) -> None:
        """`rows`: what `WORDS` answers."""
        for agent_id, stamp, lexemes, weights, of_names in rows:
            self._forget(agent_id)
            words = [intern(lexeme) for lexeme in lexemes or ()]
            for word, weight, of_name in zip(words, weights or (), of_names or (), strict=True):
                self._all.setdefault(word, {})[agent_id] = weight
                if of_name is not None:
                    self._of_names.setdefault(word, {})[agent_id] = of_name
            self._agents[agent_id] = Known(stamp, words)
            self._number += len(words)

    def trim(self) -> None:
        """Forgets what is more than it may remember."""
        while self._number > self._most_words:
            self._forget(next(iter(self._agents)))

    def owners(self, lexeme: str, *, names_only: bool) -> Owners:
        """The agents that have a word in their names and titles, or anywhere, each with its
        weight."""
        return (self._of_names if names_only else self._all).get(lexeme, {})

    def _forget(self, agent_id: str) -> None:
        known = self._agents.pop(agent_id, None)
        if known is None:
            return
        self._number -= len(known.lexemes)
        for lexeme in known.lexemes:
            for index in (self._all, self._of_names):
                owners = index.get(lexeme)
                if owners is not None and owners.pop(agent_id, None) is not None and not owners:
                    del index[lexeme]


async def refresh(words: AgentWords, reader: Reader, judged: Judged) -> None:
    """Reads the words of agents that have changed."""
    stale = words.stale(judged.stamps or {})
    if stale:
        words.learn(await reader.fetch(WORDS, stale))


def fits(
    words: AgentWords,
    judged: Judged,
    message_id: UUID,
    channel_id: str,
    candidates: AbstractSet[str],
) -> list[tuple[str, float]]:
    """The best of the candidates for a message, with their scores."""
    names_only = channel_id in (judged.with_guests or ())
    owners = [
        (words.owners(lexeme, names_only=names_only), judged.said_by.get((channel_id, lexeme), {}))
        for lexeme in (judged.words or {}).get(message_id, ())
    ]
    return best_of(candidates, owners)
