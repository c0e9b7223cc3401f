"""Each refusal carries the code that its reason has, whatever layer refuses."""

from uuid import uuid4

import pytest
from tests.support.serving import Served

from bullpen.kit.error_codes import ErrorCode

NOWHERE = str(uuid4())
JSON = {"Content-Type": "application/json"}
SCHEDULED = {"agentId": "dwight", "prompt": "Hello", "triggerAt": "2040-03-04T09:00:00Z"}
RECURRING = {"agentId": "dwight", "prompt": "Hello", "cron": "0 9 * * *"}
CHANNEL = {"id": "new", "name": "new", "kind": "public"}
AGENT = {
    "id": "new", "displayName": "New", "title": "Clerk", "avatarColor": "#4A90D9",
    "systemPrompt": "Be brief.",
}  # fmt: skip
MESSAGE = {"channelId": "general", "text": "Hello"}

# As Michael, who is a member neither of accounting (private) nor of party-planning (public).
REFUSED: list[tuple[str, str, object, str]] = [
    ("GET", "/api/search?q=a&limit=0", None, "validation_failed"),
    ("GET", f"/api/search?q={'a' * 501}", None, "validation_failed"),
    ("GET", "/api/search?q=before:soon", None, "invalid_search"),
    ("GET", "/api/search?q=a&cursor=AAAA", None, "invalid_cursor"),
    ("POST", "/api/messages", {"channelId": "general"}, "validation_failed"),
    ("POST", "/api/messages", MESSAGE | {"channelId": "accounting"}, "channel_not_found"),
    ("POST", "/api/messages", MESSAGE | {"channelId": "nowhere"}, "channel_not_found"),
    ("POST", "/api/messages", MESSAGE | {"channelId": "party-planning"}, "not_a_member"),
    ("POST", "/api/messages", MESSAGE | {"parentMessageId": NOWHERE}, "message_not_found"),
    ("GET", "/api/channels/accounting/messages", None, "channel_not_found"),
    ("GET", f"/api/channels/general/messages?before={NOWHERE}", None, "message_not_found"),
    ("GET", f"/api/messages/{NOWHERE}", None, "message_not_found"),
    ("GET", "/api/messages/x", None, "message_not_found"),
    ("GET", "/api/messages/x/replies", None, "message_not_found"),
    ("GET", "/api/users/nobody", None, "user_not_found"),
    ("GET", "/api/agents/nobody", None, "agent_not_found"),
    ("GET", "/api/runs/x", None, "run_not_found"),
    ("GET", f"/api/runs/{NOWHERE}", None, "run_not_found"),
    ("GET", f"/api/runs/{NOWHERE}/steps/1/request", None, "request_not_found"),
    ("GET", f"/api/runs/{NOWHERE}/steps/0/request", None, "request_not_found"),
    ("POST", f"/api/runs/{NOWHERE}/cancel", {}, "run_not_found"),
    ("GET", "/api/nothing", None, "not_found"),
    ("POST", "/api/health", {}, "method_not_allowed"),
    ("PUT", "/api/session", {"userId": "nobody"}, "user_not_found"),
    ("PUT", "/api/users/jim/presence", {"presence": "away"}, "not_yourself"),
    ("POST", "/api/agents", AGENT | {"id": "pam"}, "id_taken"),
    ("POST", "/api/agents", AGENT | {"displayName": "Pam Beesly"}, "name_taken"),
    ("POST", "/api/channels", CHANNEL | {"id": "sales"}, "id_taken"),
    ("POST", "/api/channels", CHANNEL | {"name": "Sales"}, "name_taken"),
    ("POST", "/api/channels", CHANNEL | {"memberIds": ["nobody"]}, "unknown_member"),
    ("POST", "/api/channels", CHANNEL | {"kind": "dm"}, "validation_failed"),
    (
        "POST", "/api/channels", CHANNEL | {"kind": "dm", "memberIds": ["jim", "pam"]},
        "not_in_dm",
    ),
    ("PATCH", "/api/channels/party-planning", {"topic": "x"}, "not_a_member"),
    ("POST", "/api/channels/general/members", {"userId": "jim"}, "already_a_member"),
    ("DELETE", "/api/channels/sales/members/pam", None, "member_not_found"),
    ("POST", "/api/unreads/mark-read", {"channelId": "general", "threadId": NOWHERE},
     "thread_not_found"),
    ("PUT", "/api/budgets", {"agentId": "jim", "channelId": "sales", "dailyUsd": 1},
     "fields_conflict"),
    ("GET", f"/api/agents/jim/prompt?threadId={NOWHERE}", None, "fields_conflict"),
    ("GET", "/api/agents/pam/prompt?channelId=sales", None, None),
    ("GET", "/api/agents/pam/prompt?channelId=management", None, "agent_cannot_read"),
    ("POST", "/api/scheduled", SCHEDULED | {"targetChannelId": "management"},
     "agent_cannot_read"),
    ("DELETE", f"/api/scheduled/{NOWHERE}", None, "scheduled_message_not_found"),
    ("DELETE", "/api/scheduled/x", None, "scheduled_message_not_found"),
    ("POST", "/api/recurring", RECURRING | {"cron": "often"}, "invalid_cron"),
    ("POST", "/api/recurring", RECURRING | {"cron": "0 0 30 2 *"}, "invalid_cron"),
    ("POST", "/api/recurring", RECURRING | {"timeZone": "Mars"}, "invalid_time_zone"),
    ("DELETE", f"/api/recurring/{NOWHERE}", None, "recurring_message_not_found"),
    ("DELETE", "/api/agents/jim/memory/nothing", None, "memory_block_not_found"),
    ("GET", "/api/agents/jim/memory/nothing/versions", None, "memory_block_not_found"),
    ("PUT", "/api/agents/jim/notes/general/persona", {"content": "x"}, "channel_not_private"),
    ("DELETE", "/api/agents/jim/notes/management/nothing", None, "private_note_not_found"),
    ("DELETE", f"/api/agents/jim/archival/{NOWHERE}", None, "passage_not_found"),
    ("GET", "/api/agents/jim/archival?q=a&cursor=AAAA", None, "invalid_cursor"),
]  # fmt: skip


def test_each_reason_has_its_code(acting):
    michael = acting("michael")
    for method, path, body, expected in REFUSED:
        answer = michael.request(method, path, json=body)
        if expected is None:
            assert answer.status_code == 200, path
            continue
        refusal = answer.json()
        assert refusal["code"] == expected, (method, path, refusal)
        assert answer.status_code == ErrorCode(expected).status, (method, path)
        assert set(refusal) <= {"error", "code", "details"}
        assert refusal["error"], refusal


def test_what_changed_meanwhile_has_its_code(acting):
    jim = acting("jim")
    mine = jim.post("/api/messages", json=MESSAGE).json()["id"]
    reply = jim.post("/api/messages", json=MESSAGE | {"parentMessageId": mine}).json()["id"]
    jim.put("/api/agents/jim/memory/plan", json={"content": "One"})
    run = jim.get("/api/runs").json()[0]["id"]
    coming = jim.post("/api/scheduled", json=SCHEDULED).json()["id"]
    jim.delete(f"/api/scheduled/{coming}")
    pam = acting("pam")
    cases = [
        (jim, "POST", "/api/messages", MESSAGE | {"parentMessageId": reply}, "thread_too_deep"),
        (jim, "POST", "/api/messages", MESSAGE | {"id": mine, "channelId": "sales"}, "id_taken"),
        (pam, "PATCH", f"/api/messages/{mine}", {"text": "Hers"}, "not_the_author"),
        (jim, "PUT", "/api/agents/jim/memory/plan", {"content": "Two", "version": 7},
         "changed_meanwhile"),
        (jim, "POST", "/api/agents/jim/memory/plan/restore", {"version": 9}, "version_not_found"),
        (jim, "POST", f"/api/runs/{run}/cancel", {}, "run_has_ended"),
        (jim, "POST", f"/api/runs/{run}/again", {"modelId": "gpt-9"}, "model_not_ready"),
        (jim, "DELETE", f"/api/scheduled/{coming}", None, "not_pending"),
    ]  # fmt: skip
    for client, method, path, body, expected in cases:
        answer = client.request(method, path, json=body)
        refusal = answer.json()
        assert refusal["code"] == expected, (method, path, refusal)
        assert answer.status_code == ErrorCode(expected).status, (method, path)


@pytest.mark.parametrize(
    ("headers", "content", "expected"),
    [
        (JSON | {"Host": "elsewhere.example"}, b"{}", "host_not_allowed"),
        (JSON | {"Origin": "https://elsewhere.example"}, b"{}", "cross_origin"),
        ({"Content-Type": "text/plain"}, b"{}", "not_json"),
        (JSON, b" " * 1_000_001, "body_too_large"),
        (JSON, b"\xff", "malformed_request"),
        (JSON, b"{", "validation_failed"),
        (JSON | {"Bullpen-User": "nobody"}, b'{"presence":"away"}', "unknown_actor"),
    ],
)
def test_what_is_refused_ahead_of_the_routes_has_a_code(
    shared_server: Served, headers: dict[str, str], content: bytes, expected: str
):
    with shared_server.client("jim") as client:
        answer = client.put("/api/users/jim/presence", content=content, headers=headers)
    assert (answer.json()["code"], answer.status_code) == (expected, ErrorCode(expected).status)
