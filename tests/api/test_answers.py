"""Every answer is what the OpenAPI document says, to the last field."""

import re
from base64 import b64decode
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import jsonschema_rs
import pytest
from tests.support.accounts import set_up_owner
from tests.support.serving import serving

# A stream, a file, and addresses that lead a browser on.
WITHOUT_JSON = {
    "/api/agents/{agent_id}/export",
    "/api/sse",
    "/api/audit/export",
    "/api/users/{user_id}/picture/{version}",
    "/api/workspace/icon/{version}",
    "/api/files/{file_id}",
    "/api/files/{file_id}/thumbnail",
    "/api/messages/{message_id}/previews/{preview_id}/picture",
    "/api/runs/{run_id}/export",
    "/api/activity/export",
    "/api/oidc/start",
    "/api/oidc/callback",
    "/api/oauth/start",
    "/api/oauth/callback",
}


# A PNG of one pixel.
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="


class Contract:
    """Checks each answer that a client gets, and notes which operations were checked."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.checked: dict[tuple[str, str], list[Any]] = {}
        self.paths = {
            path: re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))
            for path in document["paths"]
        }

    def check(self, answer: httpx.Response) -> None:
        answer.read()
        method, address = answer.request.method.lower(), answer.request.url.path
        # One without parameters comes before one with them, as in the router.
        found = [path for path, pattern in self.paths.items() if pattern.fullmatch(address)]
        path = min(found, key=lambda path: path.count("{"))
        described = self.document["paths"][path][method]["responses"][str(answer.status_code)]
        schema = described["content"]["application/json"]["schema"]
        validator = jsonschema_rs.Draft202012Validator(
            {**schema, "components": self.document["components"]}, validate_formats=True
        )
        problems = [
            f"{one.instance_path}: {one.message}" for one in validator.iter_errors(answer.json())
        ]
        assert problems == [], (method, address)
        self.checked.setdefault((method, path), []).append(answer.json())


def contract_of(client: httpx.Client) -> Contract:
    """From now on, each answer that the client gets is checked."""
    contract = Contract(client.get("/api/openapi.json").json())
    client.event_hooks["response"] = [contract.check]
    return contract


LATER = "2100-01-02T09:00:00+01:00"


def choose_notifications(client: httpx.Client) -> None:
    hours = {"pausedUntil": LATER, "quietFrom": "22:00", "quietUntil": "07:00"}
    assert client.put("/api/notifications", json=hours).is_success
    level = {"notifies": "all"}
    assert client.patch("/api/channels/management/preferences", json=level).is_success


def be_external(client: httpx.Client) -> None:
    offered = {"commands": [{"name": "deploy", "description": "Deploys"}]}
    assert client.put("/api/agents/jim/commands", json=offered).is_success
    assert client.put("/api/agents/jim/mind", json={"mind": "external"}).is_success
    token = {"name": "mind", "scopes": ["agent"]}
    made = client.post("/api/agents/jim/tokens", json=token).json()["token"]
    headers = {"Authorization": f"Bearer {made}"}
    assert client.get("/api/agent/runs", headers=headers).status_code == 200


def make_groups(send: Callable[..., Any]) -> None:
    """One that is there afterwards, and one that is deleted."""
    gone = send("POST", "user-groups", handle="others")["id"]
    send("DELETE", f"user-groups/{gone}")
    kept = send("POST", "user-groups", handle="crew", memberIds=["jim"])["id"]
    send("PATCH", f"user-groups/{kept}", description="Who sails")
    send("PUT", f"user-groups/{kept}/members/pam")
    send("DELETE", f"user-groups/{kept}/members/jim")


def change_things(client: httpx.Client, other: httpx.Client) -> None:
    """What the bundled workspace has none of, made by the routes that make it."""

    def send(method: str, path: str, **fields: Any) -> Any:
        answer = client.request(method, f"/api/{path}", json=fields)
        assert answer.is_success, (path, answer.text)
        return answer.json()

    posted = send("POST", "messages", channelId="management", text="One")["id"]
    send("POST", "messages", channelId="management", text="Two", parentMessageId=posted)
    reply = {"channelId": "management", "text": "Three", "parentMessageId": posted}
    assert other.post("/api/messages", json=reply).is_success
    send("PATCH", f"messages/{posted}", text="Edited")
    send("POST", f"messages/{posted}/reactions", emoji="👍")
    send("PUT", f"messages/{posted}/pin")
    send("POST", "scheduled-posts", channelId="general", text="Later", sendAt=LATER)
    send("PUT", f"messages/{posted}/saved", remindAt=LATER)
    send("PUT", "users/jim/status", emoji="🌴", text="Away")
    send("PUT", "agents/jim/memory/plan", content="One")
    send("PUT", "agents/jim/memory/plan/links", agentIds=["toby"])
    send("PUT", "agents/jim/notes/management/plan", content="Two")
    send("POST", "agents/jim/archival", content="Paper", tags=["a"])
    send("POST", "scheduled", agentId="jim", prompt="Hello", triggerAt="2040-03-04T09:00:00Z")
    send("POST", "recurring", agentId="jim", prompt="Hello", cron="0 9 * * *")
    send("PUT", "budgets", agentId="jim", dailyUsd=1)
    send("PUT", "workspace/retention", days=36_500)
    draft = {"displayName": "Nia", "title": "Analyst", "systemPrompt": "You are Nia."}
    send("POST", "agents/preview", **draft, modelId="scripted", text="Hello")
    send("POST", "agents/jim/duplicate", id="jim-2", displayName="Jim Two")
    file = other.get("/api/agents/jim-2/export").content
    send("POST", "agents/jim-2/delete", displayName="Jim Two")
    as_file = {"Content-Type": "application/zip"}
    assert client.post("/api/agents/import", content=file, headers=as_file).status_code == 201
    send("PUT", "provider-connections/ollama", baseUrl="http://127.0.0.1:9")
    send("POST", "provider-connections/ollama/test")
    send("DELETE", "provider-connections/ollama")
    send("POST", "pauses", channelId="management", reason="Rest")
    send("POST", "pauses", channelId="management")
    make_groups(send)
    send("PUT", "channels/management/policies/jim", policy="mentions")
    send("PATCH", "agents/jim", maxTurns=3)
    send("PATCH", "channels/management", topic="Decisions")
    send("POST", "tokens", name="script", scopes=["read"])
    be_external(client)
    as_bytes = {"Content-Type": "application/octet-stream"}
    dot = b64decode(DOT)
    files = [client.post("/api/files?name=x", content=c, headers=as_bytes) for c in (dot, b"x")]
    kept, other_file = (file.json()["id"] for file in files)
    send("POST", "messages", channelId="management", fileIds=[kept])
    assert client.delete(f"/api/files/{other_file}").json() == {"ok": True}
    send("POST", "channels", id="new", name="new", kind="public")
    send("POST", "channels/new/members", userId="pam")


AT = "?at=2999-01-01T00:00:00Z"


def read_everything(client: httpx.Client, run_id: str) -> None:
    def get(path: str) -> Any:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    for path in (
        "/api/files/limits", "/api/health", "/api/session", "/api/unreads", "/api/unreads/cursors",
        "/api/unreads/threads", "/api/sidebar", "/api/inbox", "/api/inbox/unread",
        "/api/recurring", "/api/budgets", "/api/providers",
        "/api/providers/check?modelId=gpt-9", "/api/scheduled", "/api/search?q=paper",
        "/api/agents?active=false", "/api/workspace/retention", "/api/tokens",
        f"/api/history/queue{AT}",
        f"/api/history/agents/jim/memory{AT}",
        "/api/workspace/tokens", "/api/usage",
        "/api/provider-connections", "/api/providers/openai/models",
        "/api/agents/jim/tokens", "/api/agents/jim/mind", "/api/agents/jim/commands", "/api/pauses",
        "/api/user-groups",
        "/api/runs/queue?channelId=general", "/api/activity?limit=200",
        "/api/activity/figures?by=agent",
    ):  # fmt: skip
        get(path)
    get(f"/api/users/{get('/api/users')[0]['id']}")
    for channel in get("/api/channels"):
        path = f"/api/channels/{channel['id']}"
        for below in ("", "/members", "/policies", "/answering", "/reach", "/retention"):
            get(f"{path}{below}")
        get(f"/api/history/channels/{channel['id']}/moments{AT}")
        get(f"/api/history/channels/{channel['id']}/messages{AT}")
        for message in get(f"{path}/messages?limit=200"):
            if message["threadReplyCount"] and channel["kind"] == "private":
                get(f"/api/messages/{message['id']}")
                replies = get(f"/api/messages/{message['id']}/replies")
                get(f"/api/history/messages/{message['id']}/replies{AT}")
                get(f"/api/messages/{replies[0]['id']}")
    for agent in get("/api/agents")[:4]:
        path = f"/api/agents/{agent['id']}"
        for below in ("", "/memory", "/archival", "/archival?q=a*", "/queue", "/prompt"):
            get(f"{path}{below}")
    get("/api/agents/jim/notes")
    get("/api/agents/jim/memory/plan/versions")
    get("/api/agents/jim/notes/management/plan/versions")
    for run in get("/api/runs?limit=20"):
        get(f"/api/runs/{run['id']}")
        get(f"/api/runs/{run['id']}/account")
    get(f"/api/runs/{run_id}")
    get(f"/api/runs/{run_id}/account")
    get(f"/api/runs/{run_id}/steps/1/request")
    get(f"/api/runs/{run_id}/prompt")
    tried = client.post(f"/api/runs/{run_id}/dry-runs", json={})
    assert tried.status_code == 201, tried.text
    get("/api/experiments")
    get(f"/api/experiments/{tried.json()['id']}")


def read_links(client: httpx.Client, run_sql: Callable[..., Any], run_id: str) -> None:
    """A message and a scheduled message that the run is said to have made."""
    [(message_id,)] = run_sql(
        "INSERT INTO run_posts (message_id, run_id) SELECT id, $1 FROM messages"
        " WHERE channel_id = 'general' LIMIT 1 RETURNING message_id",
        run_id,
    )
    [(scheduled_id,)] = run_sql(
        "INSERT INTO run_effects (run_id, scheduled_id) SELECT $1, id FROM scheduled_messages"
        " WHERE target_channel_id IS NULL LIMIT 1 RETURNING scheduled_id",
        run_id,
    )
    for path in (
        f"messages/{message_id}/why",
        f"messages/{message_id}/versions",
        f"messages/{message_id}/follow",
        "channels/management/pins",
        "saved",
        "saved/marks",
        "scheduled-posts",
        f"thoughts?message={message_id}",
        f"origins?scheduled={scheduled_id}",
    ):
        assert client.get(f"/api/{path}").status_code == 200, path


def in_team_mode(url: str) -> dict[tuple[str, str], list[Any]]:
    """What was checked of the routes that are only there where people sign in."""
    with serving(url, team=True) as team, set_up_owner(team, url) as olive:
        contract = contract_of(olive)
        invitation = {"email": "ann@example.org", "role": "member"}
        assert olive.post("/api/invitations", json=invitation).status_code == 201
        token = {"name": "Script", "scopes": ["read"]}
        for path in ("tokens", "agents/pam/tokens"):
            assert olive.post(f"/api/{path}", json=token).status_code == 201
        for path in (
            *("setup", "me", "me/sessions", "invitations", "tokens", "agents/pam/tokens"),
            *("people/olive/tokens", "workspace/retention", "channels/general/retention"),
            *("agents/pam/mind", "agents/pam/manager", "people", "audit", "workspace", "push"),
        ):
            assert olive.get(f"/api/{path}").status_code == 200, path
        return contract.checked


def test_every_answer_has_exactly_the_fields_and_types_of_the_document(
    acting: Callable[[str], httpx.Client], run_sql: Callable[..., Any], url: str
):
    client = acting("jim")
    contract = contract_of(client)
    run_id = client.get("/api/runs").json()[0]["id"]
    run_sql(
        "INSERT INTO step_details (step_id, request) SELECT id, '{\"messages\": []}' FROM run_steps"
        " WHERE run_id = $1 AND step_number = 1 ON CONFLICT (step_id) DO UPDATE SET"
        " request = EXCLUDED.request",
        run_id,
    )
    choose_notifications(client)
    change_things(client, acting("toby"))
    joined = acting("pam").post("/api/people", json={"displayName": "Dana"}).json()["id"]
    assert client.get(f"/api/people/{joined}").status_code == 200
    run_sql(
        "INSERT INTO api_tokens (user_id, name, token_hash, prefix, scopes)"
        " VALUES ($1, 'script', sha256('token'), 'bp_12345', '{read}')",
        joined,
    )
    assert client.get(f"/api/people/{joined}/tokens").status_code == 200
    read_everything(client, run_id)
    [(public,)] = run_sql("SELECT id FROM runs WHERE channel_id = 'general' LIMIT 1")
    read_links(client, run_sql, public)
    checked = contract.checked | in_team_mode(url)
    for path, operations in contract.document["paths"].items():
        if "get" in operations and path not in WITHOUT_JSON:
            assert any(checked.get(("get", path), ())), f"nothing to check in {path}"
    assert len([method for method, _ in checked if method != "get"]) > 15
    # Refusals, too.
    client.get(f"/api/messages/{uuid4()}")
    client.post("/api/messages", json={})


def test_a_field_that_the_document_does_not_have_fails_the_check(
    reader: Callable[[str], httpx.Client],
):
    client = reader("jim")
    contract = contract_of(client)
    del contract.document["components"]["schemas"]["User"]["properties"]["title"]
    with pytest.raises(AssertionError, match="title"):
        client.get("/api/users/jim")
