"""The schedule and the runs, over the API, and who sees them."""

from datetime import UTC, datetime

import pytest

AT = "2026-03-05T09:00:00-05:00"


def scheduled(client, **body: str):
    whole = {"agentId": "toby", "triggerAt": AT, "prompt": "Ask Michael.", **body}
    return client.post("/api/scheduled", json=whole)


@pytest.mark.ac("1.5.2")
def test_what_is_planned_for_a_channel_is_seen_by_its_readers_alone(acting):
    michael, kevin = acting("michael"), acting("kevin")
    made = scheduled(michael, targetChannelId="management")
    assert made.status_code == 201
    assert datetime.fromisoformat(made.json()["triggerAt"]) == datetime(2026, 3, 5, 14, tzinfo=UTC)
    path = f"/api/scheduled/{made.json()['id']}"
    query = {"agentId": "toby", "status": "pending"}
    assert made.json() in michael.get("/api/scheduled", params=query).json()
    assert made.json() not in kevin.get("/api/scheduled", params=query).json()
    assert kevin.delete(path).status_code == 404
    assert michael.delete(path).json()["status"] == "cancelled"
    assert michael.delete(path).status_code == 409


def test_a_plan_that_does_not_fit_is_refused(acting):
    michael = acting("michael")
    assert scheduled(michael, triggerAt="2026-03-05T09:00:00").status_code == 400
    for year in ("0001", "1899", "9999"):
        refused = scheduled(michael, triggerAt=f"{year}-01-01T00:00:00Z")
        assert (refused.status_code, refused.json()["error"]) == (400, "Validation failed")
    assert scheduled(michael, agentId="nobody").status_code == 404
    assert scheduled(michael, agentId="jim", targetChannelId="dm-michael-toby").status_code == 400
    assert scheduled(acting("kevin"), targetChannelId="management").status_code == 404


@pytest.mark.ac("1.4.11")
@pytest.mark.ac("1.6.7")
def test_a_run_in_a_private_channel_is_there_for_its_members_alone(acting, run_sql):
    [(run_id,)] = run_sql(
        "INSERT INTO runs (agent_id, channel_id) VALUES ('toby', 'management') RETURNING id"
    )
    michael, kevin = acting("michael"), acting("kevin")
    query = {"agentId": "toby", "status": "created"}
    assert [r["id"] for r in michael.get("/api/runs", params=query).json()] == [str(run_id)]
    assert kevin.get("/api/runs", params=query).json() == []
    assert kevin.get(f"/api/runs/{run_id}").status_code == 404
    assert kevin.post(f"/api/runs/{run_id}/cancel").status_code == 404
    cancelled = michael.post(f"/api/runs/{run_id}/cancel").json()
    assert (cancelled["status"], cancelled["stopReason"]) == ("cancelled", "cancelled")
    assert michael.post(f"/api/runs/{run_id}/cancel").status_code == 409


@pytest.mark.ac("1.6.3")
@pytest.mark.ac("1.6.4")
def test_a_trace_has_its_steps_and_messages_in_order(acting, run_sql):
    [(run_id,)] = run_sql("INSERT INTO runs (agent_id) VALUES ('toby') RETURNING id")
    run_sql(
        "INSERT INTO run_messages (run_id, message_type, content)"
        " VALUES ($1, 'system_message', 'You are Toby.')",
        run_id,
    )
    for number in (1, 2):
        run_sql(
            "WITH s AS (INSERT INTO run_steps (run_id, step_number, model_id, token_usage)"
            """ VALUES ($1, $2, 'scripted', '{"input_tokens": 10, "output_tokens": 2}')"""
            " RETURNING id) SELECT 1 FROM s",
            run_id,
            number,
        )
        run_sql(
            "INSERT INTO run_messages (run_id, step_id, message_type, content, tool_input)"
            " SELECT run_id, id, 'tool_call_message', 'call', '{\"a\": [1]}' FROM run_steps"
            " WHERE run_id = $1 AND step_number = $2",
            run_id,
            number,
        )
    trace = acting("jim").get(f"/api/runs/{run_id}").json()
    assert trace["tokenUsage"] == {"inputTokens": 20, "outputTokens": 4}
    assert [m["content"] for m in trace["messages"]] == ["You are Toby."]
    assert [
        (s["stepNumber"], [(m["toolInput"], m["stepId"] == s["id"]) for m in s["messages"]])
        for s in trace["steps"]
    ] == [(1, [({"a": [1]}, True)]), (2, [({"a": [1]}, True)])]


def test_pages_of_runs_hold_each_once(acting, run_sql):
    run_sql("DELETE FROM runs")
    run_sql("INSERT INTO runs (agent_id) SELECT 'toby' FROM generate_series(1, 7)")
    jim = acting("jim")
    seen, path = [], "/api/runs?limit=3&agentId=toby"
    while path:
        answered = jim.get(path)
        seen += [run["id"] for run in answered.json()]
        path = answered.links.get("next", {}).get("url")
    stored = run_sql("SELECT id FROM runs ORDER BY created_at DESC, id DESC")
    assert seen == [str(row[0]) for row in stored]


def test_a_page_before_a_run_that_may_not_be_seen_is_as_before_none(acting, run_sql):
    [(hidden,)] = run_sql(
        "INSERT INTO runs (agent_id, channel_id, status, created_at)"
        " VALUES ('kevin', 'accounting', 'completed', now()) RETURNING id"
    )
    absent = "00000000-0000-4000-8000-000000000000"
    michael = acting("michael")
    assert michael.get("/api/runs").json() != []
    found = [michael.get(f"/api/runs?before={cursor}").json() for cursor in (hidden, absent)]
    assert found == [[], []]
    assert acting("kevin").get(f"/api/runs?before={hidden}").json() != []
