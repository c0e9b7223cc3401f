"""Posts as the server does, and who was asked, straight from the database."""

from collections.abc import Callable
from uuid import UUID, uuid4

from asyncpg import Connection

from bullpen.chat.agent_words import WORDS, AgentWords
from bullpen.chat.routing import FACTS, Routed, add_fits, facts_of, questions, route
from bullpen.chat.send import POST, NewMessage, columns, send_in_transaction

ASKED = """
SELECT r.agent_id FROM runs r JOIN run_triggers t ON t.run_id = r.id
WHERE t.message_id = $1 ORDER BY r.agent_id
"""


def post(
    run_sql: Callable[..., list],
    user_id: str,
    channel_id: str,
    text: str,
    thread: UUID | None = None,
) -> UUID:
    draft = NewMessage(uuid4(), channel_id, thread, user_id, text)
    rows = run_sql(POST, *columns([draft], routed(run_sql, [draft]).asks))
    assert [row["refusal"] for row in rows] == [None], "it was refused"
    return draft.id


def routed(
    run_sql: Callable[..., list], drafts: list[NewMessage], words: AgentWords | None = None
) -> Routed:
    """`words`: of the agents, as far as they were read before."""
    words = AgentWords() if words is None else words
    [[answer]] = run_sql(FACTS, *questions(drafts))
    facts = facts_of(answer)
    if facts.judged is not None:
        words.learn(run_sql(WORDS, words.stale(facts.judged.stamps or {})))
        add_fits(drafts, facts, words)
    return route(drafts, facts)


def ask_only_who_is_mentioned(run_sql: Callable[..., list]) -> None:
    """In every channel. Otherwise all its agents are asked by each message, and whatever they do
    takes most of a test's time."""
    run_sql(
        "INSERT INTO channel_answering (channel_id, policy)"
        " SELECT id, 'mentions' FROM channels ON CONFLICT DO NOTHING"
    )


async def post_in_turn(connection: Connection, user_id: str, channel_id: str, text: str) -> UUID:
    draft = NewMessage(uuid4(), channel_id, None, user_id, text)
    assert await send_in_transaction(connection, draft, run_id=None, asks=True) is None, (
        "it was refused"
    )
    return draft.id


def asked(run_sql: Callable[..., list], message_id: UUID) -> list[str]:
    return [row[0] for row in run_sql(ASKED, message_id)]


def settled(run_sql: Callable[..., list]) -> bool:
    return run_sql("SELECT count(*) FROM mailbox")[0][0] == 0
