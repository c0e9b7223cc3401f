"""What one member may do in a minute, and what any one thing may hold."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from tests.support.accounts import set_up_owner
from tests.support.plain import http_client
from tests.support.serving import serving

from bullpen.api.http.limits import MINUTE, ON_A_NETWORK, REMEMBERED, Limits, Usage
from bullpen.kit.errors import TooMany
from bullpen.settings import read

METHODS = ["GET", "POST"]
Acting = Callable[[str], httpx.Client]


def post(client: httpx.Client, text: str = "x", channel: str = "general") -> httpx.Response:
    return client.post("/api/messages", json={"channelId": channel, "text": text})


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_may_come_at_once_and_the_rest_as_time_passes():
    clock = Clock()
    usage = Usage(Limits(messages=6), clock)
    for _ in range(6):
        usage.charge("jim", "messages")
    with pytest.raises(TooMany) as refused:
        usage.charge("jim", "messages")
    assert refused.value.retry_after == 10
    usage.charge("pam", "messages")
    clock.now += 10
    usage.charge("jim", "messages")
    clock.now += 10 * MINUTE
    for _ in range(6):
        usage.charge("jim", "messages")
    with pytest.raises(TooMany):
        usage.charge("jim", "messages")


def test_what_is_known_afterwards_is_charged_afterwards():
    clock = Clock()
    usage = Usage(Limits(kilobytes=60), clock)
    usage.charge("jim", "kilobytes", 0)
    usage.take("jim", "kilobytes", 100)
    with pytest.raises(TooMany) as refused:
        usage.charge("jim", "kilobytes", 0)
    assert refused.value.retry_after == 41
    clock.now += 41
    usage.charge("jim", "kilobytes", 0)


def test_nought_is_no_limit():
    usage = Usage(Limits(messages=0), Clock())
    for _ in range(1000):
        usage.charge("jim", "messages", 1_000_000)


def test_many_users_are_not_remembered_for_ever():
    clock = Clock()
    usage = Usage(Limits(), clock)
    for number in range(30_000):
        clock.now += 0.01
        usage.charge(f"user-{number}", "changes")
    assert len(usage._left) <= 10_001


def test_the_settings_change_each_limit_and_the_address_the_rest(monkeypatch):
    assert read().limits == Limits()
    assert read(host="0.0.0.0").limits == ON_A_NETWORK
    monkeypatch.setenv("BULLPEN_MESSAGES_PER_MINUTE", "7")
    monkeypatch.setenv("BULLPEN_PLANS_PER_MINUTE", "0")
    limits = read().limits
    assert (limits.messages, limits.plans, limits.made) == (7, 0, Limits().made)


@pytest.fixture
def limited(url: str):
    limits = Limits(messages=5, kilobytes=300, changes=5, made=2, plans=2)
    with serving(url, limits=limits) as served:
        yield served


def accepted(call: Callable[[int], httpx.Response]) -> int:
    """How many were, until the first was not; some of what was used comes back meanwhile."""
    for number in range(40):
        answer = call(number)
        if answer.status_code == 429:
            assert 1 <= int(answer.headers["retry-after"]) <= 60
            return number
        assert answer.is_success, answer.text
    return 40


def test_each_kind_of_change_is_answered_429_past_its_limit(limited, run_sql):
    plan = {"agentId": "toby", "triggerAt": "2030-01-01T00:00:00Z", "prompt": "x"}
    with limited.client("jim") as jim, limited.client("pam") as pam:
        first = post(jim, "first").json()["id"]
        stored = accepted(lambda n: post(jim, f"{n}"))
        assert 4 <= stored <= 8
        assert [post(pam).status_code for _ in range(2)] == [201, 201]
        made = accepted(
            lambda n: jim.post(
                "/api/channels", json={"id": f"c{n}", "name": f"c{n}", "kind": "public"}
            )
        )
        assert 2 <= made <= 4
        assert 2 <= accepted(lambda _: jim.post("/api/scheduled", json=plan)) <= 4
        path = f"/api/messages/{first}/reactions"
        assert 4 <= accepted(lambda _: jim.post(path, json={"emoji": "👍"})) <= 8
        assert jim.get("/api/users").status_code == 200
    found = run_sql("SELECT count(*) FROM messages WHERE user_id = 'jim' AND text ~ '^[0-9]$'")
    assert found[0][0] == stored


def test_bytes_are_counted_also_of_bodies_without_a_length(limited):
    with limited.client("jim") as jim:
        assert post(jim, "x" * 40_000).status_code == 201
        body = b'{"channelId": "general", "text": "' + b"x" * 300_000 + b'"}'
        headers = {"Content-Type": "application/json"}
        assert jim.post("/api/messages", content=iter([body]), headers=headers).status_code == 400
        refused = post(jim)
    assert refused.status_code == 429
    assert "kilobytes" in refused.json()["error"]


def test_reads_are_limited_by_user(url: str):
    with (
        serving(url, limits=Limits(reads=5)) as served,
        served.client("jim") as jim,
        served.client("pam") as pam,
    ):
        assert 5 <= accepted(lambda _: jim.get("/api/channels")) <= 8
        refused = jim.get("/api/sse")
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert refused.json()["error"].startswith("You have reached the limit of 5 requests per")
        assert post(jim).status_code == 201
        assert pam.get("/api/channels").status_code == 200
        assert {jim.get("/api/health").status_code for _ in range(20)} == {200}


def test_requests_without_a_sign_in_are_limited_by_address(url: str):
    limits = Limits(anonymous=6)
    with serving(url, team=True, limits=limits, trusted_proxies=["127.0.0.1"]) as served:

        def guess(address: str, method: str = "GET", cookie: str = "x") -> int:
            headers = {"X-Forwarded-For": address, "Cookie": f"bullpen_session={cookie}"}
            json = {} if method == "GET" else {"json": {"channelId": "general", "text": "x"}}
            path = "/api/users" if method == "GET" else "/api/messages"
            with http_client(base_url=served.address, headers=headers) as client:
                return client.request(method, path, **json).status_code

        tried = [guess("203.0.113.1", method, str(n)) for n in range(10) for method in METHODS]
        assert tried[:6] == [401] * 6
        assert 429 in tried[6:]
        assert set(tried) == {401, 429}
        # What stands to the left is what the client wrote itself.
        forged = [guess(f"198.51.100.{n}, 203.0.113.2") for n in range(12)]
        assert (forged[:6], forged[-1]) == ([401] * 6, 429)
        of_one_network = [guess(f"2001:db8:1:2::{n:x}") for n in range(12)]
        assert (of_one_network[:6], of_one_network[-1]) == ([401] * 6, 429)
        assert [guess("203.0.113.3"), guess("2001:db8:1:3::1")] == [401, 401]
        # Who has signed in is counted by themselves.
        with set_up_owner(served, url) as olive:
            assert {olive.get("/api/users").status_code for _ in range(12)} == {200}


def test_addresses_are_forgotten_after_a_quiet_minute():
    clock = Clock()
    usage = Usage(Limits(anonymous=10), clock)
    for number in range(3 * REMEMBERED):
        usage.charge(f"{number}", "anonymous")
    assert usage.remembered == 3 * REMEMBERED
    clock.now += 2 * MINUTE
    for number in range(2 * REMEMBERED):
        usage.charge(f"later {number}", "anonymous")
    assert usage.remembered == 2 * REMEMBERED


def test_a_thousand_messages_of_one_member_are_taken_by_default(acting: Acting):
    jim = acting("jim")
    with ThreadPoolExecutor(8) as several:
        answers = list(several.map(lambda number: post(jim, f"{number}"), range(1000)))
    assert {answer.status_code for answer in answers} == {201}


def test_by_default_hundreds_of_channels_and_megabytes_of_text_meet_a_limit(acting: Acting):
    jim = acting("jim")
    made = [
        jim.post("/api/channels", json={"id": f"c{n}", "name": f"c{n}", "kind": "public"})
        for n in range(200)
    ]
    assert made[100].status_code == 201
    # What was used comes back by the second, so one after the first refusal may pass again.
    refused = [answer for answer in made if answer.status_code != 201]
    assert {answer.status_code for answer in refused} == {429}
    assert min(int(answer.headers["retry-after"]) for answer in refused) > 0


def test_a_message_has_a_bounded_number_of_different_reactions(acting: Acting):
    jim, pam = acting("jim"), acting("pam")
    path = f"/api/messages/{post(jim).json()['id']}/reactions"
    emoji = [chr(0x1F600 + n) for n in range(60)]
    answers = [jim.post(path, json={"emoji": one}) for one in emoji]
    assert [answer.status_code for answer in answers] == [200] * 50 + [429] * 10
    assert int(answers[-1].headers["retry-after"]) > 0
    # One that is there, somebody else may give as well.
    assert pam.post(path, json={"emoji": emoji[0]}).status_code == 200
    assert jim.request("DELETE", path, json={"emoji": emoji[0]}).status_code == 200
    assert pam.request("DELETE", path, json={"emoji": emoji[0]}).status_code == 200
    assert pam.post(path, json={"emoji": emoji[-1]}).status_code == 200


def test_an_agent_has_a_bounded_number_of_plans_and_they_come_in_pages(acting: Acting, run_sql):
    run_sql("DELETE FROM scheduled_messages")
    run_sql(
        "INSERT INTO scheduled_messages (agent_id, trigger_at, prompt)"
        " SELECT 'toby', now() + n * interval '1 day', 'plan ' || n FROM generate_series(1, 200) n"
    )
    jim = acting("jim")
    plan = {"agentId": "toby", "triggerAt": "2030-01-01T00:00:00Z", "prompt": "x"}
    refused = jim.post("/api/scheduled", json=plan)
    assert (refused.status_code, "200 pending" in refused.json()["error"]) == (429, True)
    recurring = {"agentId": "toby", "cron": "0 9 * * *", "prompt": "x"}
    assert jim.post("/api/recurring", json=recurring).status_code == 429
    assert jim.post("/api/scheduled", json=plan | {"agentId": "kevin"}).status_code == 201
    found: list[str] = []
    query = "/api/scheduled?agentId=toby&limit=80"
    while query:
        answer = jim.get(query)
        found = [one["prompt"] for one in answer.json()] + found
        query = answer.links.get("prev", {}).get("url", "")
    assert found == [f"plan {number}" for number in range(1, 201)]
    assert jim.get("/api/scheduled?limit=201").status_code == 400


def test_a_page_before_a_plan_that_may_not_be_seen_is_as_before_none(acting: Acting, run_sql):
    run_sql(
        "INSERT INTO scheduled_messages (agent_id, trigger_at, prompt, target_channel_id)"
        " VALUES ('kevin', '2090-01-01', 'private', 'accounting')"
    )
    hidden = run_sql("SELECT id FROM scheduled_messages WHERE prompt = 'private'")[0][0]
    jim = acting("jim")
    absent = "00000000-0000-4000-8000-000000000000"
    before = [jim.get(f"/api/scheduled?before={cursor}").json() for cursor in (hidden, absent)]
    assert before == [[], []]


def test_nobody_s_body_is_read_before_it_is_known_who_they_are(url: str):
    with serving(url, team=True) as served, served.client() as nobody:
        for content in (b"{", b"x" * 900_000, b""):
            for path in ("/api/messages", "/api/channels", "/api/session", "/api/nothing"):
                answer = nobody.request(
                    "PUT" if path == "/api/session" else "POST",
                    path,
                    content=content,
                    headers={"Content-Type": "application/json"},
                )
                assert answer.status_code == 401, path
