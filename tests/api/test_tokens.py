"""API tokens: how they are made, listed and revoked, and whom requests with one act as."""

import base64
import re
import secrets
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from tests.support.accounts import set_up_owner
from tests.support.plain import http_client
from tests.support.program import until
from tests.support.serving import serving
from tests.support.streams import Listening
from tests.support.tokens import join, make_token, with_token

from bullpen.api.http.limits import Limits

PATH = "/api/tokens"
INVALID = {
    "error": "The API token is not valid: it is unknown, expired or revoked. Create another one.",
    "code": "invalid_token",
}
IN_URL = "token_in_url"
# What a stream may still be told of a person who has just joined.
JOINED = {"user.changed", "member.added", "cursor.moved"}
UNKNOWN = "bp_" + "A" * 43
EVERYWHERE = (
    "/api/session",
    "/api/channels/general/messages",
    "/api/messages/00000000-0000-4000-8000-000000000000/replies",
    "/api/sse",
    "/api/health",
    "/api/openapi.json",
    "/api/nothing",
)


@pytest.fixture
def dana(server):
    with closing(join(server)) as client:
        yield client


@pytest.fixture
def token(dana):
    return make_token(dana)["token"]


@pytest.fixture
def fay(module_server):
    """On the server of the module, under a name of the test's own."""
    with closing(join(module_server, f"Fay {secrets.token_hex(6)}")) as client:
        yield client


@pytest.fixture
def fays_token(fay):
    return make_token(fay)["token"]


def whoami(client):
    answer = client.get("/api/session")
    body = answer.json()
    return answer.status_code, body.get("userId") or body["code"]


def test_a_token_is_shown_once_and_only_its_hash_is_stored(dana, run_sql):
    made = make_token(dana, name="Nightly report", scopes=["write", "read"])
    assert re.fullmatch(r"bp_[A-Za-z0-9_-]{43}", made["token"])
    assert made["prefix"] == made["token"][:8]
    assert (made["name"], made["scopes"]) == ("Nightly report", ["read", "write"])
    listed = dana.get(PATH).json()
    assert listed == [{key: value for key, value in made.items() if key != "token"}]
    assert (made["userId"], made["createdBy"], made["lastUsedAt"]) == (
        "dana-flour", "dana-flour", None,
    )  # fmt: skip
    [stored] = run_sql("SELECT to_jsonb(t)::text FROM api_tokens t")
    assert made["token"] not in stored[0]
    life = datetime.fromisoformat(made["expiresAt"]) - datetime.now(UTC)
    assert timedelta(days=364) < life < timedelta(days=366)


def test_a_request_with_a_token_acts_as_the_user_it_belongs_to(server, token, run_sql):
    run_sql("UPDATE people SET role = 'member'")
    with with_token(server, token) as script:
        assert whoami(script) == (200, "dana-flour")
        sent = script.post("/api/messages", json={"channelId": "general", "text": "By a script"})
        assert (sent.status_code, sent.json()["userId"]) == (201, "dana-flour")
        read = script.get("/api/channels/general/messages?limit=1")
        assert [message["text"] for message in read.json()] == ["By a script"]
        assert script.head("/api/channels/general/messages").status_code == 200
        # Private, and not hers.
        assert script.get("/api/channels/management").status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        f"Bearer {UNKNOWN}",
        "Bearer",
        "Bearer jim",
        f"Bearer {UNKNOWN} {UNKNOWN}",
        f"Token {UNKNOWN}",
        UNKNOWN,
        "Bearer bp_" + "A" * 100_0,
        "Bearer bp_" + "é" * 43,
        "Basic " + base64.b64encode(f"{UNKNOWN}:".encode()).decode(),
    ],
)
def test_what_is_no_valid_token_is_refused_and_nobody_else_is_acted_as(shared_server, sent):
    with shared_server.client("jim") as jim:
        for method, path in product(("GET", "HEAD", "POST"), EVERYWHERE):
            answer = jim.request(method, path, headers={"Authorization": sent.encode()})
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
            if method != "HEAD":
                assert answer.json()["code"] == "invalid_token"


def test_two_authorization_headers_are_refused(fay, fays_token):
    headers = [("Authorization", f"Bearer {fays_token}"), ("Authorization", f"Bearer {UNKNOWN}")]
    assert fay.get("/api/session", headers=headers).status_code == 401
    with_basic = [("Authorization", f"Bearer {fays_token}"), ("Authorization", "Basic eDp5")]
    assert fay.get("/api/session", headers=with_basic).status_code == 401


def test_what_a_proxy_asks_a_browser_for_is_not_taken_for_a_token(dana):
    answer = dana.get("/api/session", headers={"Authorization": "Basic eDp5"})
    assert answer.json()["userId"] == "dana-flour"


def test_the_token_counts_where_a_cookie_is_sent_as_well(server, token, acting):
    jim = acting("jim")
    given = {"Authorization": f"bearer {token}"}
    assert jim.get("/api/session", headers=given).json()["userId"] == "dana-flour"
    sent = jim.post("/api/messages", json={"channelId": "general", "text": "Who?"}, headers=given)
    assert sent.json()["userId"] == "dana-flour"


def test_a_token_does_not_act_as_somebody_else_by_the_header(server, token):
    with with_token(server, token) as script:
        named = {"Bullpen-User": "dana-flour"}
        assert script.get("/api/session", headers=named).json()["userId"] == "dana-flour"
        for method, path in (
            ("GET", "/api/session"),
            ("GET", "/api/channels/general/messages"),
            ("POST", "/api/messages"),
        ):
            answer = script.request(
                method,
                path,
                headers={"Bullpen-User": "jim"},
                json={"channelId": "general", "text": "x"} if method == "POST" else None,
            )
            assert (answer.status_code, answer.json()["code"]) == (409, "other_user")


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "Token"])
def test_a_token_in_the_url_is_refused(fay, fays_token, name):
    for method, path in (("GET", "/api/users"), ("GET", "/api/sse"), ("POST", "/api/messages")):
        answer = fay.request(method, path, params={name: fays_token})
        assert (answer.status_code, answer.json()["code"]) == (400, IN_URL)
        assert fays_token not in answer.text
    # Whatever the parameter is called.
    assert fay.get("/api/users", params={"q": fays_token}).json()["code"] == IN_URL
    assert fay.get("/", params={"key": fays_token}).json()["code"] == IN_URL


def test_an_expired_token_is_refused(server, dana, run_sql):
    made = make_token(dana)
    with with_token(server, made["token"]) as script:
        assert whoami(script) == (200, "dana-flour")
        run_sql("UPDATE api_tokens SET expires_at = now() - interval '1 second'")
        until(lambda: whoami(script) == (401, "invalid_token"), seconds=5)
        assert script.get("/api/session").json() == INVALID
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    body = {"name": "x", "scopes": ["read"], "expiresAt": past}
    assert dana.post(PATH, json=body).status_code == 400


def test_a_revoked_token_is_refused_by_all_processes_and_its_streams_end(url, server, dana):
    made = make_token(dana, name="one")
    kept = make_token(dana, name="two")
    with (
        serving(url) as other,
        with_token(server, made["token"]) as here,
        with_token(other, made["token"]) as there,
        with_token(other, kept["token"]) as unharmed,
    ):
        assert whoami(here) == whoami(there) == (200, "dana-flour")
        streams = [Listening(client, None) for client in (here, there)]
        assert [stream.next()["type"] for stream in streams] == ["hello", "hello"]
        revoked = dana.delete(f"{PATH}/{made['id']}")
        assert [one["name"] for one in revoked.json()] == ["two"]
        for client in (here, there):
            until(lambda client=client: whoami(client) == (401, "invalid_token"), seconds=5)
        for stream in streams:
            # How the person joined may come after a stream's first event.
            assert {event["type"] for event in stream.rest()} <= JOINED
        assert whoami(unharmed) == (200, "dana-flour")
    again = dana.delete(f"{PATH}/{made['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "token_not_found")


def test_the_token_of_an_inactive_person_does_nothing(server, token, run_sql):
    with with_token(server, token) as script:
        stream = Listening(script, None)
        assert stream.next()["type"] == "hello"
        run_sql("UPDATE people SET is_active = false")
        until(lambda: whoami(script) == (403, "member_inactive"), seconds=5)
        # How the person joined may come after the stream's first event.
        assert {event["type"] for event in stream.rest()} <= JOINED
        answer = script.get("/api/session").json()
        assert "details" not in answer
        run_sql("UPDATE people SET is_active = true")
        until(lambda: whoami(script) == (200, "dana-flour"), seconds=5)


def test_requests_by_token_need_no_origin_and_still_json(server, token):
    with with_token(server, token) as script:
        foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
        body = {"channelId": "general", "text": "From elsewhere"}
        assert script.post("/api/messages", json=body, headers=foreign).status_code == 201
        answer = script.post("/api/messages", content=b"{}", headers={"Content-Type": "text/plain"})
        assert (answer.status_code, answer.json()["code"]) == (415, "not_json")
    # A page elsewhere gains nothing by a header that is not a token.
    with server.client("jim") as jim:
        forged = foreign | {"Authorization": "Basic eDp5"}
        answer = jim.post("/api/messages", json=body, headers=forged)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")
        forged = foreign | {"Authorization": "Bearer x"}
        assert jim.post("/api/messages", json=body, headers=forged).status_code == 401


def test_another_person_sees_and_revokes_none_of_them(server, dana, token):
    with closing(join(server, "Erin Hannon")) as erin:
        assert erin.get(PATH).json() == []
        token_id = dana.get(PATH).json()[0]["id"]
        answer = erin.delete(f"{PATH}/{token_id}")
        assert (answer.status_code, answer.json()["code"]) == (404, "token_not_found")
        assert erin.delete(f"{PATH}/x").json()["code"] == "token_not_found"
    assert len(dana.get(PATH).json()) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "scopes": ["read"]},
        {"name": "x" * 81, "scopes": ["read"]},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["root"]},
        {"name": "x", "scopes": ["agent"]},
        {"name": "x", "scopes": ["read"], "expiresAt": "2030-01-01T00:00:00"},
        {"name": "x", "scopes": ["read"], "userId": "jim"},
        {"scopes": ["read"]},
        {"name": "x"},
    ],
)
def test_what_a_token_cannot_be_is_refused(fay, body):
    answer = fay.post(PATH, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
    assert fay.get(PATH).json() == []


def test_only_administrators_make_tokens_that_last_longer_than_a_year(server, dana, run_sql):
    assert make_token(dana, expiresAt=None)["expiresAt"] is None
    admin = make_token(dana)["token"]
    run_sql("UPDATE people SET role = 'member'")
    with with_token(server, admin) as script:
        for expiry in (None, (datetime.now(UTC) + timedelta(days=400)).isoformat()):
            body = {"name": "x", "scopes": ["read"], "expiresAt": expiry}
            answer = script.post(PATH, json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "expiry_required")
        later = (datetime.now(UTC) + timedelta(days=30)).isoformat()
        make_token(script, scopes=["read"], expiresAt=later)


def test_a_token_makes_none_that_may_do_more_than_itself(module_server, fay):
    only_admin = make_token(fay, scopes=["admin"])["token"]
    with with_token(module_server, only_admin) as script:
        answer = script.post(PATH, json={"name": "x", "scopes": ["admin", "write"]})
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
        assert answer.json()["details"] == {"scope": "write", "scopes": ["admin"]}
        make_token(script, scopes=["admin"])


def test_a_user_has_a_bounded_number_of_tokens(server, dana, run_sql):
    made = make_token(dana)
    run_sql(
        "INSERT INTO api_tokens (user_id, name, token_hash, prefix, scopes)"
        " SELECT user_id, n::text, sha256(n::text::bytea), prefix, scopes"
        " FROM api_tokens, generate_series(1, 99) n"
    )
    refused = dana.post(PATH, json={"name": "x", "scopes": ["read"]})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_tokens")
    dana.delete(f"{PATH}/{made['id']}")
    make_token(dana)


def test_the_token_of_an_agent_acts_as_the_agent(server, acting):
    jim = acting("jim")
    path = "/api/agents/pam/tokens"
    made = make_token(jim, path, scopes=["read", "write", "agent"])
    assert (made["userId"], made["createdBy"]) == ("pam", "jim")
    assert [one["id"] for one in jim.get(path).json()] == [made["id"]]
    with with_token(server, made["token"]) as script:
        assert whoami(script) == (200, "pam")
        # It has no role, so it cannot look after tokens of its own either.
        assert script.get(path).json()["code"] == "missing_scope"
    assert jim.delete(f"/api/agents/jim/tokens/{made['id']}").status_code == 404
    assert jim.delete(f"{path}/{made['id']}").json() == []
    admin = {"name": "x", "scopes": ["admin"]}
    assert jim.post(path, json=admin).status_code == 400
    assert jim.get("/api/agents/nobody/tokens").status_code == 404


def test_administrators_see_and_revoke_tokens_of_people_below_them(server, dana, run_sql):
    with closing(join(server, "Erin Hannon")) as erin:
        ids = [make_token(erin, name=f"{number}")["id"] for number in range(2)]
        admin = make_token(dana)["token"]
        path = "/api/people/erin-hannon/tokens"
        with with_token(server, admin) as script:
            # Another admin's are not theirs.
            refused = script.get(path)
            assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
            assert script.delete(f"{path}/{ids[0]}").json()["code"] == "not_permitted"
            run_sql("UPDATE people SET role = 'member' WHERE id = 'erin-hannon'")
            assert [one["id"] for one in script.get(path).json()] == ids
            assert [one["id"] for one in script.delete(f"{path}/{ids[0]}").json()] == ids[1:]
            assert script.get("/api/people/nobody/tokens").status_code == 404
            assert script.get("/api/people/a%00/tokens").json()["code"] == "user_not_found"
            # Nothing of a person's is reached by another's name.
            assert script.delete(f"/api/people/dana-flour/tokens/{ids[1]}").status_code == 404
            run_sql("UPDATE people SET role = 'member'")
            until(lambda: script.get(path).status_code == 403, seconds=5)
            assert script.get("/api/people/dana-flour/tokens").status_code == 200


def test_only_administrators_and_its_manager_look_after_an_agents_tokens(server, dana, run_sql):
    admin = make_token(dana)["token"]
    run_sql("UPDATE people SET role = 'member'")
    path = "/api/agents/pam/tokens"
    with with_token(server, admin) as script:
        for method in ("GET", "POST"):
            body = {"name": "x", "scopes": ["read"]} if method == "POST" else None
            answer = script.request(method, path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
        run_sql("INSERT INTO agent_managers (agent_id, person_id) VALUES ('pam', 'dana-flour')")
        make_token(script, path, scopes=["read"])
        answer = script.get("/api/agents/jim/tokens")
        assert answer.json()["code"] == "not_permitted"


AUDIT = """
SELECT actor_id, action, target_id, details - 'userId', address
FROM audit_log WHERE target_kind = 'token' ORDER BY id
"""


def test_creation_revocation_and_the_first_use_of_a_day_are_in_the_audit_log(url, run_sql):
    with serving(url, trusted_proxies=["127.0.0.1"]) as served, closing(join(served)) as dana:
        made = make_token(dana)
        with with_token(served, made["token"]) as script:
            for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1"):
                answer = script.get("/api/users", headers={"X-Forwarded-For": address})
                assert answer.status_code == 200
        dana.delete(f"{PATH}/{made['id']}")
    rows = [(row[0], row[1], row[2], row[4]) for row in run_sql(AUDIT)]
    used = ("dana-flour", "token.used", made["id"])
    assert rows == [
        ("dana-flour", "token.created", made["id"], "127.0.0.1"),
        (*used, "192.0.2.1"),
        (*used, "192.0.2.2"),
        ("dana-flour", "token.revoked", made["id"], "127.0.0.1"),
    ]
    assert made["token"] not in str(run_sql("SELECT details::text FROM audit_log"))


def test_the_last_use_is_written_at_most_once_a_minute(server, dana, token, run_sql):
    with with_token(server, token) as script:
        assert whoami(script) == (200, "dana-flour")
        [(first, address)] = run_sql("SELECT last_used_at, last_used_address FROM api_tokens")
        assert address == "127.0.0.1"
        for _ in range(3):
            whoami(script)
        assert run_sql("SELECT last_used_at FROM api_tokens") == [(first,)]
    listed = dana.get(PATH).json()[0]
    assert (listed["lastUsedAt"] is None, listed["lastUsedAddress"]) == (False, "127.0.0.1")


def test_readers_are_served_while_the_use_cannot_be_written(server, token, run_sql):
    run_sql(
        "CREATE FUNCTION refuse_write() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'read-only' USING ERRCODE = '25006'; END $$"
    )
    run_sql(
        "CREATE TRIGGER refuse_write BEFORE UPDATE ON api_tokens"
        " FOR EACH ROW EXECUTE FUNCTION refuse_write()"
    )
    with with_token(server, token) as script:
        assert whoami(script) == (200, "dana-flour")


def test_nobody_is_known_by_a_token_in_a_cookie(module_server, fay, fays_token):
    cookies = {"bullpen_session": fays_token, "Authorization": f"Bearer {fays_token}"}
    with http_client(base_url=module_server.address, cookies=cookies) as client:
        assert whoami(client)[1] != whoami(fay)[1]


def test_a_token_uses_at_most_half_of_its_users_limit(url):
    limits = Limits(messages=8, reads=8)
    with serving(url, limits=limits) as served, closing(join(served)) as dana:
        token = make_token(dana)["token"]

        def post(client, number):
            body = {"channelId": "general", "text": f"{number}"}
            return client.post("/api/messages", json=body).status_code

        with with_token(served, token) as script:
            by_token = [post(script, number) for number in range(7)]
            assert by_token[:4] == [201] * 4
            assert 429 in by_token
            reads = [script.get("/api/users") for _ in range(7)]
            assert [answer.status_code for answer in reads[:4]] == [200] * 4
            refused = next(answer for answer in reads if answer.status_code == 429)
            assert refused.headers["retry-after"] == "15"
            assert "limit of 4 requests per minute" in refused.json()["error"]
        assert [post(dana, number) for number in range(2)] == [201, 201]


def test_who_tries_many_tokens_is_refused_by_their_address(url):
    with serving(url, limits=Limits(anonymous=3)) as served, with_token(served, UNKNOWN) as client:
        answers = [client.get("/api/users").status_code for _ in range(5)]
    assert answers == [401, 401, 401, 429, 429]


def test_in_team_mode_a_token_acts_without_a_session_and_nothing_acts_without_either(url, run_sql):
    with serving(url, team=True) as served, closing(set_up_owner(served, url)) as olive:
        made = make_token(olive)
        with with_token(served, made["token"]) as script, served.client() as nobody:
            assert whoami(script) == (200, "olive")
            body = {"channelId": "general", "text": "By a script"}
            assert script.post("/api/messages", json=body).json()["userId"] == "olive"
            stream = Listening(script, None)
            assert stream.next()["type"] == "hello"
            assert nobody.get("/api/users").status_code == 401
            assert nobody.get("/api/users").headers["www-authenticate"] == "Bearer"
            # What concerns signing in is for a browser.
            for method, path in (("PATCH", "/api/me"), ("POST", "/api/sign-in")):
                answer = script.request(method, path, json={})
                assert (answer.status_code, answer.json()["code"]) == (403, "not_with_token")
            olive.delete(f"{PATH}/{made['id']}")
            until(lambda: whoami(script) == (401, "invalid_token"), seconds=5)
            # The message may be told after the stream's beginning; the end comes in any case.
            assert {event["type"] for event in stream.rest()} <= {"message.created"}
