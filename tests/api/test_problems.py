"""What does not fit is said in sentences that people can act on, whatever was wrong."""

import re

import pytest

from bullpen.api.http.problems import SENTENCES

SCHEDULED = {"agentId": "dwight", "prompt": "Hello", "triggerAt": "2026-03-04T09:00:00Z"}


def refused(client, method, path, body):
    answer = client.request(method, path, json=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "Validation failed")
    return {str(detail["loc"][-1]): detail["msg"] for detail in answer.json()["details"]}


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/api/search?q=a&limit=0", None, {"limit": "Enter 1 or more."}),
        ("GET", "/api/search?q=a&limit=x", None, {"limit": "Enter a whole number."}),
        ("GET", "/api/search?q=a&timeZone=Mars", None, {
            "timeZone": "Give a time zone like Europe/Berlin."
        }),
        ("GET", "/api/runs?status=odd", None, {
            "status": "Choose 'created', 'running', 'completed', 'failed' or 'cancelled'."
        }),
        ("GET", "/api/runs?before=x", None, {"before": "This is not an id."}),
        ("PATCH", "/api/agents/jim", {"maxTurns": 0}, {"maxTurns": "Enter 1 or more."}),
        ("PATCH", "/api/agents/jim", {"maxTurns": 1.5}, {"maxTurns": "Enter a whole number."}),
        ("PATCH", "/api/agents/jim", {"maxBudgetUsd": 9e9}, {
            "maxBudgetUsd": "Enter 1,000,000 or less."
        }),
        ("PATCH", "/api/agents/jim", {"maxBudgetUsd": "x"}, {"maxBudgetUsd": "Enter a number."}),
        ("PATCH", "/api/agents/jim", {"avatarColor": "red"}, {
            "avatarColor": "Give a color like #4A90D9."
        }),
        ("PATCH", "/api/agents/jim", {"displayName": "", "title": "x" * 81}, {
            "displayName": "Enter some text.", "title": "Enter at most 80 characters.",
        }),
        ("PATCH", "/api/agents/jim", {"isActive": "perhaps"}, {"isActive": "Give true or false."}),
        ("PATCH", "/api/agents/jim", {"age": 3}, {"age": "There is no such field."}),
        ("POST", "/api/messages", {"channelId": "general"}, {"text": "This is required."}),
        ("POST", "/api/messages", {"channelId": "general", "text": " "}, {
            "text": "Enter some text that can be seen."
        }),
        ("POST", "/api/messages", {"channelId": "general", "text": 5}, {
            "text": "Enter some text."
        }),
        ("POST", "/api/scheduled", SCHEDULED | {"triggerAt": "soon"}, {
            "triggerAt": "Give a date and a time with a time zone, like 2026-03-04T09:00:00Z."
        }),
        ("POST", "/api/channels", {
            "id": "x", "name": "x", "kind": "public", "memberIds": ["a"] * 1001
        }, {"memberIds": "Give at most 1,000 items."}),
        ("POST", "/api/channels", {"id": "a/b", "name": "x", "kind": "public"}, {
            "id": "Use up to 80 letters (A to Z), digits, dots, hyphens and underscores, "
            "beginning with a letter or digit."
        }),
    ],
)  # fmt: skip
def test_a_field_that_does_not_fit_says_what_would(reader, method, path, body, expected):
    assert refused(reader("michael"), method, path, body) == expected


def test_every_constraint_of_the_api_has_a_sentence(shared_server):
    """A keyword of the document for which pydantic's own words would be shown fails here."""
    kinds = {
        "minLength": "string_too_short",
        "maxLength": "string_too_long",
        "pattern": "string_pattern_mismatch",
        "minimum": "greater_than_equal",
        "maximum": "less_than_equal",
        "enum": "literal_error",
        "maxItems": "too_long",
        "minItems": "too_short",
        "exclusiveMinimum": "greater_than",
        "exclusiveMaximum": "less_than",
        "multipleOf": "multiple_of",
        "uniqueItems": "unique",
    }
    with shared_server.client() as client:
        document = client.get("/api/openapi.json").text
    used = {kind for keyword, kind in kinds.items() if re.search(f'"{keyword}":', document)}
    assert "string_too_long" in used
    assert used - set(SENTENCES) == set()
