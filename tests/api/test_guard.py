import json
import socket
from urllib.parse import urlsplit

import pytest
from tests.support.plain import http_client
from tests.support.serving import Served

NOTHING_HERE = {
    "error": "There is nothing at this address. /api/docs lists all routes.",
    "code": "not_found",
}


def put_session(served: Served, headers: dict[str, str], content: bytes = b'{"userId": "jim"}'):
    with http_client(base_url=served.address) as client:
        sent = {"Content-Type": "application/json", **headers}
        return client.put("/api/session", content=content, headers=sent)


def get_users(served: Served, host: str):
    with http_client(base_url=served.address) as client:
        return client.get("/api/users", headers={"Host": host})


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_changes_from_another_origin_are_refused(shared_server: Served, origin: str):
    answer = put_session(shared_server, {"Origin": origin})
    assert (answer.status_code, answer.json()) == (
        403,
        {"error": "Changes are accepted only from Bullpen's own pages.", "code": "cross_origin"},
    )
    assert put_session(shared_server, {"Origin": shared_server.address}).status_code == 200


def test_a_name_that_points_here_is_not_answered(shared_server: Served):
    answer = get_users(shared_server, "rebound.example")
    assert (answer.status_code, answer.json()) == (
        403,
        {
            "error": "Bullpen does not accept the host name 'rebound.example'."
            " Add it to BULLPEN_ALLOWED_HOSTS.",
            "code": "host_not_allowed",
        },
    )


@pytest.mark.parametrize("broken", ["[", "[::1", "[zz]", "a]b["])
def test_what_is_no_address_is_refused(shared_server: Served, broken: str):
    answer = get_users(shared_server, broken)
    assert answer.status_code == 403
    assert put_session(shared_server, {"Origin": f"http://{broken}"}).status_code == 403


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8130.evil.com", "x@127.0.0.1", "127.0.0.1:", "127.0.0.1:80:80", "127.0.0.1/"],
)
def test_a_host_with_anything_beside_name_and_port_is_refused(shared_server: Served, host: str):
    answer = get_users(shared_server, host)
    assert answer.status_code == 403
    assert put_session(shared_server, {"Host": host}).status_code == 403


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("localhost:443", "https://localhost", 200),
        ("localhost", "https://localhost:443", 200),
        ("localhost:80", "http://localhost", 200),
        ("localhost", "http://localhost:80", 200),
        ("localhost", "https://localhost", 200),
        ("LocalHost:8000", "HTTP://LOCALHOST:8000", 200),
        ("localhost:443", "http://localhost", 403),
        ("localhost:80", "https://localhost", 403),
        ("localhost", "http://localhost:443", 403),
        ("localhost:8000", "http://localhost:8001", 403),
        ("localhost:8000", "ftp://localhost:8000", 403),
        ("localhost:8000", "http://localhost:8000/path", 403),
        ("localhost:8000", "http://x@localhost:8000", 403),
        ("localhost:8000", "http://localhost:8000.evil.com", 403),
        ("localhost:8000", "localhost:8000", 403),
        ("localhost:8000", "", 403),
    ],
)
def test_an_origin_is_compared_with_the_host_by_scheme_name_and_port(
    shared_server: Served, host: str, origin: str, status: int
):
    assert put_session(shared_server, {"Host": host, "Origin": origin}).status_code == status


@pytest.mark.parametrize(
    ("site", "status"),
    [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403), ("", 403)],
)
def test_a_change_that_a_browser_says_comes_from_elsewhere_is_refused(
    shared_server: Served, site: str, status: int
):
    assert put_session(shared_server, {"Sec-Fetch-Site": site}).status_code == status


@pytest.mark.parametrize("kind", ["Application/JSON", "APPLICATION/json ; charset=UTF-8"])
def test_the_case_of_a_media_type_does_not_matter(shared_server: Served, kind: str):
    assert put_session(shared_server, {"Content-Type": kind}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/health", "/api/users", "/api/channels/general/messages", "/api/openapi.json"]
)
def test_head_below_api_answers_the_headers_of_get(shared_server: Served, path: str):
    with shared_server.client("jim") as client:
        whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert head.headers["content-length"] == whole.headers["content-length"]


def test_head_of_the_stream_ends_at_once(shared_server: Served):
    with shared_server.client("jim") as client:
        head = client.head("/api/sse")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == "text/event-stream; charset=utf-8"


def test_a_request_that_is_broken_off_writes_nothing_into_the_log(shared_server: Served, caplog):
    address = urlsplit(shared_server.address)
    head = (
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Content-Length: 1000\r\n\r\n{{"
    )
    for path in ("/api/messages", "/api/channels"):
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(head.format(path=path).encode())
    with shared_server.client() as client:
        assert client.get("/api/health").json()["database"] == "connected"
    assert caplog.messages == []


def test_a_body_that_is_not_json_is_a_415(shared_server: Served):
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = put_session(shared_server, {"Content-Type": kind})
        assert answer.status_code == 415, kind
        assert set(answer.json()) == {"error", "code"}
    assert put_session(
        shared_server, {"Content-Type": "application/json; charset=utf-8"}
    ).is_success


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("method", "path"), [("PUT", "/api/session"), ("POST", "/api/messages")])
def test_a_body_over_the_limit_is_a_413_that_says_the_limit(
    shared_server: Served, method: str, path: str, chunked: bool
):
    content = json.dumps({"userId": "x" * 1_000_001}).encode()
    with http_client(base_url=shared_server.address) as client:
        answer = client.request(
            method,
            path,
            content=iter([content]) if chunked else content,
            headers={"Content-Type": "application/json"},
        )
    assert (answer.status_code, answer.json()) == (
        413,
        {
            "error": "The request body is too large. Send at most 1,000,000 bytes.",
            "code": "body_too_large",
        },
    )


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'"jim"', b"{}", b'{"userId": 1}', b'{"userId": null}',
        b'{"userId": "a\\u0000b"}', b'{"userId": "\\ud800"}', b'{"userId": "jim", "x": 1}',
        b"\xff\xfe", b"[" * 100_000, b'{"userId": NaN}',
    ],
)  # fmt: skip
def test_a_body_that_does_not_fit_is_a_400_with_details(shared_server: Served, content: bytes):
    answer = put_session(shared_server, {}, content)
    assert answer.status_code == 400, answer.text
    assert "error" in answer.json()


def test_unknown_routes_and_methods_answer_in_the_same_form(shared_server: Served):
    with shared_server.client() as client:
        unknown = client.get("/api/nothing-here")
        assert (unknown.status_code, unknown.json()) == (404, NOTHING_HERE)
        wrong = client.post("/api/health")
        assert (wrong.status_code, wrong.json()) == (
            405,
            {
                "error": "This address does not support this method. /api/docs lists all routes.",
                "code": "method_not_allowed",
            },
        )


def test_answers_of_the_api_are_never_kept_by_the_browser(shared_server: Served):
    with shared_server.client() as client:
        answer = client.get("/api/users")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_garbage_on_the_wire_does_not_disturb_others(shared_server: Served):
    address = urlsplit(shared_server.address)
    for garbage in (b"\x16\x03\x01", b"GET / HTTP/9.9\r\n\r\n", b"PUT /api/session HTTP/1.1\r\n"):
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(garbage)
    with shared_server.client() as client:
        assert client.get("/api/health").json()["database"] == "connected"
