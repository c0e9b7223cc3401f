"""The tables as the specification draws them, asked of the catalog of a migrated database."""

import asyncpg
import pytest
from tests.support.catalog import columns, constraints, fetch, indexes, tables

from bullpen.migrations.metadata import METADATA

MODEL = "'claude-sonnet-4-5-20250929'::text"
NOW = "now()"
NEW_ID = "gen_random_uuid()"

DRAWN = {
    "agents": [
        ("id", "text", True, None),
        ("display_name", "text", True, None),
        ("title", "text", True, None),
        ("avatar_color", "text", True, None),
        ("system_prompt", "text", True, None),
        ("model_id", "text", True, MODEL),
        ("max_turns", "integer", True, "5"),
        ("max_budget_usd", "real", True, "'0.1'::real"),
        ("session_id", "text", False, None),
        ("is_active", "boolean", True, "true"),
        ("created_at", "timestamp with time zone", True, NOW),
        ("updated_at", "timestamp with time zone", True, NOW),
    ],
    "channels": [
        ("id", "text", True, None),
        ("name", "text", True, None),
        ("kind", "text", True, None),
        ("topic", "text", True, "''::text"),
    ],
    "channel_members": [
        ("id", "uuid", True, NEW_ID),
        ("channel_id", "text", True, None),
        ("user_id", "text", True, None),
    ],
    "messages": [
        ("id", "uuid", True, NEW_ID),
        ("channel_id", "text", True, None),
        ("parent_message_id", "uuid", False, None),
        ("user_id", "text", True, None),
        ("text", "text", True, None),
        ("created_at", "timestamp with time zone", True, NOW),
    ],
    "reactions": [
        ("id", "uuid", True, NEW_ID),
        ("message_id", "uuid", True, None),
        ("user_id", "text", True, None),
        ("emoji", "text", True, None),
        ("created_at", "timestamp with time zone", True, NOW),
    ],
}

TO_CHANNEL = "FOREIGN KEY (channel_id) REFERENCES channels(id) ON DELETE CASCADE"


def reformatted(found: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """'0.10' as the specification writes it, and '0.1', are one number."""
    same = "'0.10'::real"
    return [(*row[:3], "'0.1'::real" if row[3] == same else row[3]) for row in found]


@pytest.mark.ac("1.2.1")
@pytest.mark.ac("1.2.5")
def test_agents_have_the_columns_drawn(shared_url: str):
    assert reformatted(columns(shared_url, "agents")) == DRAWN["agents"]
    assert constraints(shared_url, "agents", "p") == ["PRIMARY KEY (id)"]


@pytest.mark.ac("1.4.5")
@pytest.mark.ac("1.4.4")
@pytest.mark.parametrize("table", ["channels", "channel_members", "messages", "reactions"])
def test_the_tables_of_messages_have_the_columns_drawn(shared_url: str, table: str):
    assert columns(shared_url, table) == DRAWN[table]
    assert constraints(shared_url, table, "p") == ["PRIMARY KEY (id)"]


@pytest.mark.ac("1.4.1")
@pytest.mark.ac("1.4.3")
@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("channel_members", [TO_CHANNEL]),
        (
            "messages",
            [
                TO_CHANNEL,
                "FOREIGN KEY (parent_message_id) REFERENCES messages(id) ON DELETE CASCADE",
            ],
        ),
        ("reactions", ["FOREIGN KEY (message_id) REFERENCES messages(id) ON DELETE CASCADE"]),
    ],
)
def test_what_belongs_to_something_goes_with_it(shared_url: str, table: str, keys: list[str]):
    assert constraints(shared_url, table, "f") == keys


@pytest.mark.ac("1.4.5")
@pytest.mark.parametrize(
    ("table", "drawn"),
    [
        ("channel_members", [["channel_id"], ["user_id"]]),
        ("messages", [["channel_id", "created_at"], ["parent_message_id"]]),
        ("reactions", [["message_id"]]),
    ],
)
def test_the_columns_named_are_indexed(shared_url: str, table: str, drawn: list[list[str]]):
    found = indexes(shared_url, table)
    assert [index for index in drawn if index not in found] == []


@pytest.mark.ac("1.1.1")
@pytest.mark.ac("1.1.3")
def test_the_one_metadata_has_every_table_of_a_migrated_database(shared_url: str):
    assert tables(shared_url) == sorted([*METADATA.tables, "alembic_version"])


@pytest.mark.ac("1.2.1")
def test_the_database_itself_fills_in_the_defaults_of_an_agent(run_sql):
    (agent,) = run_sql(
        """INSERT INTO agents (id, display_name, title, avatar_color, system_prompt)
        VALUES ('holly', 'Holly Flax', 'HR Representative', '#123456', 'You are Holly.')
        RETURNING model_id, max_turns, max_budget_usd::text, session_id, is_active,
                  created_at = now(), updated_at = now()"""
    )
    assert tuple(agent) == ("claude-sonnet-4-5-20250929", 5, "0.1", None, True, True, True)


@pytest.mark.ac("1.4.4")
def test_the_database_itself_fills_in_the_defaults_of_a_message(run_sql):
    run_sql("INSERT INTO channels (id, name, kind) VALUES ('roof', 'roof', 'public')")
    run_sql("INSERT INTO channel_members (channel_id, user_id) VALUES ('roof', 'jim')")
    (message,) = run_sql(
        """INSERT INTO messages (channel_id, user_id, text) VALUES ('roof', 'jim', 'Up here.')
        RETURNING id, parent_message_id, created_at = now()"""
    )
    assert message["id"].version == 4
    assert tuple(message)[1:] == (None, True)
    (reaction,) = run_sql(
        """INSERT INTO reactions (message_id, user_id, emoji) VALUES ($1, 'pam', '🎉')
        RETURNING id, created_at = now()""",
        message["id"],
    )
    assert reaction["id"].version == 4
    assert reaction[1] is True
    assert tuple(run_sql("SELECT topic FROM channels WHERE id = 'roof'")[0]) == ("",)


@pytest.mark.ac("1.2.1")
@pytest.mark.parametrize("column", [name for name, _, needed, _ in DRAWN["agents"] if needed])
def test_an_agent_without_a_needed_value_is_refused(shared_url: str, column: str):
    names = [name for name, _, needed, _ in DRAWN["agents"] if needed]
    values = ["NULL" if name == column else name for name in names]
    sql = f"""INSERT INTO agents ({", ".join(names)})
        SELECT {", ".join(values)} FROM (SELECT * FROM agents WHERE id = 'jim') jim"""
    with pytest.raises(asyncpg.NotNullViolationError) as refused:
        fetch(shared_url, sql)
    assert refused.value.column_name == column
