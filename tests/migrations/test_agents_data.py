"""What the database holds everybody to in what agents know, plan and did."""

import pytest
from tests.support.catalog import fetch
from tests.support.refusing import refusal, transaction

RUN = "INSERT INTO runs (id, agent_id, status) VALUES ($1, 'kevin', $2)"
STEP = """INSERT INTO run_steps (run_id, step_number, model_id, token_usage)
VALUES ($1, $2, 'scripted', $3::jsonb)"""
SAID = """INSERT INTO run_messages (run_id, step_id, message_type, content)
SELECT $1, id, 'assistant_message', 'M&Ms.' FROM run_steps WHERE run_id = $2 AND step_number = 1"""
FIRST = "00000000-0000-4000-8000-000000000001"
SECOND = "00000000-0000-4000-8000-000000000002"
NO_TOKENS = "{}"


def usage(read: int, written: int) -> str:
    return f'{{"input_tokens": {read}, "output_tokens": {written}}}'


@pytest.mark.ac("1.6.3")
@pytest.mark.parametrize("numbers", [(2,), (1, 3), (0, 1), (1, 2, 4)])
def test_steps_are_numbered_from_one_without_gaps(shared_url: str, numbers: tuple[int, ...]):
    steps = [(STEP, FIRST, number, NO_TOKENS) for number in numbers]
    assert refusal(shared_url, (RUN, FIRST, "running"), *steps) == "ck_run_steps_numbers"


@pytest.mark.ac("1.6.3")
def test_no_step_goes_from_the_midst_of_a_run(url: str):
    steps = [(STEP, FIRST, number, NO_TOKENS) for number in (1, 2, 3)]
    transaction(url, (RUN, FIRST, "running"), *steps)
    take = "DELETE FROM run_steps WHERE run_id = $1 AND step_number = $2"
    assert refusal(url, (take, FIRST, 2)) == "ck_run_steps_numbers"
    transaction(url, (take, FIRST, 3))
    left = "SELECT step_number FROM run_steps WHERE run_id = $1 ORDER BY 1"
    assert [row[0] for row in fetch(url, left, FIRST)] == [1, 2]


def test_a_runs_usage_is_the_sum_of_its_steps(url: str):
    total = "SELECT token_usage::jsonb = $2::jsonb FROM runs WHERE id = $1"
    transaction(
        url,
        (RUN, FIRST, "running"),
        (STEP, FIRST, 1, usage(100, 7)),
        (STEP, FIRST, 2, usage(250, 11)),
        (STEP, FIRST, 3, None),
    )
    assert fetch(url, total, FIRST, usage(350, 18)) == [(True,)]
    change = "UPDATE run_steps SET token_usage = $2::jsonb WHERE run_id = $1 AND step_number = 3"
    transaction(url, (change, FIRST, usage(1, 1)))
    assert fetch(url, total, FIRST, usage(351, 19)) == [(True,)]


def test_an_agent_has_one_run_at_a_time_and_any_number_that_wait(url: str):
    transaction(url, (RUN, FIRST, "running"), (RUN, SECOND, "created"))
    start = ("UPDATE runs SET status = 'running' WHERE id = $1", SECOND)
    assert refusal(url, start) == "uq_runs_running"
    transaction(url, ("UPDATE runs SET status = 'completed' WHERE id = $1", FIRST), start)


@pytest.mark.ac("1.6.4")
def test_a_message_belongs_to_a_step_of_its_own_run(url: str):
    transaction(
        url,
        (RUN, FIRST, "running"),
        (RUN, SECOND, "created"),
        (STEP, FIRST, 1, NO_TOKENS),
        (SAID, FIRST, FIRST),
    )
    assert refusal(url, (SAID, SECOND, FIRST)) == "ck_run_messages_step"


BLOCK = "SELECT id FROM memory_blocks WHERE agent_id = 'jim' AND label = 'personality'"
LINK = f"INSERT INTO shared_block_links (block_id, agent_id) VALUES (({BLOCK}), $1)"


@pytest.mark.ac("1.3.2")
def test_only_a_shared_block_is_linked_and_not_to_its_owner(url: str):
    assert refusal(url, (LINK, "pam")) == "ck_shared_block_links_shared"
    share = f"UPDATE memory_blocks SET is_shared = $1 WHERE id = ({BLOCK})"
    transaction(url, (share, True), (LINK, "pam"))
    assert refusal(url, (LINK, "jim")) == "ck_shared_block_links_other"
    linked = f"SELECT agent_id FROM shared_block_links WHERE block_id = ({BLOCK})"
    assert fetch(url, linked) == [("pam",)]
    transaction(url, (share, False))
    assert fetch(url, linked) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE memory_block_versions SET content = 'rewritten'",
        "UPDATE memory_block_versions SET user_id = 'toby'",
        "DELETE FROM memory_block_versions",
    ],
)
def test_versions_are_only_ever_added(shared_url: str, change: str):
    assert refusal(shared_url, (change,)) == "ck_memory_block_versions_append_only"


def test_a_change_by_hand_leaves_a_version_and_the_same_text_none(url: str):
    change = f"UPDATE memory_blocks SET content = $1 WHERE id = ({BLOCK})"
    texts = f"""SELECT content FROM memory_block_versions
    WHERE block_id = ({BLOCK}) AND version > 1 ORDER BY version"""
    transaction(url, (change, "Pranks."))
    transaction(url, (change, "Pranks."))
    transaction(url, (change, "Fewer pranks."))
    assert fetch(url, texts) == [("Pranks.",), ("Fewer pranks.",)]


def test_words_follow_their_passage(url: str):
    found = "SELECT agent_id FROM archival_words WHERE words @@ plainto_tsquery('english', $1)"
    passage = "INSERT INTO archival_passages (agent_id, content) VALUES ('creed', $1)"
    transaction(url, (passage, "Quabbity."))
    assert fetch(url, found, "quabbity") == [("creed",)]
    transaction(
        url,
        ("UPDATE archival_passages SET content = 'Mung.' WHERE content = 'Quabbity.'",),
    )
    assert (fetch(url, found, "quabbity"), fetch(url, found, "mung")) == ([], [("creed",)])
    transaction(url, ("DELETE FROM archival_passages WHERE content = 'Mung.'",))
    assert fetch(url, found, "mung") == []


# What was written in channels stays, with the name of whoever wrote it, agent or person: `user_id`.
OF_AGENTS = """
SELECT table_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name = 'agent_id' ORDER BY 1
"""


@pytest.mark.ac("1.3.3")
@pytest.mark.ac("1.6.5")
def test_an_agent_that_is_deleted_leaves_no_orphan_in_any_table(url: str):
    of_agents = [row[0] for row in fetch(url, OF_AGENTS)]
    assert {"runs", "memory_blocks", "archival_words", "scheduled_messages"} <= set(of_agents)
    rest = {
        table: fetch(url, f"SELECT t::text FROM {table} t WHERE agent_id <> 'dwight' ORDER BY 1")
        for table in of_agents
        if table != "shared_block_links"
    }
    assert fetch(url, "SELECT 1 FROM runs WHERE agent_id = 'dwight'")
    transaction(url, ("DELETE FROM agents WHERE id = 'dwight'",))
    for table in of_agents:
        assert fetch(url, f"SELECT 1 FROM {table} WHERE agent_id = 'dwight'") == [], table
    for table, rows in rest.items():
        left = fetch(url, f"SELECT t::text FROM {table} t ORDER BY 1")
        assert left == rows, f"{table} of other agents"
    assert_no_key_points_nowhere(url)


KEYS = """
SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, f.attname
FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]
WHERE c.contype = 'f' AND array_length(c.conkey, 1) = 1
"""


def assert_no_key_points_nowhere(url: str) -> None:
    keys = fetch(url, KEYS)
    assert keys
    for table, column, target, key in keys:
        orphans = f"""SELECT 1 FROM {table} WHERE {column} IS NOT NULL
        AND {column} NOT IN (SELECT {key} FROM {target})"""
        assert fetch(url, orphans) == [], table
