"""Each route takes a token that has its scope, and no other: of all routes, from one table."""

from contextlib import ExitStack, closing

import httpx
import pytest
from scripts.token_scopes import PAGE, page
from tests.support.plain import http_client
from tests.support.tokens import join, make_token, with_token

from bullpen.accounts.tokens import SCOPES
from bullpen.api.http.scopes import BY_TAG, RouteScope, scopes_of
from bullpen.api.routers import ROUTERS

ROUTES = [route for router in ROUTERS for route in router.routes]
TABLE = list(scopes_of(ROUTES))


@pytest.fixture(scope="module")
def scripts(module_server):
    """A client for each scope, whose token has only that one."""
    with closing(join(module_server)) as dana, ExitStack() as clients:
        made = {}
        for scope in SCOPES:
            path = "/api/agents/pam/tokens" if scope == "agent" else "/api/tokens"
            token = make_token(dana, path, scopes=[scope])["token"]
            if scope == "agent":
                dana.put("/api/agents/pam/mind", json={"mind": "external"})
            made[scope] = clients.enter_context(with_token(module_server, token))
        yield made


def ask(client: httpx.Client, route: RouteScope) -> httpx.Response:
    """Without a body and for things that do not exist, so that nothing changes."""
    path = route.path
    for part in ("message_id", "passage_id", "recurring_id", "run_id", "scheduled_id", "token_id"):
        path = path.replace(f"{{{part}}}", "00000000-0000-4000-8000-000000000000")
    path = path.replace("{step_number}", "1").replace("{version}", "1")
    # A stream would not end.
    method = "HEAD" if route.method == "GET" else route.method
    return client.request(method, path.replace("{", "no-").replace("}", ""))


def is_for_teams(client: httpx.Client, route: RouteScope) -> bool:
    with http_client(base_url=client.base_url) as nobody:
        return ask(nobody, route).status_code == 403


def names(route: RouteScope) -> str:
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("route", TABLE, ids=names)
def test_a_route_is_refused_to_tokens_that_lack_its_scope(scripts, route: RouteScope):
    for scope, client in scripts.items():
        answer = ask(client, route)
        if scope == route.scope:
            # In demo mode, what belongs to accounts is refused to everybody.
            assert answer.status_code in {200, 400, 404, 415} or is_for_teams(client, route)
            continue
        assert answer.status_code == 403
        if route.method == "GET":
            continue
        expected = "not_with_token" if route.scope is None else "missing_scope"
        assert answer.json()["code"] == expected
        if route.scope is not None:
            assert answer.json()["details"] == {"scope": route.scope, "scopes": [scope]}
            assert f"'{route.scope}'" in answer.json()["error"]


def test_the_scope_of_every_tag_is_decided():
    assert {str(route.tags[-1]) for route in ROUTES} <= BY_TAG.keys()


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/api/sse", "read"),
        ("GET", "/api/messages/{message_id}", "read"),
        ("POST", "/api/messages", "write"),
        ("POST", "/api/unreads/mark-read", "write"),
        ("POST", "/api/unreads/mark-unread", "write"),
        ("GET", "/api/inbox", "read"),
        ("POST", "/api/inbox/mark-all-read", "write"),
        ("PUT", "/api/budgets", "admin"),
        ("GET", "/api/budgets", "read"),
        ("PATCH", "/api/agents/{agent_id}", "admin"),
        ("POST", "/api/tokens", "admin"),
        ("GET", "/api/agents/{agent_id}/tokens", "admin"),
        ("PUT", "/api/session", None),
    ],
)
def test_the_table_says_what_people_expect(method, path, scope):
    [found] = [route for route in TABLE if (route.method, route.path) == (method, path)]
    assert found.scope == scope


def test_the_page_lists_the_scope_of_every_route():
    current = PAGE.read_text(encoding="utf-8")
    assert page(current) == current
    assert len(TABLE) > 60
