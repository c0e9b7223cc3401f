"""Agents as files: exported, deleted and imported again an agent is equal, history included."""

import io
import json
import time
import zipfile

import pytest
from letta_client.types import AgentState, BlockResponse, Tool
from PIL import Image
from tests.support.fixtures import complete
from tests.support.tape import opened, say

from bullpen.agents.files import folder, formats
from bullpen.agents.tools import TOOLS
from bullpen.kit.errors import Invalid

FORMATS = ("folder", "letta")
NEW = {
    "id": "nia",
    "displayName": "Nia Novak",
    "title": "Analyst",
    "avatarColor": "#4A90D9",
    "systemPrompt": "You are Nia.\nYou count things — carefully. \U0001f9ee",
    "modelId": "scripted",
    "channelIds": ["general", "management"],
    "dailyUsd": 2.5,
}


@pytest.fixture
def michael(acting):
    return acting("michael")


@pytest.fixture
def nia(michael, run_sql):
    """An agent with something of everything, made by Michael, who is in #management."""
    assert michael.post("/api/agents", json=NEW).status_code == 201

    def send(method, path, body):
        answer = michael.request(method, f"/api/{path}", json=body)
        assert answer.is_success, (path, answer.text)

    for content in ("One.", "Two, with **Markdown**.\n\n- and\n- lines\n", "Three \U0001f4be"):
        send("PUT", "agents/nia/memory/plan", {"content": content})
    send("PUT", "agents/nia/memory/empty", {"content": ""})
    send("PUT", "agents/nia/memory/plan/links", {"agentIds": ["toby", "jim"]})
    send("PUT", "agents/nia/notes/management/plan", {"content": "A secret."})
    send("PUT", "agents/nia/notes/management/plan", {"content": "A newer secret."})
    send("POST", "agents/nia/archival", {"content": "Paper weighs.", "tags": ["a", "b"]})
    run_sql(
        "WITH p AS (INSERT INTO archival_passages (agent_id, content) VALUES ('nia', 'Placed.')"
        " RETURNING id) INSERT INTO passage_places SELECT id, 'management' FROM p"
    )
    plan = {"agentId": "nia", "prompt": "Count.", "targetChannelId": "management"}
    send("POST", "scheduled", plan | {"triggerAt": "2999-03-04T09:00:00Z"})
    send("POST", "recurring", plan | {"cron": "0 9 * * mon-fri", "timeZone": "Europe/Berlin"})
    send("PUT", "channels/general/policies/nia", {"policy": "mentions"})
    sent = michael.put(
        "/api/users/nia/picture", content=picture(), headers={"Content-Type": "image/png"}
    )
    assert sent.is_success, sent.text
    return "nia"


def picture(form="PNG", size=(300, 260)):
    made = Image.effect_noise(size, 90).convert("RGB")
    content = io.BytesIO()
    made.save(content, form)
    return content.getvalue()


def state_of(client):
    """All that the API shows of the agent."""
    found = {
        path: client.get(f"/api/{path}").json()
        for path in (
            "agents/nia",
            "users/nia",
            "agents/nia/memory",
            "agents/nia/memory/plan/versions",
            "agents/nia/memory/empty/versions",
            "agents/nia/notes",
            "agents/nia/notes/management/plan/versions",
            "agents/nia/archival",
            "agents/nia/manager",
            "agents/nia/mind",
            "scheduled?agentId=nia",
            "recurring?agentId=nia",
            "channels/general/policies",
            "channels/management/policies",
        )
    }
    found["agents/nia"].pop("updatedAt")
    found["budget"] = [b for b in client.get("/api/budgets").json() if b["agentId"] == "nia"]
    channels = client.get("/api/channels").json()
    found["channels"] = {c["id"] for c in channels if "nia" in c["memberIds"]}
    return found


def exported(client, form="folder", status=200):
    answer = client.get("/api/agents/nia/export", params={"format": form})
    assert answer.status_code == status, answer.text
    return answer.content


def imported(client, content, **query):
    kind = "application/zip" if content.startswith(b"PK") else "application/json"
    return client.post(
        "/api/agents/import", content=content, params=query, headers={"Content-Type": kind}
    )


def deleted(client):
    answer = client.post("/api/agents/nia/delete", json={"displayName": "Nia Novak"})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("form", FORMATS)
def test_exported_deleted_and_imported_again_an_agent_is_equal(michael, nia, form, run_sql):
    before = state_of(michael)
    assert len(before["agents/nia/memory/plan/versions"]["versions"]) == 3
    content = exported(michael, form)
    deleted(michael)
    assert michael.get("/api/agents/nia").status_code == 404
    assert run_sql("SELECT * FROM memory_blocks WHERE agent_id = 'nia'") == []
    answer = imported(michael, content)
    assert (answer.status_code, answer.json()) == (201, {"agentId": "nia", "leftOut": []})
    assert state_of(michael) == before
    actions = [row[0] for row in run_sql("SELECT action FROM audit_log WHERE target_id = 'nia'")]
    assert {"agent.created", "agent.exported", "agent.deleted", "agent.imported"} <= set(actions)


def test_every_agent_of_the_bundled_workspace_comes_back_as_it_was(michael):
    for agent in michael.get("/api/agents").json()[:4]:
        path = f"/api/agents/{agent['id']}"
        first = michael.get(f"{path}/export").content
        again = imported(michael, first, id=f"{agent['id']}-2", displayName=f"Second {agent['id']}")
        assert again.status_code == 201, again.text
        copy = michael.get(f"{path}-2/export").content
        before, after = formats.unpack(first)[0], formats.unpack(copy)[0]
        assert after.system_prompt == before.system_prompt
        assert after.lines == before.lines
        assert [b.versions for b in after.blocks] == [b.versions for b in before.blocks]
        assert [p.content for p in after.passages] == [p.content for p in before.passages]


def test_what_the_exporter_cannot_read_is_not_in_the_file(michael, nia, acting):
    """Pam looks after the agent, and is not in #management."""
    michael.put("/api/agents/nia/manager", json={"personId": None})
    for form in FORMATS:
        content = exported(acting("pam"), form)
        text = content if form == "letta" else b"".join(contents(content).values())
        assert b"secret" not in text
        assert b"Placed." not in text
        assert b"management" not in text
        assert b"Paper weighs." in text
        assert b"secret" in (
            exported(michael, form)
            if form == "letta"
            else b"".join(contents(exported(michael, form)).values())
        )


def contents(zipped):
    with zipfile.ZipFile(io.BytesIO(zipped)) as opened_zip:
        return {name: opened_zip.read(name) for name in opened_zip.namelist()}


def test_private_memory_comes_only_to_places_that_the_importer_can_read(michael, nia, acting):
    content = exported(michael)
    deleted(michael)
    answer = imported(acting("pam"), content)
    assert answer.status_code == 201, answer.text
    assert any("private note" in words for words in answer.json()["leftOut"])
    assert acting("pam").get("/api/agents/nia/notes").json() == []
    assert michael.get("/api/agents/nia/notes").json() == []
    passages = michael.get("/api/agents/nia/archival").json()["passages"]
    assert [passage["content"] for passage in passages] == ["Paper weighs."]


def test_a_deleted_agents_messages_stay_and_nobody_else_gets_its_id(michael, nia, url, run_sql):
    async def work():
        async with opened(url) as database:
            return await say(database, "nia", "general", "I counted.")

    message = complete(work())
    wrong = michael.post("/api/agents/nia/delete", json={"displayName": "nia"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "name_not_typed")
    deleted(michael)
    shown = michael.get(f"/api/messages/{message}").json()
    assert (shown["text"], shown["userId"]) == ("I counted.", "nia")
    assert michael.get("/api/users/nia").json()["displayName"] == "Nia Novak"
    assert michael.post("/api/agents", json=NEW).json()["code"] == "id_taken"
    inactive = michael.get("/api/agents", params={"active": False}).json()
    assert "nia" not in [agent["id"] for agent in inactive]
    assert michael.patch("/api/agents/nia", json={"isActive": True}).status_code == 404


def test_a_copy_has_the_memory_and_not_the_history(michael, nia):
    body = {"id": "nia-2", "displayName": "Nia Two"}
    answer = michael.post("/api/agents/nia/duplicate", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["systemPrompt"] == NEW["systemPrompt"]
    blocks = {b["label"]: b for b in michael.get("/api/agents/nia-2/memory").json()}
    assert (blocks["plan"]["content"], blocks["plan"]["version"]) == ("Three \U0001f4be", 1)
    assert michael.get("/api/agents/nia-2/notes").json() == []
    assert michael.get("/api/recurring", params={"agentId": "nia-2"}).json() == []
    taken = michael.post("/api/agents/nia/duplicate", json=body | {"id": "nia-3"})
    assert taken.json()["code"] == "name_taken"
    # Written with a Cyrillic letter, it would be taken for the other.
    alike = {"id": "nia-4", "displayName": "Ni\u0430 Novak"}
    mixed = michael.post("/api/agents/nia/duplicate", json=alike)
    assert mixed.json()["code"] == "validation_failed"


def test_an_id_that_is_taken_is_refused_and_another_one_can_be_chosen(michael, nia):
    content = exported(michael)
    assert imported(michael, content).json()["code"] == "id_taken"
    assert imported(michael, content, id="nia-2").json()["code"] == "name_taken"
    made = imported(michael, content, id="nia-2", displayName="Nia Two")
    assert made.json()["agentId"] == "nia-2"
    assert michael.get("/api/agents/nia-2/memory").json()[0]["id"] not in {
        block["id"] for block in michael.get("/api/agents/nia/memory").json()
    }


def test_the_folder_can_be_read_and_edited(michael, nia):
    files = contents(exported(michael))
    assert files["nia/persona.md"].decode() == NEW["systemPrompt"]
    assert b'displayName = "Nia Novak"' in files["nia/agent.toml"]
    (name,) = [name for name in files if name.startswith("nia/memory/") and "plan" in name]
    files[name] = b"Edited by hand."
    files["nia/persona.md"] = b"You are another."
    deleted(michael)
    assert imported(michael, zipped(files)).status_code == 201
    assert michael.get("/api/agents/nia").json()["systemPrompt"] == "You are another."
    versions = michael.get("/api/agents/nia/memory/plan/versions").json()["versions"]
    assert [one["content"] for one in versions[:2]] == ["Edited by hand.", "Three \U0001f4be"]


def zipped(files, **more):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in (files | more).items():
            made.writestr(name, text)
    return content.getvalue()


def good():
    settings = {key: NEW[key] for key in ("id", "displayName", "title", "avatarColor", "modelId")}
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    return {"x/agent.toml": f"[agent]\n{lines}", "x/persona.md": "You are x."}


def bomb():
    return zipped(good(), **{"x/notes.json": b" " * 40_000_000})


HOSTILE = {
    "nothing": b"",
    "text": b"hello",
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
    "half a zip": zipped(good())[:-30],
    "only a signature": b"PK\x03\x04",
    "an empty zip": zipped({}),
    "no persona": zipped({"x/agent.toml": "[agent]"}),
    "no settings": zipped({"x/persona.md": "Hi"}),
    "a path upwards": zipped(good(), **{"../../etc/cron.d/x": "x"}),
    "an absolute path": zipped(good(), **{"/etc/passwd": "x"}),
    "a path of Windows": zipped(good(), **{"x\\..\\y": "x"}),
    "a bomb": bomb(),
    "very many files": zipped(good(), **{f"x/{n}": "" for n in range(1_500)}),
    "not UTF-8": zipped(good() | {"x/persona.md": b"\xff\xfe"}),
    "broken TOML": zipped(good() | {"x/agent.toml": "[agent"}),
    "another type": zipped(good() | {"x/agent.toml": "agent = 3"}),
    "an unknown field": zipped(good() | {"x/agent.toml": good()["x/agent.toml"] + "role = 'o'"}),
    "NUL": zipped(good() | {"x/persona.md": "a\x00b"}),
    "an id with a path": zipped(
        good() | {"x/agent.toml": good()["x/agent.toml"].replace('"nia"', '"../nia"')}
    ),
    "a reserved id": zipped(
        good() | {"x/agent.toml": good()["x/agent.toml"].replace('"nia"', '"everyone"')}
    ),
    "a name of two lines": zipped(
        good() | {"x/agent.toml": good()["x/agent.toml"].replace("Nia Novak", "Nia\\nNovak")}
    ),
    "a file that is not there": zipped(
        good(), **{"x/memory.json": '{"blocks": [{"label": "a", "file": "../../x"}]}'}
    ),
    "a block that is too long": zipped(
        good(),
        **{"x/memory.json": '{"blocks": [{"label": "a", "file": "m"}]}', "x/m": "x" * 10_001},
    ),
    "two blocks of one label": zipped(
        good(),
        **{
            "x/memory.json": '{"blocks": [{"label":"a","file":"m"},{"label":"a","file":"m"}]}',
            "x/m": "x",
        },
    ),
    "deep JSON": zipped(good(), **{"x/lines.json": "[" * 100_000}),
    "no agents": b'{"agents": []}',
    "two agents": b'{"agents": [{}, {}]}',
    "an agent that is none": b'{"agents": [7]}',
    "a deep file": b'{"agents": ' + b"[" * 100_000,
    "numbers for text": b'{"agents": [{"name": 1, "system": 2}]}',
    "a block that is not there": b'{"agents":[{"system":"x","block_ids":["b"]}],"blocks":[]}',
    "damaged metadata": b'{"agents":[{"system":"x"}],"metadata":{"bullpen":"{"}}',
    "half a character": b'{"agents":[{"name":"x","system":"\\ud800"}]}',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_broken_or_hostile_file_is_refused_in_words(what):
    began = time.monotonic()
    with pytest.raises(Invalid) as refused:
        formats.unpack(HOSTILE[what])
    assert refused.value.code == "agent_file_invalid"
    assert refused.value.message.startswith("This is not a usable agent file: ")
    assert len(refused.value.message) < 600
    assert time.monotonic() - began < 10


def test_a_good_file_is_taken_by_the_same_checks():
    assert formats.unpack(zipped(good()))[0].settings.id == "nia"


def test_the_same_agent_gives_the_same_folder(michael, nia):
    assert exported(michael) == exported(michael)
    assert folder.pack(formats.unpack(exported(michael))[0]) == exported(michael)


def test_nothing_is_half_imported(michael, nia, run_sql):
    files = contents(exported(michael))
    pattern = json.loads(files["nia/recurring.json"])
    pattern[0]["cron"] = "not a pattern"
    files["nia/recurring.json"] = json.dumps(pattern).encode()
    deleted(michael)
    tables = ("agents", "memory_blocks", "archival_passages", "scheduled_messages", "events")
    before = [run_sql(f"SELECT count(*) FROM {table}") for table in tables]
    answer = imported(michael, zipped(files))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cron")
    assert [run_sql(f"SELECT count(*) FROM {table}") for table in tables] == before
    assert michael.get("/api/agents/nia").status_code == 404


def test_a_file_that_is_too_large_is_refused_by_the_server(michael):
    answer = michael.post(
        "/api/agents/import",
        content=b"PK" + b"x" * 10_000_001,
        headers={"Content-Type": "application/zip"},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    # Elsewhere, files are not taken.
    other = michael.post("/api/agents", content=b"PK", headers={"Content-Type": "application/zip"})
    assert other.status_code == 415


FOREIGN = {
    "agents": [
        {
            "id": "agent-0",
            "name": "Loop Agent",
            "description": "A helper that works in loops.\nMore.",
            "system": "You are Loop.",
            "block_ids": ["block-1", "block-0"],
            "llm_config": {"model": "gpt-5.6-terra", "handle": "openai/gpt-5.6-terra"},
            "messages": [{"id": "message-0", "role": "user", "content": "Hi"}],
        }
    ],
    "blocks": [
        {"id": "block-0", "label": "human", "value": "Its name is Max.", "limit": 5000},
        {"id": "block-1", "label": "persona", "value": "I help."},
    ],
    "groups": [], "files": [], "sources": [{"id": "source-0"}], "tools": [], "mcp_servers": [],
}  # fmt: skip


def test_a_letta_file_of_another_program_is_imported_as_far_as_it_goes(michael):
    answer = imported(michael, json.dumps(FOREIGN).encode())
    assert answer.status_code == 201, answer.text
    made = michael.get("/api/agents/loop-agent").json()
    assert (made["displayName"], made["systemPrompt"]) == ("Loop Agent", "You are Loop.")
    assert (made["title"], made["modelId"]) == (
        "A helper that works in loops.",
        "openai:gpt-5.6-terra",
    )
    blocks = {b["label"]: b["content"] for b in michael.get("/api/agents/loop-agent/memory").json()}
    assert blocks == {"human": "Its name is Max.", "persona": "I help."}
    assert len(answer.json()["leftOut"]) == 2


def test_what_was_changed_in_lettas_own_fields_is_kept(michael, nia):
    data = json.loads(exported(michael, "letta"))
    data["agents"][0]["system"] = "You are Nia, elsewhere."
    (plan,) = [block for block in data["blocks"] if block["label"] == "plan"]
    plan["value"] = "Learned elsewhere."
    deleted(michael)
    assert imported(michael, json.dumps(data).encode()).status_code == 201
    assert michael.get("/api/agents/nia").json()["systemPrompt"] == "You are Nia, elsewhere."
    versions = michael.get("/api/agents/nia/memory/plan/versions").json()["versions"]
    assert [one["content"] for one in versions[:2]] == ["Learned elsewhere.", "Three \U0001f4be"]
    assert len(versions) == 4


def through_letta_client(content):
    """The file as a program that uses `letta-client` writes it again, part by part."""
    data = json.loads(content)
    [agent] = data["agents"]
    blocks = [BlockResponse.model_validate(one) for one in data["blocks"]]
    tools = [Tool.model_validate(one) for one in data["tools"]]
    own = {key: agent.pop(key) for key in ("block_ids", "tool_ids", "source_ids")}
    parts = {"blocks": data["blocks"], "tools": data["tools"], "sources": []}
    state = AgentState.model_validate(
        {**agent, **parts, "memory": {"blocks": data["blocks"]}, "embedding_config": None}
    )
    written = state.to_dict(mode="json")
    for part in (*parts, "memory"):
        written.pop(part)
    again = {
        **data,
        "agents": [written | own],
        "blocks": [one.to_dict(mode="json") for one in blocks],
        "tools": [one.to_dict(mode="json") for one in tools],
    }
    return json.dumps(again).encode(), state


def test_a_letta_file_goes_through_the_models_of_letta_client(michael, nia):
    before = state_of(michael)
    content, state = through_letta_client(exported(michael, "letta"))
    assert (state.name, state.system) == (NEW["displayName"], NEW["systemPrompt"])
    assert {tool.name for tool in state.tools} == {tool.name for tool in TOOLS}
    assert {block.label: block.value for block in state.blocks} == {
        block["label"]: block["content"]
        for block in before["agents/nia/memory"]
        if block["agentId"] == "nia"
    }
    deleted(michael)
    answer = imported(michael, content)
    assert (answer.status_code, answer.json()) == (201, {"agentId": "nia", "leftOut": []})
    assert state_of(michael) == before


def test_a_picture_is_kept_as_it_is_or_made_anew_and_a_broken_one_is_refused(michael, nia):
    files = contents(exported(michael))
    path = michael.get("/api/users/nia").json()["picture"]
    assert files["nia/picture.webp"] == michael.get(path).content
    deleted(michael)
    broken = imported(michael, zipped(files | {"nia/picture.webp": b"RIFF"}))
    assert (broken.status_code, broken.json()["code"]) == (400, "agent_file_invalid")
    hidden = b"secret metadata"
    own = files["nia/picture.webp"]
    size = (len(own) + 8 + len(hidden) + 1 - 8).to_bytes(4, "little")
    longer = b"RIFF" + size + own[8:] + b"XMP " + len(hidden).to_bytes(4, "little") + hidden
    assert (
        imported(michael, zipped(files | {"nia/picture.webp": longer + b"\0"})).status_code == 201
    )
    other = michael.get("/api/users/nia").json()["picture"]
    assert other != path
    assert hidden not in michael.get(other).content
