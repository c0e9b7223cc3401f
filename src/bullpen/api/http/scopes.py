"""Which scope of an API token each route needs: one table, by the route's tag and its method.

`docs/api-tokens.md` lists all routes from it (`scripts/token_scopes.py`).
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from bullpen.accounts.tokens import Scope
from bullpen.api.http.methods import CHANGING


class Needed(NamedTuple):
    """None: no token is enough, because the route is about signing in."""

    reads: Scope | None
    changes: Scope | None


CHAT = Needed("read", "write")
ADMINISTERED = Needed("read", "admin")
ADMINISTRATION = Needed("admin", "admin")
OF_AGENTS = Needed("agent", "agent")
SIGNING_IN = Needed("read", None)

BY_TAG: dict[str, Needed] = {
    "messages": CHAT,
    "files": CHAT,
    "channels": CHAT,
    "members": CHAT,
    "users": CHAT,
    "user groups": CHAT,
    "unreads": CHAT,
    "search": CHAT,
    "events": CHAT,
    "memory": CHAT,
    "commands": CHAT,
    "schedule": CHAT,
    "runs": CHAT,
    "history": CHAT,
    "health": CHAT,
    "agents": ADMINISTERED,
    "people": ADMINISTERED,
    "retention": ADMINISTERED,
    "metrics": ADMINISTRATION,
    "external agents": OF_AGENTS,
    "workspace": ADMINISTERED,
    "session": SIGNING_IN,
    "sign-in": SIGNING_IN,
    "me": SIGNING_IN,
    "invitations": ADMINISTRATION,
    "audit": ADMINISTRATION,
    "administration": ADMINISTRATION,
    # A token that could make others would have all scopes.
    "tokens": ADMINISTRATION,
}
# For a tag that is not in the table, which a test does not allow.
OTHERS = ADMINISTRATION


class RouteScope(NamedTuple):
    matches: re.Pattern[str]
    method: str
    path: str
    scope: Scope | None


def scopes_of(routes: Iterable[BaseRoute]) -> Iterator[RouteScope]:
    """In the order in which routes are found."""
    for route in routes:
        if isinstance(route, APIRoute):
            # The first tag is the router's, a second one the route's own.
            needed = BY_TAG.get(str(route.tags[-1]), OTHERS)
            for method in sorted(route.methods or ()):
                scope = needed.changes if method in CHANGING else needed.reads
                yield RouteScope(route.path_regex, method, route.path_format, scope)


class ScopeTable:
    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._by_method: dict[str, list[RouteScope]] = {}
        for found in scopes_of(routes):
            self._by_method.setdefault(found.method, []).append(found)

    def find(self, method: str, path: str) -> RouteScope | None:
        """None where no route answers, so that the answer is a 404 or 405."""
        routes = self._by_method.get(method, ())
        return next((route for route in routes if route.matches.fullmatch(path)), None)
