"""Requests are stored without what their run has stored already, and read as they were sent."""

import json

import pytest
from tests.support.asking import post, settled
from tests.support.minds import SmallMind, working
from tests.support.program import until

from bullpen.agents.prompt.build import Prompt
from bullpen.agents.runtimes.base import RunResult, Usage
from bullpen.runs.requests import SHORTEST, restored, shortened

LONG = 'Say "hello",\n\\ and 🥐 \u2028' * 40
STORED = {"system_message": LONG, "user_message": "Short."}


@pytest.mark.parametrize(
    "request_",
    [
        {"instructions": LONG, "prompt": "Short."},
        {"messages": [{"content": LONG}, {"content": [LONG, LONG + "!", "Short."]}]},
        {"messages": [f"{LONG} {LONG}"]},
        {},
    ],
)
def test_a_request_is_read_as_it_was_sent(request_):
    sent = json.dumps(request_, ensure_ascii=False, separators=(",", ":"))
    kept = shortened(sent, STORED)
    assert restored(kept, STORED) == sent
    json.loads(kept)


def test_what_is_stored_already_is_not_stored_again():
    assert len(LONG) >= SHORTEST
    sent = json.dumps({"a": LONG, "b": [LONG]}, ensure_ascii=False, separators=(",", ":"))
    assert len(shortened(sent, STORED)) < 100


def test_a_text_that_looks_like_a_reference_stays_as_it_is():
    sent = json.dumps({"a": '{"bullpen:stored":"system_message"}'}, separators=(",", ":"))
    assert restored(shortened(sent, STORED), STORED) == sent


class Instructed(SmallMind):
    async def build_prompt(self, database, run, now):
        return Prompt(LONG, f"Prompt: {LONG}")


async def two_turns(spec, recorder):
    for turn in range(2):
        asked = {"system": spec.instructions, "messages": [spec.prompt, {"turn": turn}]}
        await recorder.turn_started(spec.model_id, asked)
        await recorder.turn_ended(Usage(1, 1), None, None)
    return RunResult("end_turn")


def test_each_step_of_a_run_shows_what_it_sent_and_stores_little(url, run_sql, acting):
    with working(url, Instructed(two_turns)):
        message_id = post(run_sql, "michael", "dm-michael-toby", "Why?")
        until(lambda: settled(run_sql))
    [(run_id,)] = run_sql("SELECT id FROM runs WHERE trigger_message_id = $1", message_id)
    michael = acting("michael")
    for turn in range(2):
        shown = michael.get(f"/api/runs/{run_id}/steps/{turn + 1}/request").json()
        assert shown == {"system": LONG, "messages": [f"Prompt: {LONG}", {"turn": turn}]}
    sizes = run_sql(
        "SELECT octet_length(d.request::text) FROM step_details d"
        " JOIN run_steps s ON s.id = d.step_id WHERE s.run_id = $1",
        run_id,
    )
    assert all(size < 200 for (size,) in sizes)
