import httpx
import pytest
from tests.serving import Served, serving


def test_a_new_browser_acts_as_the_default_user(shared_server: Served):
    with shared_server.client() as client:
        assert client.get("/api/session").json() == {
            "userId": "michael",
            "workspace": {"name": "Dunder Mifflin"},
        }


def test_switching_sets_a_cookie_that_scripts_cannot_read(shared_server: Served):
    with shared_server.client() as client:
        answer = client.put("/api/session", json={"userId": "jim"})
        assert answer.status_code == 200
        assert answer.json()["userId"] == "jim"
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("bullpen_session=")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert client.get("/api/session").json()["userId"] == "jim"


def test_a_forged_cookie_is_nobody(shared_server: Served):
    with shared_server.client("jim") as client:
        genuine = client.cookies["bullpen_session"]
    # Not the last letter, some of whose bits mean nothing.
    other = "A" if genuine[-5] != "A" else "B"
    for forged in ("kevin", genuine[:-5] + other + genuine[-4:], "", "%00", "a;b"):
        answer = httpx.get(
            f"{shared_server.address}/api/session", headers={"Cookie": f"bullpen_session={forged}"}
        )
        assert answer.json()["userId"] == "michael", forged


@pytest.mark.parametrize("user_id", ["nobody", "", "Michael"])
def test_nobody_can_act_as_who_is_not_there(shared_server: Served, user_id: str):
    with shared_server.client("jim") as client:
        answer = client.put("/api/session", json={"userId": user_id})
        assert (answer.status_code, answer.json()) == (404, {"error": "No such user"})
        assert client.get("/api/session").json()["userId"] == "jim"


def test_the_session_of_an_inactive_agent_falls_back_to_the_default_user(acting):
    creed = acting("creed")
    assert creed.delete("/api/agents/creed").status_code == 200
    assert creed.get("/api/session").json()["userId"] == "michael"
    assert acting("pam").put("/api/session", json={"userId": "creed"}).status_code == 404


def test_a_session_of_another_workspace_is_nobody(url: str, shared_server: Served, run_sql):
    run_sql("UPDATE workspace SET session_key = decode(repeat('cd', 32), 'hex')")
    with shared_server.client("jim") as client, serving(url) as other:
        answer = httpx.get(
            f"{other.address}/api/session",
            headers={"Cookie": f"bullpen_session={client.cookies['bullpen_session']}"},
        )
    assert answer.json()["userId"] == "michael"


def test_where_a_token_is_needed_nobody_reads_without_it(shared_url: str):
    with serving(shared_url, token="secret-token") as served, served.client() as stranger:
        assert stranger.get("/").status_code == 200, "the page itself says what is needed"
        for path in ("/api/session", "/api/users", "/api/channels/general/messages"):
            answer = stranger.get(path)
            assert (answer.status_code, answer.json()) == (
                401,
                {"error": "Open Bullpen with the address that it printed when it started."},
            )
        assert stranger.put("/api/session", json={"userId": "jim"}).status_code == 401
        assert stranger.get("/", params={"token": "wrong"}).status_code == 303
        assert stranger.get("/api/session").status_code == 401

        answer = stranger.get("/c/general", params={"token": "secret-token"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/c/general")
        assert stranger.get("/api/session").json()["userId"] == "michael"


def test_who_has_been_made_inactive_changes_nothing_any_more(acting, run_sql):
    creed = acting("creed")
    assert acting("michael").delete("/api/agents/creed").status_code == 200
    [(run_id,)] = run_sql("INSERT INTO runs (agent_id) VALUES ('toby') RETURNING id")
    plan = {"agentId": "toby", "prompt": "Ask."}
    changes = [
        ("POST", "/api/channels", {"id": "attic", "name": "attic", "kind": "public"}),
        ("PATCH", "/api/channels/general", {"topic": "Mine"}),
        ("POST", "/api/messages", {"channelId": "general", "text": "Still here"}),
        ("PUT", "/api/budgets", {"dailyUsd": 0}),
        ("PUT", "/api/agents/jim/memory/mood", {"content": "Gloomy"}),
        ("POST", "/api/agents/jim/archival", {"content": "Gloomy"}),
        ("PUT", "/api/channels/general/policies/jim", {"policy": "none"}),
        ("POST", "/api/scheduled", plan | {"triggerAt": "2999-01-01T00:00:00Z"}),
        ("POST", "/api/recurring", plan | {"cron": "0 9 * * *"}),
        ("POST", f"/api/runs/{run_id}/cancel", None),
        ("POST", f"/api/runs/{run_id}/again", {}),
        ("PUT", "/api/users/creed/presence", {"presence": "active"}),
    ]
    for method, path, body in changes:
        assert creed.request(method, path, json=body).status_code == 403, path
    assert creed.get("/api/channels").status_code == 200
