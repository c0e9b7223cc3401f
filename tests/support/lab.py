"""A channel of three agents that know different things, and where one of them answers."""

from collections.abc import Callable

RunSql = Callable[..., list]


def make_lab(run_sql: RunSql) -> str:
    """A channel with the default policy. Ann came first, and nobody of them is in another one."""
    personas = {
        "ann": "You look after the office and order pencils.",
        "bo": "You keep the books: invoices, taxes and the budget.",
        "cy": "You drive the truck and load the warehouse.",
    }
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('lab', 'lab', 'public')")
    run_sql("INSERT INTO channel_answering VALUES ('lab', 'best_fit')")
    for agent_id, persona in personas.items():
        run_sql(
            "INSERT INTO agents (id, display_name, title, avatar_color, system_prompt)"
            " VALUES ($1, $1, 'Staff', '#000000', $2)",
            agent_id,
            persona,
        )
    run_sql(
        "INSERT INTO people (id, display_name, avatar_color) VALUES ('pat', 'Pat', '#000000'),"
        " ('gus', 'Gus', '#000000')"
    )
    for user_id in ("pat", *personas):
        join(run_sql, user_id)
    return "lab"


def join(run_sql: RunSql, user_id: str) -> None:
    run_sql(
        "INSERT INTO channel_members (id, channel_id, user_id) VALUES (uuidv7(), 'lab', $1)",
        user_id,
    )
