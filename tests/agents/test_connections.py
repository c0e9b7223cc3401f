"""Connecting a model in the browser: keys, a real call, lists of models, and who may do it."""

import json
import time

import pytest
from msgspec import UNSET
from pydantic_ai import models
from tests.support.fixtures import complete
from tests.support.serving import KEY, serving
from tests.support.stub import LISTED, providers_stub
from tests.support.tape import opened

from bullpen.accounts.secret_key import SecretSource
from bullpen.agents import connections
from bullpen.agents.connections import Stored
from bullpen.agents.model_lists import names_in
from bullpen.agents.model_settings import ModelSettings
from bullpen.agents.providers import Providers, resolve_model
from bullpen.members.actor import Actor

PATH = "/api/provider-connections"
SECRET = SecretSource(key=KEY)
OWN_KEY = "sk-not-to-be-shown-0123"


@pytest.fixture(scope="module")
def stub():
    with providers_stub() as made:
        yield made


@pytest.fixture
def served(url, stub):
    """A workspace whose providers are the stub, with no key in its environment."""
    settings = ModelSettings(anthropic_base_url=stub.address, seconds=10.0)
    with (
        models.override_allow_model_requests(True),
        serving(url, model_settings=settings, secret=SECRET) as server,
    ):
        yield server


@pytest.fixture
def admin(served):
    with served.client("michael") as client:
        yield client


def of(answer, provider_id):
    assert answer.status_code == 200, answer.text
    return next(each for each in answer.json() if each["providerId"] == provider_id)


def test_a_key_that_is_entered_is_stored_encrypted_and_never_sent_back(admin, run_sql):
    answer = admin.put(f"{PATH}/anthropic", json={"key": f' "{OWN_KEY}"\n'})
    shown = of(answer, "anthropic")
    assert (shown["source"], shown["lastCharacters"]) == ("stored", OWN_KEY[-4:])
    assert shown["enteredBy"] == "michael"
    assert shown["enteredAt"] is not None
    for path in (PATH, "/api/providers"):
        assert OWN_KEY not in admin.get(path).text
    (row,) = run_sql("SELECT * FROM provider_connections")
    assert OWN_KEY.encode() not in bytes(row["encrypted_key"])
    entries = run_sql("SELECT action, details::text FROM audit_log WHERE target_kind = 'provider'")
    assert [entry[0] for entry in entries] == ["models.connected"]
    assert OWN_KEY not in entries[0][1]
    ready = {each["id"]: each["ready"] for each in admin.get("/api/providers").json()["providers"]}
    assert ready["anthropic"]


def test_a_removed_key_is_gone(admin, run_sql):
    admin.put(f"{PATH}/openai", json={"key": OWN_KEY})
    assert of(admin.delete(f"{PATH}/openai"), "openai")["source"] is None
    assert run_sql("SELECT * FROM provider_connections") == []
    assert of(admin.delete(f"{PATH}/openai"), "openai")["source"] is None


@pytest.mark.parametrize(
    ("provider", "body", "said"),
    [
        ("anthropic", {"key": "sk-12\n34"}, "character"),
        ("anthropic", {"key": "  "}, "Enter the key"),
        ("anthropic", {}, "Enter the key"),
        ("anthropic", {"key": OWN_KEY, "baseUrl": "http://127.0.0.1:1"}, "takes no address"),
        ("ollama", {"key": OWN_KEY, "baseUrl": "http://127.0.0.1:1"}, "takes no key"),
        ("ollama", {}, "Enter the server's address"),
        ("vllm", {"baseUrl": "http://169.254.169.254/"}, "link-local"),
        ("compatible", {"baseUrl": "ftp://127.0.0.1/"}, "is not an address"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(admin, run_sql, provider, body, said):
    answer = admin.put(f"{PATH}/{provider}", json=body)
    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert run_sql("SELECT * FROM provider_connections") == []


def test_a_provider_that_does_not_exist_is_answered_404(admin):
    assert admin.put(f"{PATH}/nobody", json={"key": OWN_KEY}).status_code == 404
    assert admin.post(f"{PATH}/claude/test", json={}).status_code == 404
    assert admin.get("/api/providers/nobody/models").status_code == 404


def test_the_environment_wins_and_is_shown_as_such(url, stub):
    given = ModelSettings(anthropic_api_key="answer", anthropic_base_url=stub.address)

    async def read():
        async with opened(url) as database:
            stored = Stored(ModelSettings(), SECRET.read)
            async with database.transaction() as connection:
                entered = await connections.entered("anthropic", OWN_KEY, None)
                owner = Actor("michael", "owner")
                await connections.set_connection(connection, owner, stored, "anthropic", entered)
            return await Stored(given, SECRET.read).settings(database)

    assert complete(read()).anthropic_api_key == "answer"
    with (
        serving(url, model_settings=given, secret=SECRET) as server,
        server.client("michael") as client,
    ):
        shown = of(client.get(PATH), "anthropic")
        assert (shown["source"], shown["lastCharacters"]) == ("environment", None)
        refused = client.put(f"{PATH}/anthropic", json={"key": OWN_KEY})
        assert (refused.status_code, refused.json()["code"]) == (409, "set_by_environment")


def test_a_stored_address_never_gets_the_environments_key(url, stub):
    environment = ModelSettings(compatible_api_key="of-the-environment")

    async def read():
        async with opened(url) as database:
            stored = Stored(environment, SECRET.read)
            async with database.transaction() as connection:
                entered = await connections.entered("compatible", None, stub.address)
                owner = Actor("michael", "owner")
                await connections.set_connection(connection, owner, stored, "compatible", entered)
            return await stored.settings(database)

    settings = complete(read())
    assert (settings.compatible_base_url, settings.compatible_api_key) == (stub.address, None)


def test_with_another_secret_key_it_is_said_that_the_stored_key_cannot_be_read(url, run_sql):
    with serving(url, secret=SECRET) as server, server.client("michael") as client:
        client.put(f"{PATH}/openai", json={"key": OWN_KEY})
    other = SecretSource(key="another secret key, which is long enough as well")
    with serving(url, secret=other) as server, server.client("michael") as client:
        assert "another secret key" in of(client.get(PATH), "openai")["problem"]
        shown = client.get("/api/providers").json()["providers"]
        state = next(each for each in shown if each["id"] == "openai")
        assert (state["ready"], "enter its key again" in state["missing"][0]) == (False, True)
    # Nor can a key be moved to another provider or address by somebody who can write the table.
    run_sql("UPDATE provider_connections SET provider_id = 'google'")
    with serving(url, secret=SECRET) as server, server.client("michael") as client:
        assert of(client.get(PATH), "google")["problem"] is not None


def test_a_worker_takes_a_new_key_without_a_restart(url, admin):
    async def answering():
        async with opened(url) as database:
            stored = Stored(ModelSettings(), SECRET.read)
            providers = Providers(await stored.settings(database), database)
            found = [(await providers.runtime_for("openai:gpt-5.6-terra"))[1]]
            for key in (OWN_KEY, "sk-another-0123456789"):
                admin.put(f"{PATH}/openai", json={"key": key})
                providers.model_settings = await stored.settings(database)
                runtime, model_id = await providers.runtime_for("openai:gpt-5.6-terra")
                found.append((model_id, runtime.model_settings.openai_api_key == key))
            await providers.close()
            return found

    assert complete(answering()) == [
        "scripted",
        ("openai:gpt-5.6-terra", True),
        ("openai:gpt-5.6-terra", True),
    ]


@pytest.mark.parametrize(
    ("key", "ok", "said"),
    [
        ("answer", True, None),
        ("plain", True, "did not call the tool"),
        ("bad-key", False, "does not accept the key (401)"),
        ("no-credit", False, "quota is used up (402)"),
        ("missing", False, "no such model (404)"),
        ("failing", False, "lists its models, but the model call fails: The provider failed (500)"),
    ],
)
def test_one_real_call_says_what_is_wrong(admin, run_sql, key, ok, said):
    answer = admin.post(f"{PATH}/anthropic/test", json={"key": key})
    assert answer.status_code == 200, answer.text
    result = answer.json()
    assert (result["ok"], result["modelId"]) == (ok, "anthropic:claude-sonnet-5-5")
    assert result["problem"] is None if said is None else said in result["problem"]
    assert result["models"] == ([] if key == "bad-key" else LISTED)
    assert run_sql("SELECT * FROM provider_connections") == []


def test_a_local_server_is_asked_for_a_model_of_its_list(admin, stub):
    body = {"key": "answer", "baseUrl": f"{stub.address}/v1/"}
    result = admin.post(f"{PATH}/compatible/test", json=body).json()
    assert (result["ok"], result["modelId"]) == (True, f"compatible:{LISTED[0]}")
    chosen = admin.post(f"{PATH}/compatible/test", json=body | {"model": "some-model"}).json()
    assert chosen["modelId"] == "compatible:some-model"


def test_a_server_that_is_not_there_is_said_to_be_unreachable(admin):
    body = {"baseUrl": "http://127.0.0.1:9"}
    result = admin.post(f"{PATH}/ollama/test", json=body).json()
    assert (result["ok"], result["modelId"]) == (False, None)
    assert "cannot be reached" in result["problem"]


@pytest.mark.parametrize(
    ("provider_id", "body", "is_working"),
    [
        ("anthropic", {"key": "answer"}, True),
        ("anthropic", {"key": "bad-key"}, False),
        ("ollama", {"baseUrl": "http://127.0.0.1:9"}, False),
    ],
)
def test_a_list_says_whether_its_provider_works(admin, provider_id, body, is_working):
    assert admin.put(f"{PATH}/{provider_id}", json=body).status_code == 200
    shown = admin.get(f"/api/providers/{provider_id}/models").json()
    assert (shown["isWorking"], shown["problem"] is None) == (is_working, is_working)


def test_a_list_that_never_answers_is_not_waited_for(admin):
    admin.put(f"{PATH}/anthropic", json={"key": "no-list"})
    began = time.monotonic()
    shown = admin.get("/api/providers/anthropic/models").json()
    assert (shown["models"], "did not come within" in shown["problem"]) == ([], True)
    assert shown["isWorking"] is False
    # The next one who asks need not wait again, and an agent's model can be chosen all the same.
    assert admin.get("/api/providers/anthropic/models").json() == shown
    change = {"modelId": "anthropic:claude-brand-new"}
    assert admin.patch("/api/agents/jim", json=change).status_code == 200
    assert time.monotonic() - began < 15


def test_the_list_is_the_providers_own(admin):
    admin.put(f"{PATH}/anthropic", json={"key": "answer"})
    shown = admin.get("/api/providers/anthropic/models").json()
    assert shown == {
        "providerId": "anthropic",
        "models": LISTED,
        "problem": None,
        "isWorking": True,
    }
    lacking = admin.get("/api/providers/openai/models").json()
    assert (lacking["models"], lacking["problem"]) == ([], "Set OPENAI_API_KEY.")


@pytest.mark.parametrize("model_id", ["anthropic:claude-sonnet-5-6", "claude-nonsense"])
def test_a_model_that_its_provider_does_not_list_is_refused(admin, model_id):
    admin.put(f"{PATH}/anthropic", json={"key": "answer"})
    before = admin.get("/api/agents/jim").json()
    for answer in (
        admin.patch("/api/agents/jim", json={"modelId": model_id}),
        admin.post("/api/agents", json=NEW | {"modelId": model_id}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_model")
        assert "no model named" in answer.json()["error"]
    assert admin.get("/api/agents/jim").json() == before
    assert admin.get("/api/agents/new-one").status_code == 404
    check = admin.get("/api/providers/check", params={"modelId": model_id}).json()
    assert check["isRefused"]


NEW = {
    "id": "new-one",
    "displayName": "New One",
    "title": "Intern",
    "avatarColor": "#4A90D9",
    "systemPrompt": "You are new.",
}


def test_without_a_connection_a_model_that_nobody_knows_is_refused(admin):
    answer = admin.patch("/api/agents/jim", json={"modelId": "gpt-9-magic"})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_model")
    known = admin.patch("/api/agents/jim", json={"modelId": "openai:gpt-5.6-terra"})
    assert known.status_code == 200


def test_a_retired_model_is_answered_by_its_successor_and_says_so(admin, stub):
    admin.put(f"{PATH}/anthropic", json={"key": "answer"})
    used = admin.get("/api/providers").json()["models"]
    assert used == [
        {
            "modelId": "claude-sonnet-4-5-20250929",
            "answersBy": "anthropic:claude-sonnet-5-5",
            "isOwn": True,
            "missing": [],
            "retired": "claude-sonnet-4-5-20250929 is retired by Anthropic (last day November 30,"
            " 2026); claude-sonnet-5-5 answers instead.",
        }
    ]
    stub.requests.clear()
    body = {"model": "claude-sonnet-4-5-20250929"}
    result = admin.post(f"{PATH}/anthropic/test", json=body).json()
    assert (result["ok"], result["modelId"]) == (True, "anthropic:claude-sonnet-5-5")
    assert [asked["model"] for _, asked in stub.requests] == ["claude-sonnet-5-5"]


def test_a_model_that_is_not_retired_answers_itself():
    settings = ModelSettings(anthropic_api_key="x")
    found = resolve_model("claude-opus-5", settings)
    assert (found.answers_by, found.retired) == ("anthropic:claude-opus-5", UNSET)


def test_a_broken_list_is_no_list():
    for content in ({"data": "nothing"}, [], 7, {"data": [{"id": 3}, None, {"id": "a\nb"}]}):
        assert names(content) == []


def names(content):
    try:
        return names_in("compatible", json.loads(json.dumps(content)))
    except ValueError:
        return []
