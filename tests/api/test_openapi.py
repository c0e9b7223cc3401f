"""The document, and what anything that fits it or not is answered."""

import json
import re
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.support.serving import Served

from bullpen.api.realtime import streams
from bullpen.kit.error_codes import ErrorCode

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
WITHOUT_JSON = {
    "GET /api/agents/{agent_id}/export", "GET /api/activity/export",
    "GET /api/sse", "GET /api/audit/export", "GET /api/workspace/icon/{version}",
    "GET /api/users/{user_id}/picture/{version}", "GET /api/files/{file_id}",
    "GET /api/files/{file_id}/thumbnail",
    "GET /api/messages/{message_id}/previews/{preview_id}/picture",
}  # fmt: skip
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("method", METHODS)
def test_every_request_is_answered_as_the_document_says_and_none_with_a_500(
    server: Served, method: str, monkeypatch: pytest.MonkeyPatch
):
    # Streams, too, which otherwise go on for minutes.
    monkeypatch.setattr(streams, "LIFE_SECONDS", (0.0, 0.0))
    # Otherwise each value is looked for among all constants of the modules that happen to be
    # loaded, every test's included, which takes longer than to ask the server.
    monkeypatch.setattr(providers, "_get_local_constants", Constants)
    schema = schemathesis.openapi.from_url(f"{server.address}/api/openapi.json")
    operations = [found.ok() for found in schema.include(method=method).get_all_operations()]
    assert operations
    # One connection, and no cookie: each request comes as the first of a browser.
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for operation in operations:

        @settings(
            max_examples=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS, session=session)

        check()
    session.close()


def test_the_document_has_every_route_and_type_of_the_contract(shared_server: Served):
    with shared_server.client() as client:
        document = client.get("/api/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert set(document["components"]["schemas"]) >= {
        "Agent", "Channel", "DirectMessage", "Error", "Message", "Reaction", "ThreadReply", "User",
    }  # fmt: skip
    routes = {(m.upper(), p) for p, operations in document["paths"].items() for m in operations}
    assert routes >= {
        ("GET", "/api/health"), ("GET", "/api/session"), ("PUT", "/api/session"),
        ("GET", "/api/users"), ("GET", "/api/users/{user_id}"),
        ("GET", "/api/agents"), ("POST", "/api/agents"), ("GET", "/api/agents/{agent_id}"),
        ("PATCH", "/api/agents/{agent_id}"), ("DELETE", "/api/agents/{agent_id}"),
        ("GET", "/api/channels"), ("POST", "/api/channels"),
        ("GET", "/api/channels/{channel_id}"), ("PATCH", "/api/channels/{channel_id}"),
        ("DELETE", "/api/channels/{channel_id}"), ("GET", "/api/channels/{channel_id}/members"),
        ("POST", "/api/channels/{channel_id}/members"),
        ("DELETE", "/api/channels/{channel_id}/members/{user_id}"),
        ("GET", "/api/channels/{channel_id}/messages"), ("GET", "/api/messages/{message_id}"),
        ("GET", "/api/messages/{message_id}/replies"), ("GET", "/api/unreads"),
        ("GET", "/api/messages/{message_id}/versions"),
        ("POST", "/api/unreads/mark-read"), ("POST", "/api/unreads/mark-unread"),
        ("GET", "/api/unreads/cursors"), ("GET", "/api/inbox"), ("GET", "/api/inbox/unread"),
        ("POST", "/api/inbox/mark-read"), ("POST", "/api/inbox/mark-unread"),
        ("POST", "/api/inbox/mark-all-read"),
        ("POST", "/api/messages"), ("PATCH", "/api/messages/{message_id}"),
        ("DELETE", "/api/messages/{message_id}"),
        ("POST", "/api/messages/{message_id}/reactions"),
        ("POST", "/api/messages/{message_id}/restore"),
        ("DELETE", "/api/messages/{message_id}/previews/{preview_id}"),
        ("GET", "/api/messages/{message_id}/previews/{preview_id}/picture"),
        ("DELETE", "/api/messages/{message_id}/reactions"),
        ("PUT", "/api/messages/{message_id}/pin"), ("DELETE", "/api/messages/{message_id}/pin"),
        ("PUT", "/api/sidebar/layout"), ("PUT", "/api/notifications"),
        ("GET", "/api/push"), ("PUT", "/api/push"), ("DELETE", "/api/push"),
        ("GET", "/api/channels/{channel_id}/pins"), ("GET", "/api/messages/{message_id}/follow"),
        ("PUT", "/api/messages/{message_id}/follow"),
        ("DELETE", "/api/messages/{message_id}/follow"),
        ("PUT", "/api/messages/{message_id}/saved"), ("DELETE", "/api/messages/{message_id}/saved"),
        ("GET", "/api/scheduled-posts"), ("POST", "/api/scheduled-posts"),
        ("PATCH", "/api/scheduled-posts/{post_id}"), ("DELETE", "/api/scheduled-posts/{post_id}"),
        ("POST", "/api/scheduled-posts/{post_id}/send"),
        ("GET", "/api/saved"), ("GET", "/api/saved/marks"),
        ("PUT", "/api/users/{user_id}/status"), ("PUT", "/api/users/{user_id}/presence"),
        ("GET", "/api/sse"), ("GET", "/api/search"),
    }  # fmt: skip
    page = document["paths"]["/api/channels/{channel_id}/messages"]["get"]
    assert {p["name"] for p in page["parameters"]} == {
        "channel_id",
        "limit",
        "before",
        "after",
        "around",
    }
    assert not any("422" in o["responses"] for p in document["paths"].values() for o in p.values())


def described(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"{method.upper()} {path}", operation


def test_every_route_says_in_plain_words_what_it_does(shared_server: Served):
    with shared_server.client() as client:
        document = client.get("/api/openapi.json").json()
    summaries = []
    for route, operation in described(document):
        summary, description = operation["summary"], operation["description"]
        assert 0 < len(summary) <= 60, route
        assert description.strip(" .").lower() != summary.lower(), route
        assert re.fullmatch(r"[A-Z].+[^.]", summary), route
        assert re.fullmatch(r"[A-Z].+\.", description), route
        summaries.append(summary)
    assert len(set(summaries)) == len(summaries) > 60


def test_every_parameter_schema_and_field_has_a_description(shared_server: Served):
    with shared_server.client() as client:
        document = client.get("/api/openapi.json").json()
    bare = [
        f"{route} {parameter['name']}"
        for route, operation in described(document)
        for parameter in operation.get("parameters", ())
        if not parameter.get("description", "").endswith(".")
    ]
    for name, schema in document["components"]["schemas"].items():
        bare += [] if schema.get("description", "").endswith((".", "`.")) else [name]
        for field, property_ in schema.get("properties", {}).items():
            is_described = property_.get("description", "").endswith(".") or "$ref" in property_
            bare += [] if is_described else [f"{name}.{field}"]
    assert bare == []


def test_every_tag_is_described_and_used(shared_server: Served):
    with shared_server.client() as client:
        document = client.get("/api/openapi.json").json()
    used = {tag for _, operation in described(document) for tag in operation["tags"]}
    assert {tag["name"] for tag in document["tags"] if tag["description"]} == used


def test_every_answer_and_every_error_has_a_schema(shared_server: Served):
    with shared_server.client() as client:
        document = client.get("/api/openapi.json").json()
    error = {"$ref": "#/components/schemas/Error"}
    for route, operation in described(document):
        for status, answer in operation["responses"].items():
            if status in ("303", "304"):
                continue
            content = answer["content"].get("application/json")
            if content is None:
                assert route in WITHOUT_JSON, status
                continue
            if status.startswith("2"):
                # A model's request is any JSON.
                assert content["schema"] != {} or route.endswith("/request"), route
            else:
                assert content["schema"] == error, (route, status)
    codes = document["components"]["schemas"]["ErrorCode"]["enum"]
    assert codes == sorted(ErrorCode)


def test_the_schemas_have_the_names_of_the_contract(shared_server: Served):
    """Of answers; those of requests are free. Clients are generated from them."""
    with shared_server.client() as client:
        document = client.get("/api/openapi.json").json()
    answers = set(document["components"]["schemas"]) - set(
        re.findall(r'"requestBody": ?.{1,120}?/components/schemas/(\w+)', json.dumps(document))
    )
    assert answers == {
        "ActivityFigures", "ActivityPage", "ActivityRow", "Agent", "AgentCommand", "AgentMind",
        "AgentPreview",
        "Answered", "AnsweredMessage", "Answering", "AnsweringRun", "ApiToken", "ArchivalPassage",
        "AuditEntries", "AuditEntry", "BlockVersion", "BlockVersions", "Budget", "Candidate",
        "Channel", "ChannelPreferences", "ChannelRetention", "ClaimedRun",
        "ConversationQueue", "CreatedToken",
        "Decision", "DirectMessage", "Done", "Error", "ErrorCode", "Experiment", "File",
        "FileLimits", "GivenChannel",
        "GivenMember", "GivenMessage", "GivenPrompt", "GivenRun", "GivenSection", "Health",
        "InboxItem", "InboxPage", "InboxUnread",
        "Imported", "Invitation", "InvitationMade", "Lease", "LinkInfo", "LinkPreview",
        "Manager", "Me",
        "MemoryBlock", "Message", "MessageAccount", "MessageThoughts", "ModelCheck", "ModelList",
        "MessageVersion", "ModelTest", "Moments", "NewCommand", "Notice", "NotificationSettings",
        "OidcButton", "Origin", "OtherRun",
        "Passages",
        "PastMemory", "PastMessage", "PastMessages", "PastNote", "PastPassage", "PastQueue",
        "PastRun", "Pause", "Person", "Pin", "Policy", "Posted", "PostedAnswer", "PrivateNote",
        "Prompt", "PromptSection", "Provider", "ProviderConnection", "Providers", "PushKey",
        "Queue",
        "QueuedRun", "ReachedAgent", "Reaction", "ReadCursor", "RecoveryCodes", "RepliedTo",
        "RecurringMessage", "ReplyPolicy", "ResetLink", "Run", "RunAccount", "RunMessage",
        "RunStep", "SavedMark", "SavedMessage",
        "ScheduledMessage", "ScheduledPost", "SearchHit", "SearchHits", "Section", "Segment",
        "Session", "Setup", "Sidebar", "SidebarLayout", "SidebarSection",
        "SignInSession", "Status", "StoppedRun", "TakenStep", "Thought",
        "ThreadFollow", "ThreadReply",
        "TokenUsage", "TokensUsed", "ToolCall", "Totp", "Trace", "Trial", "TrialCall",
        "TrialStep", "UnreadThread", "Usage", "UsageRow", "UsedMemory", "UsedPassage", "User",
            "UserGroup",
        "VariantToTry", "WaitingRun", "Why", "WorkspaceRetention",
        "WorkspaceShown",
    }  # fmt: skip
