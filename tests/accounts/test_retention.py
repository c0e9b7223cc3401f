"""What cannot be used any more is removed, and nothing else."""

from bullpen.accounts.retention import trim_accounts
from bullpen.kit.database import Database
from tests.support.fixtures import complete

PERSON = """
INSERT INTO people (id, display_name, avatar_color) VALUES ('mara', 'Mara', '#000000')
"""
SESSIONS = """
INSERT INTO sessions (person_id, token_hash, last_used_at, expires_at, user_agent, address)
SELECT 'mara', decode(repeat(name, 32), 'hex'), now() - used, now() + life, name, '127.0.0.1'
FROM (VALUES ('a1', interval '1 day', interval '1 day'),
             ('a2', interval '15 days', interval '1 day'),
             ('a3', interval '1 day', interval '-1 second')) given (name, used, life)
"""
LINKS = """
INSERT INTO links (kind, token_hash, person_id, expires_at)
SELECT 'reset', decode(repeat(name, 32), 'hex'), 'mara', now() - age
FROM (VALUES ('b1', interval '6 days'), ('b2', interval '8 days')) given (name, age)
"""
ATTEMPTS = """
INSERT INTO sign_in_attempts (kind, bucket, failures, began_at)
VALUES ('account', 1, 3, now() - interval '14 minutes'), ('account', 2, 3, now() - interval '1 day')
"""


def test_ended_sessions_old_links_and_old_counts_are_removed(url: str, run_sql):
    for statement in (PERSON, SESSIONS, LINKS, ATTEMPTS):
        run_sql(statement)

    async def trim() -> None:
        database = await Database.open(url)
        try:
            await trim_accounts(database)
        finally:
            await database.close()

    complete(trim())
    assert run_sql("SELECT user_agent FROM sessions") == [("a1",)]
    assert run_sql("SELECT expires_at > now() - interval '7 days' FROM links") == [(True,)]
    assert run_sql("SELECT bucket FROM sign_in_attempts") == [(1,)]
