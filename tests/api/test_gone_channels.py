"""A channel that is deleted takes along what repeats its talk: its id may be taken again."""

import asyncio

import pytest
from tests.support.asking import post
from tests.support.minds import SmallMind, working
from tests.support.program import until

from bullpen.agents.runtimes.base import RunResult

WORDS = "Only accounting may read this"


@pytest.mark.ac("1.4.11")
def test_whoever_takes_its_id_finds_nothing_of_it(acting, run_sql):
    angela, creed = acting("angela"), acting("creed")
    [(run_id,)] = run_sql(
        "INSERT INTO runs (agent_id, channel_id) VALUES ('kevin', 'accounting') RETURNING id"
    )
    run_sql(
        "INSERT INTO run_messages (run_id, message_type, content)"
        " VALUES ($1, 'user_message', $2)",
        run_id, WORDS,
    )  # fmt: skip
    plan = {"agentId": "kevin", "prompt": WORDS, "targetChannelId": "accounting"}
    at = {"triggerAt": "2999-01-01T00:00:00Z"}
    assert angela.post("/api/scheduled", json=plan | at).status_code == 201
    assert angela.post("/api/recurring", json=plan | {"cron": "0 9 * * *"}).status_code == 201
    assert angela.delete("/api/channels/accounting").status_code == 200
    made = {"id": "accounting", "name": "accounting", "kind": "public"}
    assert creed.post("/api/channels", json=made).status_code == 201
    for path in ("/api/runs?agentId=kevin", "/api/scheduled", "/api/recurring"):
        assert "accounting" not in creed.get(path).text, path
    assert creed.get(f"/api/runs/{run_id}").status_code == 404
    assert creed.post(f"/api/runs/{run_id}/again", json={}).status_code == 404


def test_a_run_that_is_under_way_in_it_stops(run_sql, url, acting):
    began, stopped = [], []

    async def slow(spec, recorder):
        await recorder.turn_started(spec.model_id, {})
        began.append(spec.run_id)
        try:
            await asyncio.sleep(60)
        finally:
            stopped.append(spec.run_id)
        return RunResult("end_turn")

    with working(url, SmallMind(slow)):
        post(run_sql, "angela", "accounting", "@kevin and @oscar, are you there?")
        until(lambda: began)
        assert acting("angela").delete("/api/channels/accounting").status_code == 200
        until(lambda: stopped == began)
    assert run_sql("SELECT count(*) FROM mailbox")[0][0] == 0
    assert run_sql("SELECT count(*) FROM runs WHERE channel_id = 'accounting'")[0][0] == 0
