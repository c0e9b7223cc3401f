"""Commands that agents offer: who may set them, what they are called, and who is told."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from tests.support.streams import listening
from tests.support.tokens import join, make_token, with_token

from bullpen.members.agent_commands import BUILT_IN

CASES = json.loads((Path(__file__).parents[1] / "cases" / "commands.json").read_text())
PATH = "/api/agents/pam/commands"
DEPLOY = {"name": "deploy", "description": "Deploys a branch", "hint": "branch"}
LOGS = {"name": "logs", "description": "Shows the last lines", "hint": ""}


def as_user(client):
    return client.get("/api/users/pam").json().get("commands")


def test_an_agent_sets_its_commands_and_all_windows_are_told_once(acting):
    pam, jim = acting("pam"), acting("jim")
    assert pam.get(PATH).json() == []
    assert as_user(jim) is None
    with listening(jim) as theirs:
        assert pam.put(PATH, json={"commands": [DEPLOY, LOGS]}).json() == [DEPLOY, LOGS]
        assert theirs.until("user.changed")[-1]["user"]["commands"] == [DEPLOY, LOGS]
        # A program says it at each start.
        assert pam.put(PATH, json={"commands": [DEPLOY, LOGS]}).json() == [DEPLOY, LOGS]
        # Another order is another list.
        assert pam.put(PATH, json={"commands": [LOGS, DEPLOY]}).json() == [LOGS, DEPLOY]
        assert theirs.until("user.changed")[-1]["user"]["commands"] == [LOGS, DEPLOY]
        assert pam.put(PATH, json={"commands": []}).json() == []
        assert "commands" not in theirs.until("user.changed")[-1]["user"]
    assert jim.get(PATH).json() == []
    assert as_user(jim) is None


def test_two_agents_can_offer_one_name(acting):
    for name in ("pam", "jim"):
        put = acting(name).put(f"/api/agents/{name}/commands", json={"commands": [DEPLOY]})
        assert put.is_success
    offering = [one["id"] for one in acting("jim").get("/api/users").json() if "commands" in one]
    assert sorted(offering) == ["jim", "pam"]


def test_an_agents_program_sets_its_own_commands_and_not_those_of_another(server):
    with closing(join(server)) as dana:
        made = make_token(dana, "/api/agents/pam/tokens", scopes=["read", "write"])["token"]
    with with_token(server, made) as program:
        assert program.put(PATH, json={"commands": [DEPLOY]}).json() == [DEPLOY]
        answer = program.put("/api/agents/jim/commands", json={"commands": [DEPLOY]})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
        assert program.get("/api/agents/jim/commands").json() == []
        answer = program.put("/api/agents/nobody/commands", json={"commands": []})
        assert answer.status_code == 404


def test_the_names_of_built_in_commands_are_those_that_the_composer_has():
    assert sorted(CASES["builtIn"]) == sorted(BUILT_IN)


@pytest.mark.parametrize(
    ("commands", "problem"),
    [
        *(
            ([{**DEPLOY, "name": name}], f"/{name} is a command of the composer itself")
            for name in CASES["builtIn"]
        ),
        ([DEPLOY, LOGS, DEPLOY], "/deploy is there 2 times"),
        ([{**DEPLOY, "name": "Deploy"}], "lowercase letters"),
        ([{**DEPLOY, "name": "/deploy"}], "lowercase letters"),
        ([{**DEPLOY, "name": "x" * 33}], "at most 32"),
        ([{**DEPLOY, "name": "deploy\n"}], "lowercase letters"),
        ([{**DEPLOY, "description": " "}], "Expected some text"),
        ([{**DEPLOY, "description": "a\u202eb"}], "U+202E"),
        ([{**DEPLOY, "description": "x" * 201}], "at most 200"),
        # One character that is stored as two.
        ([{**DEPLOY, "description": "\u0958" * 101}], "at most 200"),
        ([{**DEPLOY, "hint": "a\nb"}], "one line"),
        ([{**LOGS, "name": f"c{number}"} for number in range(51)], "at most 50"),
    ],
)
def test_commands_that_nobody_could_use_are_refused(refusing, commands, problem):
    answer = refusing("pam").put(PATH, json={"commands": commands})
    assert answer.status_code == 400
    assert problem in answer.text


def test_commands_are_deleted_with_the_agent(acting, run_sql):
    assert acting("pam").put(PATH, json={"commands": [DEPLOY]}).is_success
    deleted = acting("jim").post("/api/agents/pam/delete", json={"displayName": "Pam Beesly"})
    assert deleted.is_success
    assert run_sql("SELECT * FROM agent_commands") == []
