"""A preview of an agent: nothing of it stays."""

import pytest
from pydantic_ai import models
from tests.support.serving import serving
from tests.support.stub import providers_stub

from bullpen.agents.model_settings import ModelSettings

DRAFT = {
    "displayName": "Nia Novak",
    "title": "Analyst",
    "systemPrompt": "You are Nia, who counts.",
    "text": "How many are we?",
}


@pytest.fixture(scope="module")
def stub():
    with providers_stub() as made:
        yield made


def counts(run_sql):
    names = [row[0] for row in run_sql("SELECT relname FROM pg_class WHERE relkind = 'r' AND"
             " relnamespace = current_schema()::regnamespace ORDER BY 1")]  # fmt: skip
    return {name: run_sql(f'SELECT count(*) FROM "{name}"')[0][0] for name in names}


@pytest.mark.parametrize(
    ("key", "messages", "calls", "problem"),
    [
        ("answer", ["Hello from a model"], [], None),
        ("quiet", [], [], None),
        ("parallel", ["Hello from a model"], ["store_memory"], None),
        ("bad-key", [], [], "does not accept the key"),
        ("endless", [], ["search_memory"] * 3, None),
    ],
)
def test_the_model_is_asked_and_nothing_is_changed(  # noqa: PLR0917 - a table
    url, stub, run_sql, key, messages, calls, problem
):
    settings = ModelSettings(compatible_base_url=stub.address, compatible_api_key=key)
    with (
        models.override_allow_model_requests(True),
        serving(url, model_settings=settings) as server,
        server.client("michael") as client,
    ):
        before = counts(run_sql)
        body = DRAFT | {"modelId": "compatible:some-model"}
        answer = client.post("/api/agents/preview", json=body)
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        assert (shown["messages"], shown["calls"]) == (messages, calls)
        assert shown["modelId"] == "compatible:some-model"
        assert shown["problem"] is None if problem is None else problem in shown["problem"]
        assert counts(run_sql) == before
    _, asked = stub.requests[-1]
    assert "You are Nia, who counts." in str(asked["messages"])
    assert "How many are we?" in str(asked["messages"])


def test_without_a_model_the_script_answers(acting, run_sql):
    before = counts(run_sql)
    answer = acting("michael").post("/api/agents/preview", json=DRAFT | {"modelId": "scripted"})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["messages"]) == 1
    assert answer.json()["modelId"] == "scripted"
    assert counts(run_sql) == before


def test_a_name_that_is_taken_is_refused_in_the_preview_as_well(acting):
    body = DRAFT | {"modelId": "scripted", "displayName": "Jim Halpert"}
    answer = acting("michael").post("/api/agents/preview", json=body)
    assert answer.json()["code"] == "name_taken"
