"""The routes that everybody waits for go past the framework's layers."""

from bullpen.api.http.fast_path import FastPath
from bullpen.app import build


def test_pages_lists_and_posting_take_the_fast_path():
    """A router that is included in another one would hide its routes from it."""
    app = build("postgresql://unused", hosts=None)
    [middleware] = [one for one in app.user_middleware if one.cls is FastPath]
    fast_path = FastPath(app, *middleware.args, **middleware.kwargs)

    def is_fast(method: str, path: str) -> bool:
        return any(matching(path) for matching, _ in fast_path.routes[method])

    assert is_fast("GET", "/api/channels/general/messages")
    assert is_fast("GET", "/api/messages/00000000-0000-0000-0000-000000000000/replies")
    assert is_fast("POST", "/api/messages")
    for path in ("/api/channels", "/api/users", "/api/unreads"):
        assert is_fast("GET", path)
    assert not is_fast("GET", "/api/messages")
