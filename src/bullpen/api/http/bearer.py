"""The API token of a request, as other modules read it: see `tokens.py`, which checks it."""

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from bullpen.accounts.tokens import Access

# Where the scope of a request has the `Access` of its token.
ACCESS = "bullpen.access"


def access_of(request: HTTPConnection) -> Access | None:
    """None where the request has no token."""
    found = request.scope.get(ACCESS)
    return found if isinstance(found, Access) else None


def is_bearer(authorization: str) -> bool:
    return authorization.strip().partition(" ")[0].lower() == "bearer"


def has_bearer(headers: Headers) -> bool:
    """No page of another site can send this header: browsers ask the server first."""
    return any(map(is_bearer, headers.getlist("authorization")))
