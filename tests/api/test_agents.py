import pytest

NEW = {
    "id": "erin",
    "displayName": "Erin Hannon",
    "title": "Receptionist",
    "avatarColor": "#ABCDEF",
    "systemPrompt": "You are Erin.\n\nYou answer the phone.",
}


@pytest.mark.ac("1.2.3")
def test_an_agent_is_made_with_the_schema_defaults(acting):
    jim = acting("jim")
    answer = jim.post("/api/agents", json=NEW)
    assert answer.status_code == 201
    made = answer.json()
    times = {made.pop("createdAt"), made.pop("updatedAt")}
    assert len(times) == 1
    assert made == NEW | {
        "modelId": "claude-sonnet-4-5-20250929",
        "maxTurns": 5,
        "maxBudgetUsd": 0.1,
        "sessionId": None,
        "isActive": True,
    }
    assert jim.get("/api/agents").json()[-1]["id"] == "erin"


@pytest.mark.ac("1.2.4")
def test_each_agent_has_a_system_prompt_of_its_own_that_can_be_changed(acting):
    jim = acting("jim")
    agents = jim.get("/api/agents").json()
    assert len({agent["systemPrompt"] for agent in agents}) == 16
    answer = jim.patch("/api/agents/pam", json={"systemPrompt": "You paint.", "maxBudgetUsd": 0.3})
    assert answer.status_code == 200
    before = next(agent for agent in agents if agent["id"] == "pam")
    after = answer.json()
    assert after.pop("updatedAt") > before.pop("updatedAt")
    assert after == before | {"systemPrompt": "You paint.", "maxBudgetUsd": 0.3}
    assert [a for a in jim.get("/api/agents").json() if a["id"] != "pam"] == [
        a for a in agents if a["id"] != "pam"
    ]


def test_a_change_of_nothing_changes_nothing(acting):
    jim = acting("jim")
    before = jim.get("/api/agents/pam").json()
    assert jim.patch("/api/agents/pam", json={}).json() == before


def test_deleting_makes_inactive_and_keeps_everything(acting):
    jim = acting("jim")
    before = jim.get("/api/agents/creed").json()
    answer = jim.delete("/api/agents/creed")
    assert answer.status_code == 200
    assert answer.json() | {"updatedAt": ""} == before | {"isActive": False, "updatedAt": ""}
    assert "creed" not in {agent["id"] for agent in jim.get("/api/agents").json()}
    assert [a["id"] for a in jim.get("/api/agents?active=false").json()] == ["creed"]
    assert jim.get("/api/agents/creed").json()["isActive"] is False
    assert jim.patch("/api/agents/creed", json={"isActive": True}).json()["isActive"] is True


def test_a_second_agent_of_the_same_id_is_a_conflict_and_changes_nothing(acting):
    jim = acting("jim")
    before = jim.get("/api/agents/pam").json()
    answer = jim.post("/api/agents", json=NEW | {"id": "pam"})
    assert (answer.status_code, answer.json()) == (
        409,
        {
            "error": "An agent with the id 'pam' already exists. Choose another id.",
            "code": "id_taken",
        },
    )
    assert jim.get("/api/agents/pam").json() == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "no spaces"}, "id"),
        ({"id": ""}, "id"),
        ({"id": "a" * 81}, "id"),
        ({"displayName": "  "}, "displayName"),
        ({"displayName": "a\x00b"}, "displayName"),
        ({"displayName": None}, "displayName"),
        ({"avatarColor": "red"}, "avatarColor"),
        ({"systemPrompt": ""}, "systemPrompt"),
        ({"maxTurns": 0}, "maxTurns"),
        ({"maxTurns": 2**40}, "maxTurns"),
        ({"maxBudgetUsd": -1}, "maxBudgetUsd"),
        ({"nickname": "E"}, "nickname"),
        ({"display_name": "E"}, "display_name"),
    ],
)
def test_what_does_not_fit_is_a_400_that_names_the_field(refusing, change, field):
    jim = refusing("jim")
    answer = jim.post("/api/agents", json=NEW | change)
    assert answer.status_code == 400
    assert answer.json()["error"] == "Validation failed"
    assert [detail["loc"] for detail in answer.json()["details"]] == [["body", field]]
    assert len(jim.get("/api/agents").json()) == 16


def test_missing_agents_are_404_on_every_route(acting):
    jim = acting("jim")
    for method, body in (("GET", None), ("PATCH", {"title": "x"}), ("DELETE", None)):
        answer = jim.request(method, "/api/agents/nobody", json=body)
        assert (answer.status_code, answer.json()) == (
            404,
            {"error": "Agent not found.", "code": "agent_not_found"},
        )
