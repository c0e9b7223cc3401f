"""GET /api/agents/{id}/prompt and /api/providers."""

import pytest
from tests.support.fixtures import complete
from tests.support.tape import opened, say

from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.providers import provider_statuses, resolve_model


def test_the_prompt_is_shown_by_section_with_token_counts(reader):
    shown = reader("oscar").get("/api/agents/kevin/prompt", params={"channelId": "accounting"})
    assert shown.status_code == 200
    made = shown.json()
    assert [section["name"] for section in made["sections"]] == [
        "persona",
        "rules",
        "memory",
        "shared_memory",
        "tools",
        "time",
        "channel",
        "messages",
        "task",
    ]
    assert made["tokens"] == sum(section["tokens"] for section in made["sections"])
    assert made["isEstimate"] is True
    assert made["modelId"] == "scripted"
    without = reader("oscar").get("/api/agents/kevin/prompt").json()
    assert without["channelId"] is None


@pytest.mark.parametrize(
    ("user", "agent", "channel", "status"),
    [
        ("pam", "kevin", "accounting", 404),
        ("pam", "kevin", "nowhere", 404),
        ("pam", "nobody", "general", 404),
        ("kevin", "jim", "dm-jim-pam", 404),
        # Whoever reads it themselves is told that the agent does not.
        ("michael", "kevin", "management", 400),
    ],
)
def test_nobody_reads_a_channel_through_an_agent(reader, user, agent, channel, status):
    answer = reader(user).get(f"/api/agents/{agent}/prompt", params={"channelId": channel})
    assert answer.status_code == status


def test_a_thread_of_another_channel_stays_there(url, acting):
    async def work():
        async with opened(url) as database:
            return await say(database, "jim", "management", "Not for Pam")

    root = complete(work())
    pam, path = acting("pam"), "/api/agents/pam/prompt"
    for channel in ("general", "management"):
        params = {"channelId": channel, "threadId": str(root)}
        assert pam.get(path, params=params).status_code == 404
    assert pam.get(path, params={"threadId": str(root)}).status_code == 400
    params = {"channelId": "management", "threadId": str(root)}
    shown = acting("michael").get("/api/agents/jim/prompt", params=params).json()
    assert "Not for Pam" in shown["sections"][7]["text"]


def test_without_a_key_every_agent_answers_by_script_and_it_is_said_why(reader):
    shown = reader("pam").get("/api/providers").json()
    ready = {provider["id"]: provider["ready"] for provider in shown["providers"]}
    assert ready == dict.fromkeys(
        ("anthropic", "openai", "google", "ollama", "vllm", "compatible", "claude"), False
    )
    assert shown["models"] == [
        {
            "modelId": "claude-sonnet-4-5-20250929",
            "answersBy": "scripted",
            "isOwn": False,
            "missing": ["set ANTHROPIC_API_KEY"],
        }
    ]


def test_a_key_is_never_shown():
    secret = "a-very-secret-key"
    keys = ModelSettings(anthropic_api_key=secret, openai_api_key=secret, compatible_api_key=secret)
    assert secret not in repr(keys)
    assert secret not in repr(provider_statuses(keys))
    assert {state.id for state in provider_statuses(keys) if state.ready} == {"anthropic", "openai"}


@pytest.mark.parametrize(
    ("model_id", "keys", "answers_by", "is_own"),
    [
        ("scripted", ModelSettings(anthropic_api_key="k"), "scripted", True),
        (
            "claude-sonnet-4-5",
            ModelSettings(anthropic_api_key="k"),
            "anthropic:claude-sonnet-4-5",
            True,
        ),
        ("anthropic:x", ModelSettings(anthropic_api_key="k"), "anthropic:x", True),
        ("anthropic:x", ModelSettings(), "scripted", False),
        ("gpt-5.5", ModelSettings(openai_api_key="k"), "openai:gpt-5.5", True),
        ("gemini-3.8-flash", ModelSettings(google_api_key="k"), "google:gemini-3.8-flash", True),
        (
            "ollama:llama3.2:8b",
            ModelSettings(ollama_base_url="http://x"),
            "ollama:llama3.2:8b",
            True,
        ),
        ("vllm:a/b", ModelSettings(vllm_base_url="http://x"), "vllm:a/b", True),
        ("compatible:x", ModelSettings(compatible_base_url="http://x"), "compatible:x", True),
        ("some-model", ModelSettings(anthropic_api_key="k"), "scripted", False),
        ("nobody:x", ModelSettings(anthropic_api_key="k"), "scripted", False),
        ("anthropic:", ModelSettings(anthropic_api_key="k"), "scripted", False),
        (
            "claude-x",
            ModelSettings(ollama_base_url="http://x", model="ollama:y"),
            "ollama:y",
            False,
        ),
        ("claude-x", ModelSettings(model="ollama:y"), "scripted", False),
        (
            "claude-x",
            ModelSettings(anthropic_api_key="k", model="scripted"),
            "anthropic:claude-x",
            True,
        ),
    ],
)
def test_who_answers(model_id, keys, answers_by, is_own):
    found = resolve_model(model_id, keys)
    assert (found.answers_by, found.is_own) == (answers_by, is_own)
    assert bool(found.missing) is not is_own


NAMELESS = ("nonsense-model", "nobody:x", "anthropic:", "openai: gpt-5.5", "scripted:x", "o1x", " ")


@pytest.mark.parametrize("model_id", NAMELESS)
def test_a_model_that_no_provider_can_have_is_refused_wherever_it_is_given(
    module_acting, module_sql, model_id
):
    michael = module_acting("michael")
    changed = michael.patch("/api/agents/pam", json={"modelId": model_id})
    made = michael.post(
        "/api/agents",
        json={
            "id": "zed",
            "displayName": "Zed",
            "title": "x",
            "avatarColor": "#123456",
            "systemPrompt": "x",
            "modelId": model_id,
        },
    )
    [(run_id,)] = module_sql("SELECT id FROM runs WHERE channel_id = 'general' LIMIT 1")
    before = module_sql("SELECT count(*) FROM runs")[0][0]
    again = michael.post(f"/api/runs/{run_id}/again", json={"modelId": model_id})
    for answer in (changed, made, again):
        assert answer.status_code == 400
        [detail] = answer.json()["details"]
        assert detail["loc"] == ["body", "modelId"]
        assert "names no provider's model: write scripted, or provider:model" in detail["msg"]
    assert module_sql("SELECT count(*) FROM runs")[0][0] == before
    assert module_sql("SELECT model_id FROM agents WHERE id = 'pam'")[0][0] != model_id
    checked = michael.get("/api/providers/check", params={"modelId": model_id}).json()
    assert (checked["isRefused"], checked["isOwn"]) == (True, False)
    assert "names no provider's model" in checked["problem"]


def test_nothing_stands_in_for_a_model_that_somebody_asks_for_again(acting, run_sql):
    [(run_id,)] = run_sql("SELECT id FROM runs WHERE channel_id = 'general' LIMIT 1")
    path = f"/api/runs/{run_id}/again"
    refused = acting("michael").post(path, json={"modelId": "gpt-9-magic"})
    assert refused.status_code == 400
    assert refused.json()["error"] == "'gpt-9-magic' is not ready: set OPENAI_API_KEY."
    assert refused.json()["details"][0]["loc"] == ["body", "modelId"]
    # The agent's own is stood in for, as ever.
    assert acting("michael").post(path, json={}).status_code == 201
    assert acting("michael").post(path, json={"modelId": "scripted"}).status_code == 201


@pytest.mark.parametrize(
    ("model_id", "missing", "problem"),
    [
        ("scripted", [], None),
        ("gpt-5.6-terra", ["set OPENAI_API_KEY"], None),
        ("gpt-9-magic", ["set OPENAI_API_KEY"], "No model of OpenAI is known as 'gpt-9-magic'"),
        ("anthropic:claude-none", ["set ANTHROPIC_API_KEY"], "No model of Anthropic is known"),
        ("ollama:anything", ["set OLLAMA_BASE_URL"], None),
    ],
)
def test_what_there_is_to_say_of_a_model_is_said_before_an_agent_gets_it(
    reader, model_id, missing, problem
):
    shown = reader("pam").get("/api/providers/check", params={"modelId": model_id}).json()
    assert (shown["answersBy"], shown["missing"]) == ("scripted", missing)
    assert not shown["isRefused"]
    assert shown["problem"] == problem or shown["problem"].startswith(problem)
