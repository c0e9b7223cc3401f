"""Memory, schedule and runs as the specification draws them, asked of a migrated database."""

import pytest
from tests.support.catalog import columns, constraints, indexes

NOW = "now()"
NEW_ID = "gen_random_uuid()"
TIME = "timestamp with time zone"
ID = ("id", "uuid", True, NEW_ID)
AGENT_ID = ("agent_id", "text", True, None)
CREATED_AT = ("created_at", TIME, True, NOW)

DRAWN = {
    "memory_blocks": [
        ID,
        AGENT_ID,
        ("label", "text", True, None),
        ("content", "text", True, None),
        ("is_shared", "boolean", True, "false"),
        ("updated_at", TIME, True, NOW),
    ],
    "shared_block_links": [ID, ("block_id", "uuid", True, None), AGENT_ID],
    "archival_passages": [
        ID,
        AGENT_ID,
        ("content", "text", True, None),
        ("tags", "text[]", False, None),
        CREATED_AT,
    ],
    "scheduled_messages": [
        ID,
        AGENT_ID,
        ("trigger_at", TIME, True, None),
        ("prompt", "text", True, None),
        ("target_channel_id", "text", False, None),
        ("status", "text", True, "'pending'::text"),
        CREATED_AT,
    ],
    "runs": [
        ID,
        AGENT_ID,
        ("status", "text", True, "'created'::text"),
        ("stop_reason", "text", False, None),
        ("trigger_message_id", "uuid", False, None),
        ("channel_id", "text", False, None),
        CREATED_AT,
        ("started_at", TIME, False, None),
        ("completed_at", TIME, False, None),
        ("token_usage", "jsonb", False, None),
    ],
    "run_steps": [
        ID,
        ("run_id", "uuid", True, None),
        ("step_number", "integer", True, None),
        ("status", "text", True, "'running'::text"),
        ("model_id", "text", True, None),
        ("token_usage", "jsonb", False, None),
        CREATED_AT,
        ("completed_at", TIME, False, None),
    ],
    "run_messages": [
        ID,
        ("run_id", "uuid", True, None),
        ("step_id", "uuid", False, None),
        ("message_type", "text", True, None),
        ("content", "text", True, None),
        ("tool_name", "text", False, None),
        ("tool_input", "jsonb", False, None),
        CREATED_AT,
    ],
}
INDEXED = {
    "memory_blocks": [["agent_id", "label"]],
    "shared_block_links": [["agent_id"]],
    "archival_passages": [["agent_id"]],
    "runs": [["agent_id", "status"], ["status", "created_at"]],
    "run_steps": [["run_id", "step_number"]],
    "run_messages": [["run_id", "created_at"], ["step_id"]],
}


def cascades(column: str, table: str) -> str:
    return f"FOREIGN KEY ({column}) REFERENCES {table}(id) ON DELETE CASCADE"


BELONGS = {
    "memory_blocks": [cascades("agent_id", "agents")],
    "shared_block_links": [cascades("agent_id", "agents"), cascades("block_id", "memory_blocks")],
    "archival_passages": [cascades("agent_id", "agents")],
    "scheduled_messages": [cascades("agent_id", "agents")],
    "runs": [cascades("agent_id", "agents")],
    "run_steps": [cascades("run_id", "runs")],
    "run_messages": [cascades("run_id", "runs"), cascades("step_id", "run_steps")],
}


@pytest.mark.ac("1.3.1")
@pytest.mark.ac("1.3.4")
@pytest.mark.ac("1.5.1")
@pytest.mark.ac("1.6.1")
@pytest.mark.parametrize("table", DRAWN)
def test_each_has_the_columns_drawn(shared_url: str, table: str):
    assert columns(shared_url, table) == DRAWN[table]
    assert constraints(shared_url, table, "p") == ["PRIMARY KEY (id)"]


@pytest.mark.ac("1.3.2")
@pytest.mark.ac("1.6.6")
@pytest.mark.parametrize("table", INDEXED)
def test_the_columns_named_are_indexed(shared_url: str, table: str):
    found = indexes(shared_url, table)
    assert [index for index in INDEXED[table] if index not in found] == []


@pytest.mark.ac("1.3.3")
@pytest.mark.ac("1.5.2")
@pytest.mark.ac("1.6.5")
@pytest.mark.parametrize("table", BELONGS)
def test_what_belongs_to_something_goes_with_it(shared_url: str, table: str):
    assert sorted(constraints(shared_url, table, "f")) == BELONGS[table]


@pytest.mark.ac("1.6.2")
def test_a_run_goes_from_created_to_an_end(run_sql):
    [(run_id, status)] = run_sql("INSERT INTO runs (agent_id) VALUES ('toby') RETURNING id, status")
    assert status == "created"
    for status in ("running", "completed", "failed", "cancelled"):
        run_sql("UPDATE runs SET status = $2 WHERE id = $1", run_id, status)
    assert run_sql("SELECT status FROM runs WHERE id = $1", run_id)[0][0] == "cancelled"
