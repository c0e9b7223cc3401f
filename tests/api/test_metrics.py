"""`/metrics`: right figures, for those who may read them, and nothing else."""

from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from fastapi import Request
from tests.support.clusters import cluster
from tests.support.fixtures import complete, fill_template
from tests.support.posting import newest, post
from tests.support.program import running, until
from tests.support.scraping import scraped, total, values_of
from tests.support.serving import Served, serving
from tests.support.streams import listening
from tests.support.tokens import with_token

from bullpen import __version__
from bullpen.api.http.state import State
from bullpen.api.routes.metrics import may_read_metrics

MESSAGES = "/api/channels/{channel_id}/messages"


def test_requests_are_counted_by_route_method_and_status(acting, run_sql):
    jim = acting("jim")
    before = scraped(jim)
    for _ in range(3):
        assert post(jim).status_code == 201
    assert jim.get("/api/channels/general/messages").status_code == 200
    assert jim.get("/api/channels/nowhere/messages").status_code == 404
    assert jim.get("/api/anything/secret-name").status_code == 404
    assert jim.post("/api/messages", content="x").status_code == 415
    after = scraped(jim)

    def more(name: str, **labels: str) -> float:
        return total(after, name, **labels) - total(before, name, **labels)

    requests = "bullpen_http_requests_total"
    assert more(requests, route="/api/messages", method="POST", status="201") == 3
    assert more(requests, method="POST", status="415") == 1
    assert more(requests, route=MESSAGES, method="GET", status="200") == 1
    assert more(requests, route=MESSAGES, method="GET", status="404") == 1
    # The scrape before is counted by now as well.
    assert more(requests) == 8
    histogram = "bullpen_http_request_seconds"
    assert more(f"{histogram}_bucket", route=MESSAGES, le="+Inf") == 2
    assert more(f"{histogram}_count", route=MESSAGES) == 2
    assert 0 < more(f"{histogram}_sum", route=MESSAGES) < 60
    buckets = [
        total(after, f"{histogram}_bucket", route=MESSAGES, le=le)
        for le in ("0.005", "0.5", "10.0")
    ]
    assert buckets == sorted(buckets)
    assert total(after, "bullpen_build_info", version=__version__) == 1
    assert "nowhere" not in str(after)
    assert "secret-name" not in str(after)


def test_streams_runs_and_the_database_are_measured(acting, run_sql):
    run_sql("DELETE FROM mailbox")
    run_sql("UPDATE runs SET created_at = now() - interval '2 days'")
    runs = run_sql(
        "INSERT INTO runs (agent_id, status, token_usage) VALUES"
        " ('pam', 'completed', NULL), ('jim', 'failed', NULL), ('jim', 'failed', NULL),"
        " ('pam', 'created', NULL), ('kevin', 'running', NULL), ('oscar', 'running', NULL)"
        " RETURNING id"
    )
    run_sql(
        "INSERT INTO run_steps (run_id, step_number, status, model_id, token_usage)"
        " VALUES ($1, 1, 'completed', 'm', '{\"input_tokens\": 7, \"output_tokens\": 2}')",
        runs[0][0],
    )
    queue = (
        "INSERT INTO mailbox (run_id, agent_id, priority, worker, lease_until, queued_at) VALUES"
    )
    waiting = "($1, 'pam', 1, NULL, NULL, now() - interval '90 seconds')"
    run_sql(f"{queue} {waiting}", runs[3][0])
    run_sql(f"{queue} ($1, 'kevin', 1, 'a', now() + interval '1 hour', now())", runs[4][0])
    run_sql(f"{queue} ($1, 'oscar', 1, 'b', now() - interval '1 hour', now())", runs[5][0])
    run_sql(
        "INSERT INTO spending (day, spent_usd, reserved_usd)"
        " VALUES ((now() AT TIME ZONE 'UTC')::date, 1.5, 0.25)"
    )
    jim = acting("jim")
    with listening(jim):
        found = scraped(jim)
    assert total(found, "bullpen_open_streams") == 1
    assert total(found, "bullpen_database_up") == 1
    assert total(found, "bullpen_database_size_bytes") > 1_000_000
    assert total(found, "bullpen_runs", state="waiting") == 1
    assert total(found, "bullpen_runs", state="running") == 2
    assert total(found, "bullpen_worker_leases", state="valid") == 1
    assert total(found, "bullpen_worker_leases", state="expired") == 1
    assert total(found, "bullpen_workers_busy") == 1
    assert 90 <= total(found, "bullpen_longest_wait_seconds") < 200
    assert {
        s: total(found, "bullpen_runs_last_day", status=s) for s in ("completed", "failed")
    } == {
        "completed": 1,
        "failed": 2,
    }
    assert total(found, "bullpen_model_calls_last_day") == 1
    assert total(found, "bullpen_model_tokens_last_day", direction="input") == 7
    assert total(found, "bullpen_model_tokens_last_day", direction="output") == 2
    assert total(found, "bullpen_model_cost_today_usd", state="spent") == 1.5
    assert total(found, "bullpen_model_cost_today_usd", state="reserved") == 0.25
    assert 0 < total(found, "bullpen_pool_connections") <= total(found, "bullpen_pool_limit") == 10
    until(lambda: total(scraped(jim), "bullpen_event_log_lag") == 0)


def test_metrics_name_nobody_and_nothing(acting, run_sql):
    jim = acting("jim")
    post(jim, "Confidential words", "dm-jim-pam")
    jim.get("/api/channels/dm-jim-pam/messages")
    message_id = newest(jim, "dm-jim-pam")["id"]
    jim.get(f"/api/messages/{message_id}/thread")
    text = jim.get("/metrics").text
    names = [row[0] for row in run_sql("SELECT id FROM agents UNION SELECT name FROM channels")]
    channels = [row[0] for row in run_sql("SELECT id FROM channels WHERE kind <> 'public'")]
    for word in (*channels, message_id, "Confidential", *(n for n in names if len(n) > 4)):
        assert f'"{word}"' not in text
        assert f"/{word}" not in text


def test_a_request_through_a_proxy_is_refused(shared_server: Served):
    with shared_server.client() as client:
        for header in ("X-Forwarded-For", "Forwarded"):
            refused = client.get("/metrics", headers={header: "127.0.0.1"})
            assert refused.status_code == 403
            assert refused.json()["code"] == "metrics_not_allowed"
        assert client.get("/metrics").status_code == 200


@pytest.mark.parametrize(
    ("address", "team", "opened", "allowed"),
    [
        ("127.0.0.1", None, False, True),
        ("127.8.0.1", None, False, True),
        ("::1", None, False, True),
        ("127.0.0.1", "team", False, False),
        ("127.0.0.1", "team", True, True),
        ("10.0.0.5", None, False, False),
        ("testclient", None, False, False),
        ("10.0.0.5", None, True, True),
    ],
)
def test_without_a_token_only_this_machine_reads_metrics_and_only_in_demo_mode(
    address: str, team: str | None, opened: bool, allowed: bool
):
    request = Request({"type": "http", "headers": [], "client": (address, 5000)})
    state = cast(State, SimpleNamespace(open_metrics=opened, team=team))
    assert may_read_metrics(request, state) is allowed


def test_an_administrators_token_reads_metrics_through_a_proxy(acting, server: Served, run_sql):
    jim = acting("jim")
    made = {}
    for role in ("admin", "member"):
        person = jim.post("/api/people", json={"displayName": f"One {role}"}).json()["id"]
        run_sql("UPDATE people SET role = $2 WHERE id = $1", person, role)
        scopes = ["admin", "read"] if role == "admin" else ["read"]
        headers = {"bullpen-user": person}
        answer = jim.post("/api/tokens", json={"name": "p", "scopes": scopes}, headers=headers)
        assert answer.status_code == 201, answer.text
        made[role] = answer.json()["token"]
    proxied = {"X-Forwarded-For": "203.0.113.7"}
    with with_token(server, made["admin"]) as prometheus:
        assert prometheus.get("/metrics", headers=proxied).status_code == 200
    with with_token(server, made["member"]) as other:
        refused = other.get("/metrics", headers=proxied)
        assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")


def test_each_scrape_has_the_figures_of_all_web_processes(tmp_path: Path, url: str):
    with running("--workers", "2", cwd=tmp_path, DATABASE_URL=url) as program:
        # Each connection is accepted by one of the processes, whichever is quicker.
        asked = 40
        for _ in range(asked):
            with closing(program.client()) as client:
                assert client.get("/api/users").status_code == 200

        def scrape() -> tuple[int, float]:
            with closing(program.client()) as client:
                found = scraped(client)
            count = total(found, "bullpen_http_requests_total", route="/api/users", status="200")
            return len(values_of(found, "bullpen_open_streams", "process")), count

        seen = [scrape()]
        until(lambda: seen.append(scrape()) or seen[-5:] == [(2, asked)] * 5)
        counts = [count for _, count in seen]
        assert counts == sorted(counts), "a counter that falls is taken for one that began anew"


def test_metrics_answer_while_the_database_is_away():
    with cluster() as own:
        url = own.create("away")
        complete(fill_template(url))
        with serving(url) as served, served.client("jim") as jim:
            assert total(scraped(jim), "bullpen_database_up") == 1
            own.stop()
            try:
                assert total(scraped(jim), "bullpen_database_up") == 0
                assert total(scraped(jim), "bullpen_http_requests_total") > 0
            finally:
                own.start()
            until(lambda: total(scraped(jim), "bullpen_database_up") == 1)
