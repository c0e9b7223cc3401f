from typing import get_type_hints

import pytest
from sqlalchemy import inspect
from tests.support.catalog import fetch

from bullpen.members.tables import Agent

IDS = [
    *("michael", "jim", "dwight", "pam", "ryan", "stanley", "kevin", "angela"),
    *("oscar", "andy", "toby", "creed", "kelly", "phyllis", "meredith", "darryl"),
]


@pytest.mark.ac("1.2.2")
@pytest.mark.ac("1.2.8")
def test_all_sixteen_are_there_under_the_ids_that_the_client_knows(shared_url: str):
    rows = fetch(shared_url, "SELECT id, length(system_prompt) > 0 FROM agents ORDER BY created_at")
    assert [tuple(row) for row in rows] == [(agent_id, True) for agent_id in IDS]


@pytest.mark.ac("1.2.3")
def test_every_column_of_an_agent_has_a_static_type():
    hints = get_type_hints(Agent)
    nullable = {
        name: type(None) in getattr(hints[name].__args__[0], "__args__", ())
        for name in inspect(Agent).columns.keys()  # noqa: SIM118 - a collection of columns
    }
    assert nullable == {column.name: column.nullable for column in inspect(Agent).columns}


@pytest.mark.ac("1.2.3")
def test_the_api_has_every_column_of_an_agent(reader):
    answered = {name for agent in reader("jim").get("/api/agents").json() for name in agent}
    assert answered == {camel(column.name) for column in inspect(Agent).columns}


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


@pytest.mark.ac("1.2.4")
def test_one_agents_prompt_is_changed_and_nobody_elses(acting, run_sql):
    prompts = "SELECT id, system_prompt FROM agents ORDER BY id"
    before = dict(map(tuple, run_sql(prompts)))
    changed = acting("michael").patch("/api/agents/jim", json={"systemPrompt": "You are calm."})
    assert changed.status_code == 200
    assert dict(map(tuple, run_sql(prompts))) == before | {"jim": "You are calm."}
