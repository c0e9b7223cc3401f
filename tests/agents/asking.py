"""What is asked of whom, straight from the database."""

from collections.abc import Callable
from uuid import UUID, uuid4

POST = """
SELECT message_id FROM post_messages(
    ARRAY[$1::uuid], ARRAY[$2::text], ARRAY[$3::uuid], ARRAY[$4::text], ARRAY[$5::text], true
)
"""
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
    rows = run_sql(POST, uuid4(), channel_id, thread, user_id, text)
    assert rows, "it was refused"
    return rows[0][0]


def asked(run_sql: Callable[..., list], message_id: UUID) -> list[str]:
    return [row[0] for row in run_sql(ASKED, message_id)]


def settled(run_sql: Callable[..., list]) -> bool:
    return run_sql("SELECT count(*) FROM mailbox")[0][0] == 0
