"""What arrives while messages are written is decided meanwhile, and written together."""

import asyncio
from uuid import uuid4

from tests.support.fixtures import complete

from bullpen.chat.send import MessageBatcher, NewMessage, Outcome
from bullpen.events.log import LOG_LOCK
from bullpen.kit.database import Database

WAITING_WRITERS = """
SELECT FROM pg_stat_activity WHERE datname = current_database()
AND wait_event_type = 'Lock' AND query LIKE '%post_messages%'
"""
# Of messages in their order: the transaction that wrote each.
WRITERS = "SELECT xmin::text FROM messages WHERE id = ANY ($1) ORDER BY created_at, id"
ASKING = "SELECT DISTINCT message_id FROM run_triggers WHERE message_id = ANY ($1)"


def draft(text: str) -> NewMessage:
    return NewMessage(uuid4(), "general", None, "jim", text)


async def post_during_a_write(url: str, drafts: list[NewMessage]) -> list[Outcome]:
    """Sends the first, and each other one after the one before it has been decided, while the
    first waits for the log lock."""
    database = await Database.open(url)
    try:
        batcher = MessageBatcher(database, asks=True)
        async with database.transaction() as holder:
            await holder.execute("SELECT pg_advisory_xact_lock($1)", LOG_LOCK)
            sending = [asyncio.create_task(batcher.send(drafts[0]))]
            while not await database.fetch(WAITING_WRITERS):
                assert not sending[0].done()
            for number, one in enumerate(drafts[1:], 1):
                sending.append(asyncio.create_task(batcher.send(one)))
                while len(batcher.planned) < number:
                    await database.fetch("SELECT 1")
            assert len(await database.fetch(WAITING_WRITERS)) == 1
        return await asyncio.gather(*sending)
    finally:
        await database.close()


async def post_at_once(url: str, drafts: list[NewMessage]) -> list[Outcome | BaseException]:
    database = await Database.open(url)
    try:
        batcher = MessageBatcher(database, asks=True)
        sending = [batcher.send(one) for one in drafts]
        return await asyncio.gather(*sending, return_exceptions=True)
    finally:
        await database.close()


def test_what_is_sent_during_a_write_is_decided_meanwhile_and_written_in_one(run_sql, url: str):
    drafts = [draft("Who has the form?"), draft("Me."), draft("No, @Pam Beesly.")]
    ids = [one.id for one in drafts]
    answers = complete(post_during_a_write(url, drafts))
    assert [one.refusal for one in answers] == [None, None, None]
    first, *later = [row[0] for row in run_sql(WRITERS, ids)]
    assert len(later) == 2
    assert len(set(later)) == 1
    assert first not in later
    mentioned = run_sql("SELECT message_id, user_id FROM mentions WHERE message_id = ANY ($1)", ids)
    assert [tuple(row) for row in mentioned] == [(ids[2], "pam")]
    assert {row[0] for row in run_sql(ASKING, ids)} == set(ids)


def test_a_statement_that_fails_fails_for_its_own_message_alone(run_sql, url: str):
    # The last text is none that the database takes, and no route lets it through.
    drafts = [draft("One"), draft("Two"), draft("\x00")]
    answers = complete(post_at_once(url, drafts))
    assert [isinstance(one, Outcome) for one in answers] == [True, True, False]
    assert len(run_sql(WRITERS, [one.id for one in drafts])) == 2
