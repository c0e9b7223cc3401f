"""Policies, queues, budgets, and asking again, over the API."""

from tests.support.asking import post, settled
from tests.support.minds import SmallMind, working
from tests.support.program import until


def test_members_say_what_an_agent_answers_in_a_channel(acting, run_sql):
    michael, kevin = acting("michael"), acting("kevin")
    path = "/api/channels/management/policies"
    assert {row["policy"] for row in michael.get(path).json()} == {"all"}
    assert michael.put(f"{path}/toby", json={"policy": "mentions"}).json() == {
        "agentId": "toby", "policy": "mentions",
    }  # fmt: skip
    assert {"agentId": "toby", "policy": "mentions"} in michael.get(path).json()
    assert kevin.get(path).status_code == 404
    assert kevin.put(f"{path}/toby", json={"policy": "all"}).status_code == 404
    assert michael.put(f"{path}/toby", json={"policy": "some"}).status_code == 400
    assert michael.put(f"{path}/nobody", json={"policy": "all"}).status_code == 404


def test_a_queue_shows_what_its_reader_may_see(acting, run_sql):
    post(run_sql, "michael", "general", "Everybody!")
    post(run_sql, "michael", "dm-michael-toby", "You!")
    queue = acting("michael").get("/api/agents/toby/queue").json()
    assert (queue["state"], queue["running"], queue["waitingCount"]) == ("waiting", None, 2)
    assert [run["channelId"] for run in queue["waiting"]] == ["dm-michael-toby", "general"]
    of_kevin = acting("kevin").get("/api/agents/toby/queue").json()
    assert [run["channelId"] for run in of_kevin["waiting"]] == ["general"]
    assert of_kevin["waitingCount"] == 1
    idle = acting("kevin").get("/api/agents/michael/queue").json()
    assert (idle["state"], idle["waiting"]) == ("idle", [])
    assert acting("kevin").get("/api/agents/nobody/queue").status_code == 404


def test_a_run_is_made_again_for_the_same_reason_with_another_model(acting, run_sql, url: str):
    michael, kevin = acting("michael"), acting("kevin")
    mind = SmallMind()
    with working(url, mind):
        message_id = post(run_sql, "michael", "dm-michael-toby", "Why?")
        until(lambda: settled(run_sql))
        [(run_id,)] = run_sql("SELECT id FROM runs WHERE trigger_message_id = $1", message_id)
        assert kevin.post(f"/api/runs/{run_id}/again", json={}).status_code == 404
        again = michael.post(f"/api/runs/{run_id}/again", json={"modelId": "scripted"})
        assert again.status_code == 201
        until(lambda: settled(run_sql))
    path = f"/api/runs/{again.json()['id']}"
    account = michael.get(f"{path}/account").json()
    assert (account["kind"], account["againOf"]) == ("again", str(run_id))
    assert account["triggerMessageIds"] == [str(message_id)]
    assert len(account["postedMessageIds"]) == 1
    assert michael.get(f"{path}/steps/1/request").json()["prompt"]
    for missing in (f"{path}/steps/2/request", f"{path}/steps/0/request"):
        assert michael.get(missing).status_code in (400, 404)
    for hidden in (f"{path}/account", f"{path}/steps/1/request"):
        assert kevin.get(hidden).status_code == 404
    first, second = mind.briefed
    assert again.json()["triggerMessageId"] == str(message_id)
    assert (second.model_id, second.trigger_ids) == ("scripted", first.trigger_ids)
    run_sql("DELETE FROM messages WHERE id = $1", message_id)
    assert michael.post(f"/api/runs/{run_id}/again", json={}).status_code == 409


def test_a_run_of_the_pack_can_be_made_again(acting, run_sql):
    [(run_id,)] = run_sql(
        "SELECT r.id FROM runs r JOIN messages m ON m.id = r.trigger_message_id"
        " JOIN channels c ON c.id = r.channel_id WHERE c.kind = 'public' LIMIT 1"
    )
    assert acting("michael").post(f"/api/runs/{run_id}/again", json={}).status_code == 201


def test_budgets_are_set_and_taken_away(acting, run_sql):
    michael, kevin = acting("michael"), acting("kevin")
    assert michael.get("/api/budgets").json() == []
    for whose in ({}, {"agentId": "toby"}, {"channelId": "management"}):
        answer = michael.put("/api/budgets", json={**whose, "dailyUsd": 5})
        assert answer.status_code == 200
    assert len(michael.get("/api/budgets").json()) == 3
    # Not the one of a channel that one may not read.
    assert len(kevin.get("/api/budgets").json()) == 2
    body = {"channelId": "management", "dailyUsd": 1}
    assert kevin.put("/api/budgets", json=body).status_code == 404
    both = {"agentId": "toby", "channelId": "general", "dailyUsd": 1}
    assert michael.put("/api/budgets", json=both).status_code == 400
    left = michael.put("/api/budgets", json={"agentId": "toby", "dailyUsd": None}).json()
    assert [row["agentId"] for row in left] == [None, None]
