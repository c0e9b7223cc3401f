"""How many rows a page of messages reads: no more the longer the list of the channel is."""

from uuid import UUID

import pytest
from tests.support.asking import post
from tests.support.fixtures import complete

from bullpen.chat.message_sql import channel_page
from bullpen.chat.queries import shape
from bullpen.kit.database import connect
from bullpen.kit.pagination import Window

MANY = 3_000
# Replies that are also in the channel, as many as one thread can have.
REPLIES = f"""
WITH made AS (
    INSERT INTO messages (channel_id, user_id, text, parent_message_id, created_at)
    SELECT 'general', 'jim', 'x', $1, clock_timestamp() + n * interval '1 ms'
    FROM generate_series(1, {MANY}) n RETURNING *
)
INSERT INTO channel_replies (message_id, channel_id, created_at)
SELECT id, channel_id, created_at FROM made
"""
MIDDLE = f"SELECT message_id FROM channel_replies ORDER BY created_at OFFSET {MANY // 2} LIMIT 1"
READ = """
SELECT sum(idx_tup_fetch + seq_tup_read)::int FROM pg_stat_xact_user_tables
WHERE relname IN ('messages', 'channel_replies')
"""


@pytest.mark.parametrize("side", ["newest", "before", "after", "around"])
def test_a_page_reads_only_what_it_shows_of_replies_in_the_channel(run_sql, url: str, side: str):
    root = post(run_sql, "jim", "general", "Root")
    run_sql(REPLIES, root)
    run_sql("VACUUM ANALYZE messages, channel_replies")
    [(middle,)] = run_sql(MIDDLE)
    cursor: UUID | None = None if side == "newest" else middle

    async def read() -> tuple[int, int]:
        connection = await connect(url, pooled=False)
        try:
            async with connection.transaction():
                sql = channel_page(shape(Window(10, side, cursor)))
                cursors = () if cursor is None else (cursor,)
                shown = await connection.fetch(sql, "jim", "general", *cursors)
                return len(shown), await connection.fetchval(READ)
        finally:
            await connection.close()

    shown, rows = complete(read())
    assert shown in (10, 11, 12)
    assert rows < MANY / 4
