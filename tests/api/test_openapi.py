"""The document, and what anything that fits it or not is answered."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.support.serving import Served

from bullpen.api.realtime import streams

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@pytest.mark.parametrize("method", METHODS)
def test_every_request_is_answered_as_the_document_says_and_none_with_a_500(
    server: Served, method: str, monkeypatch: pytest.MonkeyPatch
):
    # Streams, too, which otherwise go on for minutes.
    monkeypatch.setattr(streams, "LIFE_SECONDS", (0.0, 0.0))
    schema = schemathesis.openapi.from_url(f"{server.address}/api/openapi.json")
    operations = [found.ok() for found in schema.include(method=method).get_all_operations()]
    assert operations
    for operation in operations:

        @settings(
            max_examples=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS)

        check()


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
        ("POST", "/api/unreads/mark-read"), ("GET", "/api/unreads/cursors"),
        ("POST", "/api/messages"), ("PATCH", "/api/messages/{message_id}"),
        ("DELETE", "/api/messages/{message_id}"),
        ("POST", "/api/messages/{message_id}/reactions"),
        ("DELETE", "/api/messages/{message_id}/reactions"),
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
