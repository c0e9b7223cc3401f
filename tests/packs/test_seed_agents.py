"""What the seed writes of each agent's memory, schedule and runs, row by row."""

import json
from datetime import timedelta
from itertools import groupby, pairwise

import pytest
from tests.support.catalog import contents
from tests.support.fixtures import complete
from tests.support.seeding import PACK, at, instant, place, rows, settings

from bullpen.memory.tables import LONGEST_BLOCK
from bullpen.packs.field_types import LONGEST_MEMORY
from bullpen.packs.pack import PackRun, message_id, row_id
from bullpen.processes.bootstrap import load

STATUS = {
    "end_turn": "completed",
    "max_steps": "completed",
    "max_tokens_exceeded": "completed",
    "no_tool_call": "completed",
    "error": "failed",
    "invalid_tool_call": "failed",
    "cancelled": "cancelled",
}


def run_id(run: PackRun) -> str:
    return str(row_id(PACK.id, "runs", run.key))


def test_a_pack_and_the_database_have_one_limit():
    assert LONGEST_MEMORY == LONGEST_BLOCK


@pytest.mark.ac("1.3.5")
@pytest.mark.ac("1.7.1")
def test_every_memory_block_is_as_the_pack_has_it_and_in_its_first_version(shared_url: str):
    found = rows(
        shared_url,
        """SELECT agent_id, label, block.content, is_shared,
            array_agg(ROW(version, told.content = block.content, user_id, run_id)::text)
        FROM memory_blocks block JOIN memory_block_versions told ON block_id = block.id
        GROUP BY block.id ORDER BY 1, 2""",
    )
    assert found == sorted(
        (block.agent_id, block.label, block.text, block.shared_with is not None, ["(1,t,,)"])
        for block in PACK.blocks
    )


@pytest.mark.ac("1.3.5")
@pytest.mark.ac("1.7.1")
def test_every_shared_block_is_linked_in_the_packs_order(shared_url: str):
    found = rows(
        shared_url,
        """SELECT block.agent_id, label, array_agg(link.agent_id ORDER BY link.id)
        FROM shared_block_links link JOIN memory_blocks block ON block.id = block_id
        GROUP BY 1, 2 ORDER BY 1, 2""",
    )
    assert found == [
        (block.agent_id, block.label, list(block.shared_with))
        for block in PACK.blocks
        if block.shared_with is not None
    ]


@pytest.mark.ac("1.3.5")
@pytest.mark.ac("1.7.1")
def test_every_archival_passage_is_there_at_its_instant(shared_url: str):
    found = rows(
        shared_url,
        "SELECT agent_id, content, tags, created_at FROM archival_passages ORDER BY 1, 4",
    )
    assert found == sorted(
        ((p.agent_id, p.text, list(p.tags) or None, instant(p)) for p in PACK.passages),
        key=lambda row: (row[0], row[3]),
    )


@pytest.mark.ac("1.5.1")
@pytest.mark.ac("1.5.3")
@pytest.mark.ac("1.7.1")
def test_every_scheduled_message_is_there_at_its_instant(shared_url: str):
    found = rows(
        shared_url,
        """SELECT agent_id, trigger_at, prompt, target_channel_id, status, created_at
        FROM scheduled_messages ORDER BY 1, 2""",
    )
    assert found == sorted(
        (s.agent_id, instant(s), s.prompt, s.channel_id, s.status, at(*s.created))
        for s in PACK.scheduled
    )


@pytest.mark.ac("1.6.2")
@pytest.mark.ac("1.6.7")
@pytest.mark.ac("1.7.1")
def test_every_run_is_there_with_its_status_times_and_trigger(shared_url: str):
    found = rows(
        shared_url,
        """SELECT id::text, agent_id, status, stop_reason, trigger_message_id, channel_id,
            created_at, started_at, completed_at
        FROM runs ORDER BY 1""",
    )
    expected = []
    for run in PACK.runs:
        created = instant(run)
        started = created + run.waited
        ended = started + sum((step.lasted for step in run.steps), timedelta())
        expected.append(
            (
                *(run_id(run), run.agent_id, STATUS[run.stop_reason], run.stop_reason),
                run.trigger and message_id(PACK.id, run.trigger),
                *(run.channel_id, created, started if run.steps else None, ended),
            )
        )
    assert found == sorted(expected)


@pytest.mark.ac("1.6.3")
@pytest.mark.ac("1.6.7")
def test_every_step_follows_the_one_before_it_and_its_tokens_are_added_up(shared_url: str):
    found = rows(
        shared_url,
        """SELECT run_id::text, array_agg(ROW(
                step_number, step.status, model_id, step.created_at = COALESCE(before, started_at),
                step.completed_at - step.created_at,
                (step.token_usage ->> 'input_tokens')::int,
                (step.token_usage ->> 'output_tokens')::int
            ) ORDER BY step_number),
            (run.token_usage ->> 'input_tokens')::int, (run.token_usage ->> 'output_tokens')::int
        FROM (
            SELECT *, lag(completed_at) OVER (PARTITION BY run_id ORDER BY step_number) AS before
            FROM run_steps
        ) step JOIN runs run ON run.id = run_id GROUP BY 1, run.token_usage""",
    )
    assert {run: ([tuple(step) for step in steps], *usage) for run, steps, *usage in found} == {
        run_id(run): (
            [
                (number, step.status, step.model_id, True, step.lasted)
                + (step.tokens or (None, None))
                for number, step in enumerate(run.steps, start=1)
            ],
            *_sums([step.tokens for step in run.steps if step.tokens]),
        )
        for run in PACK.runs
        if run.steps
    }


def _sums(counted: list[tuple[int, int]]) -> tuple[int | None, int | None]:
    return (sum(i for i, _ in counted), sum(o for _, o in counted)) if counted else (None, None)


def as_stored(mapping: dict[str, object] | None) -> str | None:
    """As Postgres writes a jsonb: the shorter keys first."""
    if mapping is None:
        return None
    keys = sorted(mapping, key=lambda key: (len(key.encode()), key))
    return json.dumps({key: mapping[key] for key in keys}, ensure_ascii=False)


@pytest.mark.ac("1.6.4")
@pytest.mark.ac("1.6.7")
def test_every_run_message_is_in_its_step_and_in_the_order_of_the_pack(shared_url: str):
    found = rows(
        shared_url,
        """SELECT message.run_id::text, step_number, message_type, content, tool_name,
            tool_input::text, message.created_at
        FROM run_messages message LEFT JOIN run_steps step ON step.id = step_id
        ORDER BY message.run_id, message.created_at, message.id""",
    )
    told = {
        run: [row[1:] for row in messages]
        for run, messages in groupby(found, key=lambda row: str(row[0]))
    }
    assert {run: [row[:-1] for row in messages] for run, messages in told.items()} == {
        run_id(run): [
            (number, message.type, message.text, message.tool_name, as_stored(message.tool_input))
            for number, messages in (
                (None, run.messages),
                *(
                    (step_number, step.messages)
                    for step_number, step in enumerate(run.steps, start=1)
                ),
            )
            for message in messages
        ]
        for run in PACK.runs
    }
    for messages in told.values():
        assert all(one[-1] < other[-1] for one, other in pairwise(messages))


@pytest.mark.ac("1.7.2")
def test_seeding_again_keeps_what_was_edited_and_unshared(url: str, run_sql):
    run_sql("UPDATE memory_blocks SET content = 'Mine.' WHERE label = 'personality'")
    run_sql("UPDATE memory_blocks SET is_shared = false WHERE label = 'office_news'")
    run_sql("UPDATE archival_passages SET tags = NULL")
    run_sql("UPDATE scheduled_messages SET status = 'cancelled'")
    run_sql("UPDATE runs SET status = 'failed', stop_reason = 'error'")
    before = contents(url)
    assert before["shared_block_links"] == []
    assert set(complete(load(place(url), settings())).values()) == {0}
    assert contents(url) == before


@pytest.mark.ac("1.7.2")
def test_a_block_that_took_the_place_of_the_packs_stays_unshared(url: str, run_sql):
    run_sql("DELETE FROM memory_blocks WHERE label = 'office_news'")
    run_sql(
        "INSERT INTO memory_blocks (agent_id, label, content) VALUES ('pam', 'office_news', 'New.')"
    )
    before = contents(url)
    assert set(complete(load(place(url), settings())).values()) == {0}
    assert contents(url) == before


@pytest.mark.ac("1.7.2")
def test_what_was_removed_comes_back_whole_and_a_trace_that_was_cut_does_not(url: str, run_sql):
    run_sql("DELETE FROM archival_passages WHERE agent_id = 'pam'")
    run_sql("DELETE FROM memory_blocks WHERE agent_id = 'pam'")
    whole, cut, *_ = (run for run in PACK.runs if len(run.steps) > 1)
    run_sql("DELETE FROM runs WHERE id = $1", row_id(PACK.id, "runs", whole.key))
    run_sql(
        "DELETE FROM run_steps WHERE run_id = $1 AND step_number = $2",
        *(row_id(PACK.id, "runs", cut.key), len(cut.steps)),
    )
    added = complete(load(place(url), settings()))
    assert {table: count for table, count in added.items() if count} == {
        "memory_blocks": sum(block.agent_id == "pam" for block in PACK.blocks),
        "shared_block_links": len(PACK.agents) - 1,
        "archival_passages": sum(passage.agent_id == "pam" for passage in PACK.passages),
        "runs": 1,
        "run_steps": len(whole.steps),
        "run_messages": sum(len(told.messages) for told in (whole, *whole.steps)),
    }
