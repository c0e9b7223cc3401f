import time
from uuid import UUID

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer
from tests.support.fixtures import complete
from tests.support.plain import http_client
from tests.support.serving import Served, serving
from tests.support.streams import listening

from bullpen.api.http import dependencies, session
from bullpen.api.http.public import PUBLIC
from bullpen.kit.database import connect
from bullpen.members.actions import INACTIVE

ENDED = {"error": session.ENDED, "code": "session_ended"}


def cookie_of(client: httpx.Client) -> tuple[str, str]:
    [(name, value)] = client.cookies.items()
    return name, value


def with_cookies(served: Served, cookies: dict[str, str]) -> httpx.Client:
    pairs = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return served.client(headers={"Cookie": pairs})


def test_a_new_browser_acts_as_the_default_user(shared_server: Served):
    with shared_server.client() as client:
        assert client.get("/api/session").json() == {
            "userId": "michael",
            "workspace": {"name": "Dunder Mifflin"},
        }


def test_a_session_says_whether_anybody_has_chosen_its_member(shared_server: Served):
    def told(client: httpx.Client, acts_as: str | None = None) -> str:
        named = {} if acts_as is None else {"Bullpen-User": acts_as}
        return client.get("/api/session", headers=named).headers["Bullpen-Session"]

    with shared_server.client() as client:
        assert told(client) == "michael; given"
        client.get("/")
        assert client.cookies
        assert told(client) == "michael; given"
        # A window that acts as somebody else changes nothing about the session.
        assert told(client, "pam") == "michael; given"
        chosen = client.put("/api/session", json={"userId": "michael"})
        assert chosen.headers["Bullpen-Session"] == "michael"
        client.get("/")
        assert told(client) == "michael"
        assert told(client, "pam") == "michael"


def test_a_renewed_session_is_as_chosen_as_before(shared_server: Served, monkeypatch):
    for choose, expected in ((False, "michael; given"), (True, "michael")):
        with shared_server.client() as client:
            client.get("/")
            if choose:
                client.put("/api/session", json={"userId": "michael"})
            before = cookie_of(client)[1]
            now = time.time()
            with monkeypatch.context() as later:
                later.setattr(session.time, "time", lambda at=now: at + 2 * session.DAY)
                client.get("/")
                assert cookie_of(client)[1] != before
                assert client.get("/api/session").headers["Bullpen-Session"] == expected


def test_switching_sets_a_cookie_that_scripts_cannot_read(shared_server: Served):
    with shared_server.client() as client:
        answer = client.put("/api/session", json={"userId": "jim"})
        assert answer.status_code == 200
        assert answer.json()["userId"] == "jim"
        cookie = answer.headers["set-cookie"]
        port = shared_server.address.rpartition(":")[2]
        assert cookie.startswith(f"bullpen_session_{port}=")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert client.get("/api/session").json()["userId"] == "jim"


def test_a_forged_cookie_is_refused_and_never_the_default_user(shared_server: Served):
    with shared_server.client("jim") as client:
        name, genuine = cookie_of(client)
    # Not the last letter, some of whose bits mean nothing.
    other = "A" if genuine[-5] != "A" else "B"
    for forged in ("kevin", genuine[:-5] + other + genuine[-4:], "", "%00"):
        for cookie in (name, "bullpen_session", "bullpen_session_1"):
            with with_cookies(shared_server, {cookie: forged}) as client:
                for path in ("/api/session", "/api/users", "/api/channels/general/messages"):
                    answer = client.get(path)
                    assert (answer.status_code, answer.json()) == (401, ENDED), (cookie, forged)
                assert client.put("/api/session", json={"userId": "jim"}).status_code == 401
                message = {"channelId": "general", "text": "Not mine"}
                assert client.post("/api/messages", json=message).status_code == 401


def test_the_page_gives_a_browser_with_an_unusable_session_a_new_one(shared_server: Served):
    port = shared_server.address.rpartition(":")[2]
    for cookies in ({}, {f"bullpen_session_{port}": "forged"}, {"bullpen_session_1": "foreign"}):
        with with_cookies(shared_server, cookies) as client:
            page = client.get("/c/general")
            assert page.status_code == 200
            assert page.headers["set-cookie"].startswith(f"bullpen_session_{port}=")
        fresh = cookies | {f"bullpen_session_{port}": page.cookies[f"bullpen_session_{port}"]}
        with with_cookies(shared_server, fresh) as client:
            assert client.get("/api/session").json()["userId"] == "michael"
            assert "set-cookie" not in client.get("/c/general").headers


def test_two_bullpens_on_one_host_keep_their_sessions_apart(
    shared_server: Served, url: str, run_sql
):
    run_sql("UPDATE workspace SET session_key = decode(repeat('ef', 32), 'hex')")
    with serving(url) as other, http_client() as browser:
        for served, user_id in ((shared_server, "jim"), (other, "pam")):
            browser.get(f"{served.address}/")
            assert (
                browser.put(f"{served.address}/api/session", json={"userId": user_id}).status_code
                == 200
            )
        for served, user_id in ((shared_server, "jim"), (other, "pam")):
            assert browser.get(f"{served.address}/api/session").json()["userId"] == user_id


def test_each_session_is_new_and_ends_after_a_month(shared_server: Served, monkeypatch):
    with shared_server.client("jim") as client:
        _, first = cookie_of(client)
        client.put("/api/session", json={"userId": "jim"})
        assert cookie_of(client)[1] != first
    # By hand: a client that knows the time would not send it any more.
    with with_cookies(shared_server, {"bullpen_session": first}) as client:
        now = time.time()
        monkeypatch.setattr(session.time, "time", lambda: now + session.LIFE_SECONDS - 60)
        assert client.get("/api/session").json()["userId"] == "jim"
        monkeypatch.setattr(session.time, "time", lambda: now + session.LIFE_SECONDS + 60)
        answer = client.get("/api/session")
        assert (answer.status_code, answer.json()) == (401, ENDED)


def test_a_session_that_is_used_is_renewed_with_the_page(shared_server: Served, monkeypatch):
    with shared_server.client("jim") as client:
        _, before = cookie_of(client)
        client.get("/")
        assert cookie_of(client)[1] == before
        now = time.time()
        monkeypatch.setattr(session.time, "time", lambda: now + 2 * session.DAY)
        client.get("/")
        assert cookie_of(client)[1] != before
        assert client.get("/api/session").json()["userId"] == "jim"


def test_a_signature_over_anything_else_is_no_session(shared_server: Served, shared_url: str):
    async def read_key() -> bytes:
        connection = await connect(shared_url, pooled=False)
        try:
            return bytes(await connection.fetchval("SELECT session_key FROM workspace"))
        finally:
            await connection.close()

    signer: URLSafeTimedSerializer = session.signer(complete(read_key()))
    for content in ("jim", ["jim"], ["jim", 1], {"user": "jim"}, None, [None, "x"]):
        with with_cookies(shared_server, {"bullpen_session": str(signer.dumps(content))}) as client:
            assert client.get("/api/session").status_code == 401, content
    with with_cookies(
        shared_server, {"bullpen_session": str(signer.dumps(["nobody", "x"]))}
    ) as client:
        assert (client.get("/api/session").status_code, client.get("/api/users").status_code) == (
            401,
            401,
        )


def test_a_request_acts_as_the_member_that_it_names(acting):
    browser = acting("jim")
    as_michael = {"Bullpen-User": "michael"}
    assert browser.get("/api/session", headers=as_michael).json()["userId"] == "michael"
    assert browser.get("/api/session").json()["userId"] == "jim"
    message = {"channelId": "general", "text": "From the window that shows Michael"}
    posted = browser.post("/api/messages", json=message, headers=as_michael)
    assert (posted.status_code, posted.json()["userId"]) == (201, "michael")
    posted = browser.post("/api/messages", json=message)
    assert (posted.status_code, posted.json()["userId"]) == (201, "jim")
    private = "/api/channels/accounting/messages"
    assert browser.get(private).status_code == 404
    assert browser.get(private, headers={"Bullpen-User": "kevin"}).status_code == 200
    assert browser.get(private, headers={"Bullpen-User": "pam"}).status_code == 404


def test_a_member_that_is_not_there_is_refused_and_nobody_else_acts(acting):
    jim = acting("jim")
    for name in ("nobody", "Michael", "%E2%82%AC", ""):
        headers = {"Bullpen-User": name}
        message = {"channelId": "general", "text": "Whose?"}
        for answer in (
            jim.get("/api/users", headers=headers),
            jim.get("/api/channels/general/messages", headers=headers),
            jim.get("/api/unreads", headers=headers),
            jim.get("/api/sse", headers=headers),
            jim.post("/api/messages", json=message, headers=headers),
            jim.patch("/api/channels/general", json={"topic": "Whose?"}, headers=headers),
        ):
            assert (answer.status_code, answer.json()["error"]) == (409, dependencies.NO_MEMBER)
            assert answer.json()["details"]["actAs"]["id"] == "michael"


@pytest.mark.parametrize("user_id", ["nobody", "", "Michael"])
def test_nobody_can_act_as_who_is_not_there(shared_server: Served, user_id: str):
    with shared_server.client("jim") as client:
        answer = client.put("/api/session", json={"userId": user_id})
        assert (answer.status_code, answer.json()) == (
            404,
            {"error": "User not found.", "code": "user_not_found"},
        )
        assert client.get("/api/session").json()["userId"] == "jim"


def test_a_session_of_another_workspace_is_refused(url: str, shared_server: Served, run_sql):
    run_sql("UPDATE workspace SET session_key = decode(repeat('cd', 32), 'hex')")
    with shared_server.client("jim") as client, serving(url) as other:
        foreign = dict([cookie_of(client)])
        with with_cookies(other, foreign) as stranger:
            answer = stranger.get("/api/session")
            assert (answer.status_code, answer.json()) == (401, ENDED)


def test_a_session_lasts_when_its_workspace_moves_to_another_port(url: str):
    with serving(url) as first, first.client("jim") as client:
        cookie = dict([cookie_of(client)])
    with serving(url) as again, with_cookies(again, cookie) as client:
        assert client.get("/api/session").json()["userId"] == "jim"


# What is no member's: whether the program is there, what it can do, and who one is from now on.
FOR_ANYBODY = {
    *(("GET", "/api/health"), ("GET", "/api/setup")),
    *(("GET", "/api/oidc/start"), ("GET", "/api/oidc/callback")),
    *(("GET", "/api/oauth/start"), ("GET", "/api/oauth/callback")),
    *(("PUT", "/api/session"), ("POST", "/api/people"), *PUBLIC),
}
A_MESSAGE = {"channelId": "general", "text": "Still here"}


def test_an_inactive_member_reads_and_changes_nothing_by_any_route(acting):
    creed, pam = acting("creed"), acting("pam")
    described = pam.get("/api/openapi.json").json()["paths"]
    values = {"channel_id": "general", "agent_id": "creed", "user_id": "creed", "label": "mood"}
    assert pam.delete("/api/agents/creed").status_code == 200
    tried = []
    for path, methods in described.items():
        for method in methods:
            if (method.upper(), path) in FOR_ANYBODY:
                continue
            names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
            ids = {name: values.get(name, str(UUID(int=1))) for name in names}
            address = path.format(**ids | {"step_number": 1})
            changes = method in ("post", "put", "patch")
            answer = creed.request(
                method, address, params={"q": "paper"}, json=A_MESSAGE if changes else None
            )
            assert answer.status_code == 403, (method, path, answer.text)
            assert answer.json()["error"] == INACTIVE
            assert answer.json()["details"]["inactive"] == "creed"
            assert answer.json()["details"]["actAs"]["id"] == "michael"
            tried.append((method, path))
    assert len(tried) > 40
    assert pam.get("/api/agents/creed").json()["isActive"] is False
    named = pam.get("/api/channels/general/messages", headers={"Bullpen-User": "creed"})
    assert named.status_code == 403


def test_an_inactive_member_may_only_act_as_somebody_else(acting):
    creed = acting("creed")
    assert creed.delete("/api/agents/creed").status_code == 200
    assert creed.get("/api/session").status_code == 403
    assert creed.put("/api/session", json={"userId": "creed"}).status_code == 404
    assert creed.put("/api/session", json={"userId": "pam"}).json()["userId"] == "pam"
    assert creed.get("/api/session").json()["userId"] == "pam"


def test_somebody_active_is_offered_where_the_default_member_is_not(acting, run_sql):
    michael = acting("michael")
    run_sql("UPDATE agents SET is_active = false WHERE id = 'michael'")
    answer = michael.get("/api/session")
    assert (answer.status_code, answer.json()["details"]["actAs"]["id"]) == (403, "jim")
    run_sql("UPDATE agents SET is_active = false")
    assert michael.get("/api/session").json()["details"]["actAs"] is None


def test_an_open_stream_ends_when_its_member_is_made_inactive(acting):
    creed, pam = acting("creed"), acting("pam")
    with listening(creed) as stream:
        assert pam.delete("/api/agents/creed").status_code == 200
        assert pam.post("/api/messages", json=A_MESSAGE).status_code == 201
        # The last that it hears of is why it hears no more.
        assert stream.until("user.changed")[-1]["isActive"] is False
        assert stream.next() is None
    assert creed.get("/api/sse").status_code == 403


def test_the_channel_to_begin_with_is_the_first_that_one_may_read(acting):
    pam = acting("pam")
    assert pam.get("/api/session").headers["link"] == '</c/general>; rel="start"'
    assert acting("michael").delete("/api/channels/general").status_code == 200
    assert pam.get("/api/session").headers["link"] == '</c/sales>; rel="start"'
