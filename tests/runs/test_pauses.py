"""Where agents are paused: who may pause and see it, what waits, and what a pause interrupts."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from tests.support.asking import post, settled
from tests.support.catalog import fetch
from tests.support.fixtures import complete
from tests.support.minds import Slow, SmallMind, working
from tests.support.program import until
from tests.support.runs_under_way import begin
from tests.support.streams import listening

from bullpen.agents.runtimes.base import Recorder, RunRequest, RunResult, Usage
from bullpen.agents.scheduler import fire_due
from bullpen.kit.database import Database
from bullpen.runs.external_runs import oldest_waiting
from bullpen.runs.mailbox import MOST_ATTEMPTS, claim

DM = "dm-michael-toby"
STATUS = "SELECT status FROM runs WHERE id = $1"
SAID = "SELECT count(*) FROM run_posts WHERE run_id = $1"
RUNS = "SELECT id, agent_id FROM runs WHERE trigger_message_id = $1 ORDER BY agent_id"


def claimed(url: str) -> list[UUID]:
    """What a worker could begin now."""

    async def work() -> list[UUID]:
        database = await Database.open(url)
        try:
            return [one.run_id for one in await claim(database, "worker", 50)]
        finally:
            await database.close()

    return complete(work())


def pause(client, **place: str) -> dict:
    answered = client.post("/api/pauses", json=place)
    assert answered.status_code == 201, answered.text
    return answered.json()


def test_a_pause_says_who_pressed_it_and_why_and_ends_once(acting):
    michael, pam = acting("michael"), acting("pam")
    made = pause(michael, agentId="toby", reason=" Costs too much. ")
    known = {name: made[name] for name in ("agentId", "channelId", "pausedBy", "reason")}
    assert known == {
        "agentId": "toby", "channelId": None, "pausedBy": "michael", "reason": "Costs too much.",
    }  # fmt: skip
    assert pam.get("/api/pauses").json() == [made]
    again = pam.post("/api/pauses", json={"agentId": "toby", "reason": "Me, too"})
    assert (again.status_code, again.json()) == (200, made)
    assert pam.delete(f"/api/pauses/{made['id']}").json() == made
    gone = michael.delete(f"/api/pauses/{made['id']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "pause_not_found")
    assert michael.get("/api/pauses").json() == []


def test_what_cannot_be_paused_is_refused_with_what_to_do(acting):
    michael = acting("michael")
    both = michael.post("/api/pauses", json={"agentId": "toby", "channelId": "general"})
    assert (both.status_code, both.json()["code"]) == (400, "fields_conflict")
    for place, code in (
        ({"agentId": "nobody"}, "agent_not_found"),
        ({"channelId": "nothing"}, "channel_not_found"),
    ):
        refused = michael.post("/api/pauses", json=place)
        assert (refused.status_code, refused.json()["code"]) == (404, code)
    assert michael.post("/api/pauses", json={"reason": "x" * 201}).status_code == 400
    assert michael.get("/api/pauses").json() == []


def test_a_paused_private_channel_is_known_to_its_readers_alone(acting, run_sql):
    michael, kevin = acting("michael"), acting("kevin")
    newest = run_sql("SELECT max(id) FROM events")[0][0]
    made = pause(michael, channelId="management")
    assert kevin.get("/api/pauses").json() == []
    assert kevin.delete(f"/api/pauses/{made['id']}").status_code == 404
    assert kevin.post("/api/pauses", json={"channelId": "management"}).status_code == 404
    public = pause(michael, channelId="general")
    assert [one["id"] for one in kevin.get("/api/pauses").json()] == [public["id"]]
    for client, seen in ((michael, [made["id"], public["id"]]), (kevin, [public["id"]])):
        with listening(client, newest) as stream:
            told = [e["pause"]["id"] for e in stream.until("pause.added") if "pause" in e]
            while len(told) < len(seen):
                told += [e["pause"]["id"] for e in stream.until("pause.added") if "pause" in e]
        assert told == seen


def test_pausing_and_resuming_are_in_the_audit_log(acting, run_sql):
    michael = acting("michael")
    for place in ({"agentId": "toby"}, {"channelId": "general"}, {}):
        made = pause(michael, **place, reason="Rest")
        michael.delete(f"/api/pauses/{made['id']}")
    rows = run_sql(
        "SELECT action, target_kind, target_id, details::text FROM audit_log ORDER BY id"
    )
    added, removed, rest = "pause.added", "pause.removed", {"reason": "Rest"}
    assert [(*row[:3], json.loads(row[3])) for row in rows] == [
        (added, "agent", "toby", rest),
        (removed, "agent", "toby", {}),
        (added, "channel", "general", rest),
        (removed, "channel", "general", {}),
        (added, "workspace", "workspace", rest),
        (removed, "workspace", "workspace", {}),
    ]


@pytest.mark.parametrize("place", [{"agentId": "toby"}, {"channelId": DM}, {}])
def test_nothing_of_a_paused_place_begins_and_all_of_it_does_afterwards(
    acting, run_sql, url: str, place: dict
):
    michael = acting("michael")
    made = pause(michael, **place)
    message_id = post(run_sql, "michael", DM, "Toby?")
    other = post(run_sql, "oscar", "accounting", "@kevin the numbers?")
    [(waiting, _)] = run_sql(RUNS, message_id)
    begun = claimed(url)
    assert waiting not in begun
    # Elsewhere somebody answers, unless all are paused.
    assert any(run_id in begun for run_id, _ in run_sql(RUNS, other)) == bool(place)
    assert run_sql(STATUS, waiting) == [("created",)]
    later = post(run_sql, "michael", DM, "Toby!")
    # It is taken into the run that waits, as always.
    assert run_sql("SELECT run_id FROM run_triggers WHERE message_id = $1", later) == [(waiting,)]
    michael.delete(f"/api/pauses/{made['id']}")
    assert waiting in claimed(url)


def test_an_agent_with_work_in_a_paused_channel_works_in_the_others(acting, run_sql, url: str):
    """Also where a hundred runs of paused places are older than all others."""
    run_sql(
        "WITH run AS (INSERT INTO runs (agent_id, channel_id) SELECT 'toby', 'general'"
        " FROM generate_series(1, 150) RETURNING id), details AS ("
        "INSERT INTO run_details (run_id, kind) SELECT id, 'message' FROM run)"
        " INSERT INTO mailbox (run_id, agent_id, channel_id, priority)"
        " SELECT id, 'toby', 'general', 0 FROM run"
    )
    pause(acting("michael"), channelId="general")
    [(waiting, _)] = run_sql(RUNS, post(run_sql, "michael", DM, "Toby?"))
    assert claimed(url) == [waiting]
    assert claimed(url) == []


def test_a_pause_outlives_its_server(url: str, run_sql):
    from tests.support.serving import serving  # noqa: PLC0415 - a second server of its own

    with serving(url) as served:
        made = pause(served.client("michael"))
    message_id = post(run_sql, "michael", DM, "Toby?")
    with serving(url) as served, working(url, SmallMind()):
        michael = served.client("michael")
        assert michael.get("/api/pauses").json() == [made]
        # A worker looks at what is not paused in between, so it has looked at this.
        assert claimed(url) == []
        [(run_id, _)] = run_sql(RUNS, message_id)
        assert run_sql(STATUS, run_id) == [("created",)]
        michael.delete(f"/api/pauses/{made['id']}")
        until(lambda: settled(run_sql))
    assert run_sql(STATUS, run_id) == [("completed",)]


def test_a_run_under_way_stops_waits_and_goes_on_where_it_was(acting, run_sql, url: str):
    slow = Slow()
    michael = acting("michael")
    with working(url, SmallMind(slow)):
        message_id = post(run_sql, "michael", DM, "Toby?")
        until(lambda: run_sql("SELECT FROM run_steps WHERE status = 'completed'"))
        [(run_id, _)] = run_sql(RUNS, message_id)
        made = pause(michael, agentId="toby")
        trace = michael.get(f"/api/runs/{run_id}").json()
        assert (trace["status"], trace["startedAt"]) == ("created", None)
        # It is told to go on just when it may not.
        slow.going_on.set()
        assert run_sql(SAID, run_id) == [(0,)]
        michael.delete(f"/api/pauses/{made['id']}")
        until(lambda: settled(run_sql))
    assert run_sql(STATUS, run_id) == [("completed",)]
    assert run_sql(SAID, run_id) == [(1,)]


def test_pausing_often_is_no_failure_of_the_run(acting, run_sql, url: str):
    michael = acting("michael")
    [(run_id, _)] = run_sql(RUNS, post(run_sql, "michael", DM, "Toby?"))
    for _ in range(MOST_ATTEMPTS + 1):
        assert claimed(url) == [run_id]
        made = pause(michael, channelId=DM)
        assert run_sql(STATUS, run_id) == [("created",)]
        michael.delete(f"/api/pauses/{made['id']}")
    with working(url, SmallMind()):
        until(lambda: settled(run_sql))
    assert run_sql(STATUS, run_id) == [("completed",)]


@pytest.mark.parametrize("place", [{"agentId": "toby"}, {"channelId": "general"}, {}])
def test_a_pause_waits_for_the_tool_call_that_is_being_carried_out(
    acting, run_sql, url: str, place: dict
):
    """Its effect and its record are one transaction: nothing is posted once the pause is there."""
    run_id = begin(run_sql, "running")
    michael = acting("michael")
    holding, done = threading.Event(), threading.Event()

    async def call() -> None:
        from bullpen.kit.database import connect  # noqa: PLC0415

        connection = await connect(url, pooled=False)
        async with connection.transaction():
            assert await connection.fetchval("SELECT hold_run($1, 'test', 1)", run_id)
            holding.set()
            until(lambda: run_sql("SELECT FROM pg_locks WHERE NOT granted"))
            assert not done.is_set()
            await connection.execute(
                "SELECT post_messages(ARRAY[$1::uuid], '{general}', ARRAY[NULL::uuid], '{toby}',"
                " '{Last words}', ARRAY['{}'::json], run => $1)",
                run_id,
            )
        await connection.close()

    def press() -> None:
        pause(michael, **place)
        done.set()

    with ThreadPoolExecutor(2) as pool:
        calling = pool.submit(complete, call())
        assert holding.wait(20)
        pressing = pool.submit(press)
        calling.result(), pressing.result()
    assert run_sql(SAID, run_id) == [(1,)]
    assert run_sql(STATUS, run_id) == [("created",)]
    [(held,)] = run_sql("SELECT hold_run($1, 'test', 1)", run_id)
    assert held is False
    spending = run_sql("SELECT DISTINCT reserved_usd FROM spending")
    assert spending == [(0.0,)]


def test_an_agent_elsewhere_cannot_write_in_a_paused_channel(acting, run_sql, url: str):
    answers: list[str] = []

    async def elsewhere(spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started(spec.model_id, {})
        called = await recorder.call("send_message", {"text": "Hi", "channel_id": "general"}, "1")
        answers.append(called.answer)
        await recorder.turn_ended(Usage(1, 1), None, None)
        return RunResult("end_turn")

    pause(acting("michael"), channelId="general")
    with working(url, SmallMind(elsewhere)):
        message_id = post(run_sql, "michael", DM, "Tell everybody.")
        until(lambda: settled(run_sql))
    assert answers == [
        "Error: Agents are paused in this channel, so nothing was sent. Do something else."
    ]
    [(run_id, _)] = run_sql(RUNS, message_id)
    assert run_sql(SAID, run_id) == [(0,)]


def test_people_write_in_a_paused_channel(acting):
    michael = acting("michael")
    pause(michael, channelId="general")
    sent = michael.post("/api/messages", json={"channelId": "general", "text": "Quiet, please."})
    assert sent.status_code == 201


@pytest.mark.parametrize("place", [{"agentId": "toby"}, {"channelId": "general"}, {}])
def test_plans_of_a_paused_place_stay_due(acting, run_sql, url: str, place: dict):
    run_sql("UPDATE scheduled_messages SET status = 'cancelled'")
    [(plan,)] = run_sql(
        "INSERT INTO scheduled_messages (agent_id, trigger_at, prompt, target_channel_id)"
        " VALUES ('toby', now() - interval '1 minute', 'Go', 'general') RETURNING id"
    )
    michael = acting("michael")
    made = pause(michael, **place)

    async def fire() -> int:
        database = await Database.open(url)
        try:
            return await fire_due(database)
        finally:
            await database.close()

    assert complete(fire()) == 0
    state = "SELECT status FROM scheduled_messages WHERE id = $1"
    assert run_sql(state, plan) == [("pending",)]
    michael.delete(f"/api/pauses/{made['id']}")
    assert complete(fire()) == 1
    assert run_sql(state, plan) == [("fired",)]


def test_an_external_agent_that_is_paused_can_claim_nothing(acting, run_sql, url: str):
    run_sql("INSERT INTO external_agents (agent_id) VALUES ('toby')")
    michael = acting("michael")
    made = pause(michael, agentId="toby")
    [(run_id, _)] = run_sql(RUNS, post(run_sql, "michael", DM, "Toby?"))

    async def oldest() -> UUID | None:
        database = await Database.open(url)
        try:
            return await oldest_waiting(database, "toby")
        finally:
            await database.close()

    claim_it = "SELECT claim_external_run($1, 'program', '1 minute')"
    assert complete(oldest()) is None
    assert run_sql(claim_it, run_id) == [(None,)]
    michael.delete(f"/api/pauses/{made['id']}")
    assert complete(oldest()) == run_id
    assert run_sql(claim_it, run_id) == [(1,)]
    pause(michael, agentId="toby")
    assert run_sql(STATUS, run_id) == [("created",)]


def test_two_people_who_pause_at_once_make_one_pause(acting, run_sql):
    begin(run_sql, "running")
    clients = [acting(name) for name in ("michael", "pam", "jim")]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda c: c.post("/api/pauses", json={}), clients))
    assert sorted(a.status_code for a in answers) == [200, 200, 201]
    assert len({a.json()["id"] for a in answers}) == 1


def test_a_deleted_channel_takes_its_pause_along(acting, run_sql):
    michael = acting("michael")
    made = michael.post("/api/channels", json={"id": "x1", "name": "x1", "kind": "private"})
    assert made.status_code == 201
    pause(michael, channelId="x1")
    assert michael.delete("/api/channels/x1").status_code == 200
    assert run_sql("SELECT FROM pauses") == []


def test_the_rule_of_the_claims_is_the_rule_of_is_paused(run_sql, url: str, acting):
    """`claim_runs` reads the pauses once; for each place both must say the same."""
    michael = acting("michael")
    run_sql("DELETE FROM runs")
    run_sql(
        "WITH run AS (INSERT INTO runs (agent_id, channel_id) SELECT agent, channel FROM (VALUES"
        " ('toby', 'general'), ('toby', NULL), ('kevin', 'accounting'), ('pam', NULL)"
        ") place (agent, channel) RETURNING id, agent_id, channel_id), details AS ("
        "INSERT INTO run_details (run_id, kind) SELECT id, 'message' FROM run)"
        " INSERT INTO mailbox (run_id, agent_id, channel_id, priority)"
        " SELECT id, agent_id, channel_id, 0 FROM run"
    )
    free = (
        "SELECT DISTINCT agent_id FROM mailbox WHERE NOT is_paused(agent_id, channel_id)"
        " AND worker IS NULL"
    )
    agents = "SELECT agent_id FROM runs WHERE id = ANY ($1)"
    for place in ({"agentId": "toby"}, {"channelId": "general"}, {"agentId": "pam"}, {}):
        made = pause(michael, **place)
        expected = {row[0] for row in run_sql(free)}
        begun = claimed(url)
        assert {row[0] for row in run_sql(agents, begun)} == expected
        michael.delete(f"/api/pauses/{made['id']}")
        fetch(url, "UPDATE runs SET status = 'created', started_at = NULL")
        fetch(url, "UPDATE mailbox SET worker = NULL, lease_until = NULL")


def test_pauses_and_claims_at_once_leave_no_run_of_a_paused_place_under_way(
    acting, run_sql, url: str
):
    """Whichever comes first: a claim is either seen by the pause, or sees it."""
    michael = acting("michael")
    run_sql("DELETE FROM runs")
    for _ in range(8):
        begin(run_sql, "created")

        async def race() -> None:
            database = await Database.open(url)
            try:
                looking = [asyncio.create_task(claim(database, "w", 5)) for _ in range(6)]
                pressed = await asyncio.to_thread(michael.post, "/api/pauses", json={})
                under_way = "SELECT FROM runs WHERE status = 'running'"
                assert await database.fetch(under_way) == []
                await asyncio.gather(*looking)
                assert await database.fetch(under_way) == []
                await asyncio.to_thread(michael.delete, f"/api/pauses/{pressed.json()['id']}")
            finally:
                await database.close()

        complete(race())
