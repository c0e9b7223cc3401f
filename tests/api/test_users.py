import pytest
from tests.support.serving import Served


@pytest.mark.ac("1.2.6")
def test_users_are_listed_in_the_pack_order_with_presence_and_status(shared_server: Served):
    with shared_server.client() as client:
        users = client.get("/api/users").json()
    assert [user["id"] for user in users] == [
        "michael",
        "jim",
        "dwight",
        "pam",
        "ryan",
        "stanley",
        "kevin",
        "angela",
        "oscar",
        "andy",
        "toby",
        "creed",
        "kelly",
        "phyllis",
        "meredith",
        "darryl",
    ]
    creed = next(user for user in users if user["id"] == "creed")
    assert creed == {
        "id": "creed",
        "displayName": "Creed Bratton",
        "title": "Quality Assurance",
        "avatarColor": "#708090",
        "presence": "offline",
        "kind": "agent",
    }
    with_status = {user["id"] for user in users if "status" in user}
    assert with_status == {"michael", "dwight", "ryan", "angela", "andy", "kelly"}
    assert all(set(u["status"]) == {"emoji", "text"} for u in users if "status" in u)


@pytest.mark.ac("1.2.6")
def test_one_user_is_what_the_list_shows(shared_server: Served):
    with shared_server.client() as client:
        for user in client.get("/api/users").json():
            assert client.get(f"/api/users/{user['id']}").json() == user
        missing = client.get("/api/users/nobody")
    assert (missing.status_code, missing.json()) == (
        404,
        {"error": "User not found.", "code": "user_not_found"},
    )


@pytest.mark.ac("1.2.7")
def test_an_agent_inserted_by_sql_is_a_user_at_once(acting, run_sql):
    run_sql(
        "INSERT INTO agents (id, display_name, title, avatar_color, system_prompt)"
        " VALUES ('erin', 'Erin Hannon', 'Receptionist', '#ABCDEF', 'You are Erin.')"
    )
    users = acting("jim").get("/api/users").json()
    assert users[-1] == {
        "id": "erin",
        "displayName": "Erin Hannon",
        "title": "Receptionist",
        "avatarColor": "#ABCDEF",
        "presence": "offline",
        "kind": "agent",
    }
    assert acting("erin").get("/api/unreads").json() == {}


def test_an_inactive_agent_is_found_but_not_listed(acting):
    jim = acting("jim")
    jim.delete("/api/agents/creed")
    assert "creed" not in {user["id"] for user in jim.get("/api/users").json()}
    assert jim.get("/api/users/creed").json()["displayName"] == "Creed Bratton"
