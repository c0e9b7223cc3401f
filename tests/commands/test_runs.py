"""`bullpen runs show`: a trace in a terminal."""

from pathlib import Path
from uuid import uuid4

from tests.support.program import Done, bullpen


def test_a_run_is_printed_as_a_tree(url: str, run_sql, tmp_path: Path):
    [(run_id,)] = run_sql(
        "INSERT INTO runs (agent_id, channel_id, status, stop_reason)"
        " VALUES ('toby', 'management', 'completed', 'end_turn') RETURNING id"
    )
    [(step_id,)] = run_sql(
        "INSERT INTO run_steps (run_id, step_number, model_id, status, token_usage) VALUES"
        """ ($1, 1, 'scripted', 'completed', '{"input_tokens": 9, "output_tokens": 2}')"""
        " RETURNING id",
        run_id,
    )
    run_sql(
        "INSERT INTO run_messages (run_id, step_id, message_type, content, tool_name, tool_input)"
        " VALUES ($1, NULL, 'system_message', 'You are' || chr(27) || '[31m Toby.', NULL, NULL),"
        """ ($1, $2, 'tool_call_message', '', 'do_nothing', '{"why": "calm"}')""",
        run_id,
        step_id,
    )
    assert bullpen("runs", "show", str(run_id), DATABASE_URL=url, cwd=tmp_path) == Done(
        0,
        f"Run {run_id} of toby in management: completed (end_turn)\n"
        "  system_message: You are�[31m Toby.\n"
        "  Step 1: completed, scripted, 9 + 2 tokens\n"
        '    tool_call_message do_nothing: {"why": "calm"}\n',
        "",
    )


def test_a_run_that_is_not_there_is_one_clear_line(url: str, tmp_path: Path):
    unknown = uuid4()
    done = bullpen("runs", "show", str(unknown), DATABASE_URL=url, cwd=tmp_path)
    assert done == Done(1, "", f"bullpen: there is no run {unknown}\n")
