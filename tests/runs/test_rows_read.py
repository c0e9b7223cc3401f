"""How many rows a question and its answer read: no more where others have asked very much.

Also by a connection that has planned its statements where the tables were known to be empty.
"""

from uuid import UUID, uuid4

from asyncpg import Connection
from tests.support.asking import post_in_turn
from tests.support.fixtures import complete

from bullpen.agents.run_context import read_run_context
from bullpen.kit.database import connect
from bullpen.runs.mailbox import LEASE

MANY = 2_000
TABLES = (
    "runs",
    "run_details",
    "mailbox",
    "run_triggers",
    "run_posts",
    "run_steps",
    "step_details",
)
ROBOT = """
INSERT INTO agents (id, display_name, title, avatar_color, system_prompt)
VALUES ('robot', 'Robot', 'Robot', '#4A90D9', 'Wait.')
"""
# Another agent has worked much in another channel, and much waits for it.
OTHERS = f"""
WITH said AS (
    INSERT INTO messages (channel_id, user_id, text)
    SELECT 'accounting', 'robot', 'Much' FROM generate_series(1, {MANY}) RETURNING id
), run AS (
    INSERT INTO runs (agent_id, channel_id)
    SELECT 'robot', 'accounting' FROM generate_series(1, {MANY}) RETURNING id
), details AS (
    INSERT INTO run_details (run_id, kind) SELECT id, 'message' FROM run
), steps AS (
    INSERT INTO run_steps (run_id, step_number, model_id) SELECT id, 1, 'scripted' FROM run
), numbered AS (
    SELECT id, row_number() OVER () AS number FROM said
), posts AS (
    INSERT INTO run_posts (run_id, message_id)
    SELECT r.id, n.id FROM (SELECT id, row_number() OVER () AS number FROM run) r
    JOIN numbered n USING (number)
), triggers AS (
    INSERT INTO run_triggers (run_id, message_id) SELECT run.id, said.id FROM run
    CROSS JOIN (SELECT id FROM said LIMIT 1) said
)
INSERT INTO mailbox (run_id, agent_id, channel_id, priority)
SELECT id, 'robot', 'accounting', 1 FROM run
"""
READ = """
SELECT relname, idx_tup_fetch + seq_tup_read AS rows FROM pg_stat_xact_user_tables
"""


async def ask_and_answer(connection: Connection) -> None:
    """As a worker does: one agent is asked, its run begins, takes a step and ends."""
    await post_in_turn(connection, "jim", "general", f"@kevin {uuid4()}")
    await post_in_turn(connection, "jim", "general", f"@kevin {uuid4()}")
    claimed = await connection.fetch("SELECT * FROM claim_runs('worker', 1, $1)", LEASE)
    run_id: UUID = claimed[0]["run_id"]
    step = uuid4()
    assert await read_run_context(connection, run_id) is not None
    for sql, *arguments in (
        ("SELECT introduce_run($1, 'worker', 1, $2, 'a', $3, 'b')", run_id, uuid4(), uuid4()),
        ("SELECT begin_step($1, 'worker', 1, $2, 'scripted', '{}', 0)", run_id, step),
        (
            "SELECT end_step($1, 'worker', 1, $2, 'completed', '{}', 0, NULL, NULL, NULL)",
            run_id,
            step,
        ),
        ("SELECT settle_run($1, 'worker', 1, 'completed', 'end_turn', NULL)", run_id),
    ):
        assert await connection.fetchval(sql, *arguments) is True


def test_a_question_and_its_answer_read_no_more_where_others_have_asked_much(run_sql, url: str):
    run_sql("DELETE FROM runs")
    run_sql(f"VACUUM ANALYZE {', '.join(TABLES)}")
    run_sql(ROBOT)
    run_sql("INSERT INTO channel_answering (channel_id, policy) VALUES ('general', 'best_fit')")

    async def most_read() -> dict[str, int]:
        connection = await connect(url, pooled=False)
        try:
            await ask_and_answer(connection)
            await connection.execute(OTHERS)
            async with connection.transaction():
                before = dict(await connection.fetch(READ))
                await ask_and_answer(connection)
                after = dict(await connection.fetch(READ))
        finally:
            await connection.close()
        return {
            table: rows - before.get(table, 0)
            for table, rows in after.items()
            if table in TABLES and rows - before.get(table, 0) >= MANY / 2
        }

    assert complete(most_read()) == {}
