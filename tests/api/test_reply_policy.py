"""Which agents of a channel reply, over the API, and that few of them do by default."""

import pytest
from tests.support.asking import post, settled
from tests.support.minds import SmallMind, working
from tests.support.program import until

AGENTS = "SELECT id FROM agents WHERE is_active ORDER BY id"
PEOPLE = "INSERT INTO people (id, display_name, avatar_color, role) VALUES ($1, $1, '#000000', $2)"


@pytest.fixture
def crowd(acting, run_sql) -> str:
    """A new channel of sixteen agents and a person."""
    run_sql(PEOPLE, "pat", "member")
    agents = [row[0] for row in run_sql(AGENTS)]
    assert len(agents) == 16
    body = {"id": "crowd", "name": "crowd", "kind": "public", "memberIds": agents}
    assert acting("pat").post("/api/channels", json=body).status_code == 201
    return "crowd"


def test_channels_that_are_there_ask_all_and_new_ones_the_agent_that_fits(acting, crowd):
    pat = acting("pat")
    assert pat.get("/api/channels/general/answering").json() == {
        "policy": "all", "hostId": None, "policies": {},
    }  # fmt: skip
    assert pat.get("/api/channels/crowd/answering").json()["policy"] == "best_fit"
    assert {row["policy"] for row in pat.get("/api/channels/crowd/policies").json()} == {"best_fit"}
    # The channel itself is as the contract has it.
    assert set(pat.get("/api/channels/crowd").json()) == {
        "id", "name", "kind", "topic", "memberIds",
    }  # fmt: skip


def test_a_member_changes_the_policy_and_the_host_and_others_cannot(acting, crowd):
    path = "/api/channels/management/answering"
    michael, kevin = acting("michael"), acting("kevin")
    assert michael.put(path, json={"policy": "mentions"}).json()["policy"] == "mentions"
    assert michael.put(path, json={"hostId": "toby"}).json() == {
        "policy": "mentions", "hostId": "toby", "policies": {},
    }  # fmt: skip
    assert {p["policy"] for p in michael.get("/api/channels/management/policies").json()} == {
        "mentions"
    }
    assert michael.put(path, json={"policy": "some"}).status_code == 400
    refused = michael.put(path, json={"hostId": "kevin"})
    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_member")
    assert michael.put(path, json={"hostId": None}).json()["hostId"] is None
    for answer in (kevin.get(path), kevin.put(path, json={"policy": "all"})):
        assert answer.status_code == 404
    assert kevin.get("/api/channels/management/reach").status_code == 404
    dm = michael.put("/api/channels/dm-michael-toby/answering", json={"policy": "none"})
    assert dm.status_code == 400


def test_what_holds_for_one_agent_goes_before_the_channel_until_it_is_taken_back(acting, crowd):
    pat = acting("pat")
    path = "/api/channels/crowd"
    assert pat.put(f"{path}/policies/jim", json={"policy": "none"}).json()["policy"] == "none"
    assert pat.get(f"{path}/answering").json()["policies"] == {"jim": "none"}
    assert pat.put(f"{path}/answering", json={"policy": "all"}).json()["policies"] == {
        "jim": "none"
    }
    assert pat.put(f"{path}/policies/jim", json={"policy": None}).json() == {
        "agentId": "jim", "policy": "all",
    }  # fmt: skip
    assert pat.get(f"{path}/answering").json()["policies"] == {}


def test_in_a_channel_of_16_agents_a_message_makes_one_run_by_default(acting, run_sql, url, crowd):
    pat = acting("pat")
    with working(url, SmallMind()):
        message_id = post(run_sql, "pat", crowd, "Any news of paper?")
        until(lambda: settled(run_sql))
        [(run_id,)] = run_sql("SELECT id FROM runs WHERE channel_id = $1", crowd)
        account = pat.get(f"/api/runs/{run_id}/account").json()
        assert account["triggerMessageIds"] == [str(message_id)]
        assert len(account["postedMessageIds"]) == 1
        assert account["decision"]["policy"] == "best_fit"
        assert account["decision"]["reason"] in ("relevance", "host")
        assert account["decision"]["candidates"][0]["agentId"] == account_agent(pat, run_id)


def account_agent(client, run_id) -> str:
    return client.get(f"/api/runs/{run_id}").json()["agentId"]


def test_in_a_thread_of_agents_a_reply_makes_at_most_two_runs(acting, run_sql, url, crowd):
    run_sql("INSERT INTO messages (channel_id, user_id, text) VALUES ('crowd', 'jim', 'Begin')")
    [(root,)] = run_sql("SELECT id FROM messages WHERE text = 'Begin'")
    for agent in ("dwight", "pam"):
        run_sql(
            "INSERT INTO messages (channel_id, user_id, text, parent_message_id)"
            " VALUES ('crowd', $1, 'Yes', $2)",
            agent,
            root,
        )
    with working(url, SmallMind()):
        post(run_sql, "pat", crowd, "And now?", root)
        until(lambda: settled(run_sql))
    runs = run_sql("SELECT agent_id FROM runs WHERE channel_id = 'crowd' ORDER BY created_at")
    # Who replied last answers, and is answered by the agent whose thread it is.
    assert [row[0] for row in runs] == ["pam", "jim"]


def test_the_decision_is_hidden_from_those_who_cannot_read_the_run(acting, run_sql, url):
    michael, kevin = acting("michael"), acting("kevin")
    michael.put("/api/channels/management/answering", json={"policy": "best_fit"})
    with working(url, SmallMind()):
        post(run_sql, "michael", "management", "Toby?")
        until(lambda: settled(run_sql))
    [(run_id,)] = run_sql(
        "SELECT r.id FROM runs r JOIN run_decisions d ON d.run_id = r.id"
        " WHERE r.channel_id = 'management'"
    )
    assert michael.get(f"/api/runs/{run_id}/account").json()["decision"]["candidates"]
    assert kevin.get(f"/api/runs/{run_id}/account").status_code == 404


def test_the_reach_lists_each_agent_with_its_policy_and_model(acting, run_sql, crowd):
    pat = acting("pat")
    pat.put("/api/channels/crowd/policies/jim", json={"policy": "none"})
    run_sql("UPDATE agents SET is_active = false WHERE id = 'creed'")
    reach = {one["agentId"]: one for one in pat.get("/api/channels/crowd/reach").json()}
    assert "creed" not in reach
    assert len(reach) == 15
    assert reach["jim"]["policy"] == "none"
    assert reach["pam"] == {
        "agentId": "pam", "policy": "best_fit", "answersBy": "scripted", "likelyUsd": 0.0,
    }  # fmt: skip
