"""Dry runs and probes: what an agent would do, and that nothing else changes."""

import json
from uuid import uuid4

import pytest
from tests.support.asking import post, settled
from tests.support.catalog import contents
from tests.support.minds import SmallMind, working
from tests.support.program import until

from bullpen.agents.runtimes.base import RunResult, Usage
from bullpen.agents.tools import TOOLS

OWN = {"experiments", "experiment_trials"}
# One call of each tool, as a model would make it.
CALLS = [
    ("search_memory", {"query": "paper"}),
    ("search_messages", {"query": "paper"}),
    ("update_memory", {"label": "lately", "content": "I was tried.", "version": 0}),
    ("store_memory", {"content": "I was tried.", "tags": ["tried"]}),
    ("schedule_message", {"at": "2026-12-24T09:00", "note": "Remember the trial."}),
    ("send_message", {"text": "What I would say"}),
    ("send_message", {"text": "Elsewhere", "channel": "random"}),
    ("send_message", {"text": "To one", "to": "pam"}),
]


class EverythingMind(SmallMind):
    """Calls every tool once, reacts to what it was asked, and says which prompt it got."""

    def __init__(self, message_id=None) -> None:
        super().__init__(act=self.everything, tools=TOOLS)
        self.message_id = message_id
        self.prompts = []

    async def everything(self, spec, recorder) -> RunResult:
        self.prompts.append((spec.model_id, spec.instructions, spec.prompt))
        await recorder.turn_started(spec.model_id, {"prompt": spec.prompt})
        calls = list(CALLS)
        if self.message_id:
            reaction = {"message": str(self.message_id), "emoji": "👍"}
            calls.append(("react_to_message", reaction))
        for number, (tool, arguments) in enumerate(calls):
            await recorder.call(tool, arguments, str(number))
        await recorder.turn_ended(Usage(100, 20), 0.25, None)
        return RunResult("end_turn")


def rows_of(url) -> dict:
    return {name: rows for name, rows in contents(url).items() if name not in OWN}


@pytest.fixture
def answered(run_sql, url):
    """A run of Toby's in a DM with Michael that has ended, and its message."""
    message_id = post(run_sql, "michael", "dm-michael-toby", "Why?")
    with working(url, SmallMind()):
        until(lambda: settled(run_sql))
    [(run_id,)] = run_sql("SELECT id FROM runs WHERE trigger_message_id = $1", message_id)
    return run_id, message_id


def finished(client, experiment_id):
    trials = client.get(f"/api/experiments/{experiment_id}").json()["trials"]
    return all(one["status"] in ("completed", "failed", "cancelled") for one in trials)


def tried(client, url, made, mind):
    with working(url, mind):
        until(lambda: finished(client, made["id"]))
    return client.get(f"/api/experiments/{made['id']}").json()


def test_a_dry_run_of_every_tool_changes_no_row_outside_its_own_tables(
    acting, run_sql, url, answered
):
    run_id, message_id = answered
    michael = acting("michael")
    run_sql("UPDATE scheduled_messages SET status = 'cancelled' WHERE status = 'pending'")
    before = rows_of(url)
    body = {"variants": [{}, {"persona": "You are brief."}], "times": 2}
    made = michael.post(f"/api/runs/{run_id}/dry-runs", json=body)
    assert made.status_code == 201
    mind = EverythingMind(message_id)
    shown = tried(michael, url, made.json(), mind)
    assert rows_of(url) == before
    assert [(one["variant"], one["status"], one["stopReason"]) for one in shown["trials"]] == [
        (0, "completed", "end_turn"), (0, "completed", "end_turn"),
        (1, "completed", "end_turn"), (1, "completed", "end_turn"),
    ]  # fmt: skip
    [step] = shown["trials"][0]["steps"]
    by_tool = {call["toolName"]: call["isCarriedOut"] for call in step["calls"]}
    assert by_tool == {
        "search_memory": True, "search_messages": True, "update_memory": False,
        "store_memory": False, "schedule_message": False, "send_message": False,
        "react_to_message": False,
    }  # fmt: skip
    assert all(not call["answer"].startswith("Error") for call in step["calls"])
    # Its answer is what it would have said where it was asked.
    assert shown["trials"][0]["answers"] == ["What I would say"]
    assert shown["trials"][0]["tokenUsage"] == {"inputTokens": 100, "outputTokens": 20}
    assert shown["trials"][0]["costUsd"] == 0.25


def test_then_is_the_prompt_of_the_run_and_now_is_what_there_is(acting, run_sql, url, answered):
    run_id, _ = answered
    michael = acting("michael")
    [(system,), (user,)] = run_sql(
        "SELECT content FROM run_messages WHERE run_id = $1 AND step_id IS NULL"
        " ORDER BY message_type",
        run_id,
    )
    mind = EverythingMind()
    for body in (
        {"moment": "then"},
        {"moment": "then", "variants": [{"prompt": "Another prompt", "modelId": "scripted"}]},
        {"moment": "now"},
    ):
        made = michael.post(f"/api/runs/{run_id}/dry-runs", json=body).json()
        tried(michael, url, made, mind)
    first, second, third = mind.prompts
    assert first[1:] == (system, user)
    assert second[1:] == (system, "Another prompt")
    assert third[1:] == ("You are Toby Flenderson.", "Answer.")


def test_a_dry_run_is_there_for_who_made_it_alone(acting, run_sql, url, answered):
    run_id, _ = answered
    michael, toby, kevin = acting("michael"), acting("toby"), acting("kevin")
    assert kevin.post(f"/api/runs/{run_id}/dry-runs", json={}).status_code == 404
    made = michael.post(f"/api/runs/{run_id}/dry-runs", json={}).json()
    path = f"/api/experiments/{made['id']}"
    trial = f"{path}/trials/{made['trials'][0]['id']}/post"
    for other in (toby, kevin):
        assert other.get(path).status_code == 404
        assert other.delete(path).status_code == 404
        assert other.post(f"{path}/cancel").status_code == 404
        assert other.post(trial).status_code == 404
        assert other.get("/api/experiments").json() == []
    assert [one["id"] for one in michael.get(f"/api/experiments?runId={run_id}").json()] == [
        made["id"]
    ]
    assert michael.post(f"{path}/cancel").json()["trials"][0]["status"] == "cancelled"
    assert michael.delete(path).status_code == 200
    assert michael.get(path).status_code == 404


def test_an_answer_is_posted_when_somebody_says_so_once_and_asks_nobody(
    acting, run_sql, url, answered
):
    run_id, _ = answered
    michael = acting("michael")
    made = michael.post(f"/api/runs/{run_id}/dry-runs", json={}).json()
    path = f"/api/experiments/{made['id']}/trials/{made['trials'][0]['id']}/post"
    early = michael.post(path)
    assert (early.status_code, early.json()["code"]) == (409, "nothing_to_post")
    tried(michael, url, made, EverythingMind())
    said = "SELECT user_id, channel_id, text FROM messages WHERE text = 'What I would say'"
    assert run_sql(said) == []
    runs = run_sql("SELECT count(*) FROM runs")[0][0]
    posted = michael.post(path)
    assert posted.status_code == 201
    assert michael.post(path).json() == posted.json()
    assert [tuple(row) for row in run_sql(said)] == [
        ("toby", "dm-michael-toby", "What I would say")
    ]
    assert run_sql("SELECT count(*) FROM runs")[0][0] == runs
    shown = michael.get(f"/api/experiments/{made['id']}").json()
    assert shown["trials"][0]["postedMessageId"] == posted.json()["messageId"]


def test_a_dry_run_goes_with_its_channel_also_while_it_is_under_way(acting, run_sql, url, answered):
    run_id, _ = answered
    michael = acting("michael")
    made = michael.post(f"/api/runs/{run_id}/dry-runs", json={}).json()

    async def channel_goes(spec, recorder) -> RunResult:
        await recorder.turn_started(spec.model_id, {})
        run_sql("DELETE FROM channels WHERE id = 'dm-michael-toby'")
        await recorder.call("search_messages", {"query": "paper"}, "1")
        await recorder.turn_ended(Usage(1, 1), None, None)
        return RunResult("end_turn")

    mind = SmallMind(act=channel_goes, tools=TOOLS)
    with working(url, mind):
        until(lambda: run_sql("SELECT count(*) FROM experiments")[0][0] == 0)
    assert michael.get(f"/api/experiments/{made['id']}").status_code == 404
    assert run_sql("SELECT count(*) FROM experiment_trials")[0][0] == 0
    assert michael.post(f"/api/runs/{run_id}/dry-runs", json={}).status_code == 404


def test_a_run_whose_memory_and_messages_are_gone_is_tried_as_it_was(
    acting, run_sql, url, answered
):
    run_id, message_id = answered
    michael = acting("michael")
    run_sql("DELETE FROM memory_blocks WHERE agent_id = 'toby'")
    run_sql("DELETE FROM messages WHERE id = $1", message_id)
    made = michael.post(f"/api/runs/{run_id}/dry-runs", json={}).json()
    mind = EverythingMind()
    assert tried(michael, url, made, mind)["trials"][0]["status"] == "completed"
    [(_, instructions, _)] = mind.prompts
    assert instructions == "You are Toby Flenderson."


def test_a_run_that_kept_no_prompt_says_what_to_do(acting, run_sql, url, answered):
    run_id, _ = answered
    run_sql("DELETE FROM run_messages WHERE run_id = $1 AND step_id IS NULL", run_id)
    michael = acting("michael")
    made = michael.post(f"/api/runs/{run_id}/dry-runs", json={}).json()
    [trial] = tried(michael, url, made, EverythingMind())["trials"]
    assert (trial["status"], trial["problem"]) == (
        "failed", "This run has kept no prompt. Try it as of now.",
    )  # fmt: skip


def test_a_question_is_answered_and_leaves_nothing_behind(acting, run_sql, url):
    michael, kevin = acting("michael"), acting("kevin")
    run_sql("UPDATE scheduled_messages SET status = 'cancelled' WHERE status = 'pending'")
    before = rows_of(url)
    body = {"questions": ["What is paper?", "Why?"], "channelId": "management"}
    assert kevin.post("/api/agents/toby/probes", json=body).status_code == 404
    made = michael.post("/api/agents/toby/probes", json=body).json()
    mind = EverythingMind()
    shown = tried(michael, url, made, mind)
    assert [(one["question"], one["answers"]) for one in shown["trials"]] == [
        ("What is paper?", ["What I would say"]), ("Why?", ["What I would say"]),
    ]  # fmt: skip
    assert rows_of(url) == before
    path = f"/api/experiments/{made['id']}/trials/{made['trials'][0]['id']}/post"
    assert michael.post(path).status_code == 409
    assert michael.post("/api/agents/nobody/probes", json=body).status_code == 404


def test_another_prompt_in_a_probe_is_refused_since_it_would_replace_the_question(acting, run_sql):
    michael = acting("michael")
    body = {"questions": ["What is paper?"], "variants": [{}, {"prompt": "Another prompt"}]}
    refused = michael.post("/api/agents/toby/probes", json=body)
    assert (refused.status_code, refused.json()["code"]) == (400, "validation_failed")
    [problem] = refused.json()["details"]
    assert problem["loc"] == ["body", "variants"]
    assert "Leave `prompt` out, or write it as one of the questions." in problem["msg"]
    assert run_sql("SELECT count(*) FROM experiments") == [(0,)]


def test_the_daily_budget_and_the_budget_of_a_run_bound_a_trial(acting, run_sql, url, answered):
    run_id, _ = answered
    michael = acting("michael")
    run_sql("INSERT INTO budgets (agent_id, daily_usd) VALUES ('toby', 0.3)")

    async def costly(spec, recorder) -> RunResult:
        for _ in range(9):
            await recorder.turn_started("openai:gpt-5.6-terra", {}, 0.2)
            await recorder.turn_ended(Usage(1, 1), 0.2, None)
        return RunResult("end_turn")

    run_sql("UPDATE agents SET max_budget_usd = 10, max_turns = 9")
    made = michael.post(f"/api/runs/{run_id}/dry-runs", json={"times": 1}).json()
    [trial] = tried(michael, url, made, SmallMind(act=costly, tools=TOOLS))["trials"]
    assert (trial["stopReason"], trial["costUsd"]) == ("max_tokens_exceeded", 0.2)
    assert trial["problem"] == "the agent's budget for today, $0.30, has $0.30 left"
    # The next one counts what this one has cost.
    made = michael.post(f"/api/runs/{run_id}/dry-runs", json={"times": 1}).json()
    [trial] = tried(michael, url, made, SmallMind(act=costly, tools=TOOLS))["trials"]
    assert (trial["costUsd"], trial["problem"]) == (
        0.0, "the agent's budget for today, $0.30, has $0.10 left",
    )  # fmt: skip


def test_what_cannot_be_tried_is_refused_in_words(acting, run_sql, url, answered):
    run_id, _ = answered
    michael = acting("michael")
    path = f"/api/runs/{run_id}/dry-runs"
    for body in (
        {"variants": []}, {"times": 0}, {"times": 11}, {"moment": "later"},
        {"variants": [{"persona": ""}]}, {"variants": [{}] * 7},
    ):  # fmt: skip
        assert michael.post(path, json=body).status_code == 400, json.dumps(body)
    refused = michael.post(path, json={"variants": [{}, {"modelId": "openai:gpt-5.6-terra"}]})
    assert (refused.status_code, refused.json()["code"]) == (400, "model_not_ready")
    assert refused.json()["details"][0]["loc"] == ["body", "variants", 1, "modelId"]
    assert michael.post(f"/api/runs/{uuid4()}/dry-runs", json={}).status_code == 404
    body = {"variants": [{}] * 6, "times": 10}
    assert michael.post(path, json=body).status_code == 201
    many = michael.post(path, json=body)
    assert (many.status_code, many.json()["code"]) == (409, "too_many_trials")


def test_a_dry_run_is_told_by_no_event(acting, run_sql, url, answered):
    run_id, _ = answered
    michael = acting("michael")
    newest = run_sql("SELECT max(id) FROM events")
    made = michael.post(f"/api/runs/{run_id}/dry-runs", json={}).json()
    tried(michael, url, made, EverythingMind())
    assert run_sql("SELECT max(id) FROM events") == newest
