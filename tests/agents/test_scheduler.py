"""What is planned becomes a run, once, however many look for it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from tests.support.asking import settled
from tests.support.fixtures import complete
from tests.support.minds import SmallMind, working
from tests.support.program import until

from bullpen.agents.scheduler import fire_due
from bullpen.kit.database import Database
from bullpen.schedule.recurring import Pattern, next_time

FIRED = "SELECT scheduled_id FROM run_details WHERE kind = 'schedule'"


@pytest.fixture(autouse=True)
def nothing_planned(run_sql):
    run_sql("UPDATE scheduled_messages SET status = 'cancelled'")


def plan(run_sql, agent_id: str, minutes: int = -1, channel_id: str | None = "general"):
    sql = """INSERT INTO scheduled_messages (agent_id, trigger_at, prompt, target_channel_id)
    VALUES ($1, now() + $2::int * interval '1 minute', 'Ask.', $3) RETURNING id"""
    return run_sql(sql, agent_id, minutes, channel_id)[0][0]


def fire(url: str, schedulers: int = 1) -> int:
    async def work() -> int:
        databases = [await Database.open(url) for _ in range(schedulers)]
        counts = await asyncio.gather(*(fire_due(database) for database in databases))
        for database in databases:
            await database.close()
        return sum(counts)

    return complete(work())


def test_each_that_is_due_fires_once_however_many_look(run_sql, url: str):
    agents = [row[0] for row in run_sql("SELECT id FROM agents")]
    due = {plan(run_sql, agent_id) for agent_id in agents}
    later = plan(run_sql, "toby", 10)
    while fire(url, 6):
        pass
    assert {row[0] for row in run_sql(FIRED)} == due
    assert len(run_sql(FIRED)) == len(agents)
    status = "SELECT status FROM scheduled_messages WHERE id = $1"
    assert run_sql(status, later)[0][0] == "pending"
    assert {run_sql(status, one)[0][0] for one in due} == {"fired"}


def test_an_agent_takes_up_one_plan_in_five_minutes(run_sql, url: str):
    late, later = plan(run_sql, "toby", -90), plan(run_sql, "toby", -60)
    assert fire(url) == 1
    assert fire(url) == 0
    assert [row[0] for row in run_sql(FIRED)] == [late]
    run_sql(
        "UPDATE runs SET created_at = created_at - interval '5 minutes' WHERE id IN ("
        "SELECT run_id FROM run_details)"
    )
    assert fire(url) == 1
    assert {row[0] for row in run_sql(FIRED)} == {late, later}


def test_a_plan_for_a_channel_that_its_agent_has_left_is_cancelled(run_sql, url: str):
    planned = plan(run_sql, "toby", channel_id="management")
    run_sql("DELETE FROM channel_members WHERE channel_id = 'management' AND user_id = 'toby'")
    assert fire(url) == 0
    [(status,)] = run_sql("SELECT status FROM scheduled_messages WHERE id = $1", planned)
    assert status == "cancelled"


def test_a_worker_does_what_is_planned(run_sql, url: str):
    mind = SmallMind()
    plan(run_sql, "toby")
    with working(url, mind, plans=True):
        until(lambda: run_sql(FIRED) and settled(run_sql))
    [work] = [work for work in mind.briefed if work.kind == "schedule"]
    assert (work.agent.id, work.prompt, work.channel_id) == ("toby", "Ask.", "general")
    said = "SELECT count(*) FROM messages m JOIN run_posts p ON p.message_id = m.id"
    assert run_sql(f"{said} WHERE m.user_id = 'toby'")[0][0] >= 1


RECURRING = {"agentId": "toby", "cron": "30 9 * * mon-fri", "timeZone": "America/New_York",
             "prompt": "Good morning."}  # fmt: skip


def test_one_that_recurs_always_has_a_next_time(run_sql, url: str, acting):
    michael = acting("michael")
    made = michael.post("/api/recurring", json=RECURRING)
    assert made.status_code == 201
    first = datetime.fromisoformat(made.json()["nextAt"])
    assert first > datetime.now(UTC)
    pending = michael.get("/api/scheduled?agentId=toby&status=pending").json()
    assert [datetime.fromisoformat(one["triggerAt"]) for one in pending] == [first]
    # After a week of downtime it fires once, and is next due in the future.
    run_sql(
        "UPDATE scheduled_messages SET trigger_at = now() - interval '7 days'"
        " WHERE status = 'pending'"
    )
    assert fire(url, 3) == 1
    assert fire(url) == 0
    [listed] = michael.get("/api/recurring?agentId=toby").json()
    assert datetime.fromisoformat(listed["nextAt"]) == first
    # One that is cancelled by itself is left out, and the one after it comes.
    [next_one] = michael.get("/api/scheduled?agentId=toby&status=pending").json()
    assert michael.delete(f"/api/scheduled/{next_one['id']}").status_code == 200
    fire(url)
    [listed] = michael.get("/api/recurring?agentId=toby").json()
    assert datetime.fromisoformat(listed["nextAt"]) > first
    assert michael.delete(f"/api/recurring/{listed['id']}").status_code == 200
    assert michael.get("/api/recurring?agentId=toby").json() == []
    assert michael.get("/api/scheduled?agentId=toby&status=pending").json() == []
    assert michael.delete(f"/api/recurring/{listed['id']}").status_code == 404


def test_one_that_recurs_in_a_channel_is_seen_by_its_readers_alone(acting):
    michael, kevin = acting("michael"), acting("kevin")
    made = michael.post("/api/recurring", json=RECURRING | {"targetChannelId": "management"})
    assert made.status_code == 201
    assert kevin.get("/api/recurring").json() == []
    assert kevin.delete(f"/api/recurring/{made.json()['id']}").status_code == 404
    refused = kevin.post("/api/recurring", json=RECURRING | {"targetChannelId": "management"})
    assert refused.status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"cron": "0 0 31 2 *"},
        {"timeZone": "Mars/Olympus"},
    ],
)
def test_a_pattern_that_never_comes_is_refused(refusing, wrong: dict[str, str]):
    """tests/schedule/test_next_time.py has more of them."""
    answer = refusing("michael").post("/api/recurring", json=RECURRING | wrong)
    assert answer.status_code == 400
    assert next(iter(wrong.values())) in answer.json()["error"]


def test_an_hour_that_clocks_skip_or_repeat_counts_once():
    pattern = Pattern("30 1 * * *", "Europe/Berlin")
    at = datetime(2026, 10, 24, 12, tzinfo=UTC)
    times = []
    for _ in range(3):
        at = next_time(pattern, at)
        times.append(at)
    assert times[1] - times[0] <= timedelta(hours=25)
    assert len({time.astimezone().date() for time in times}) == 3


def test_the_next_time_is_never_in_the_past():
    within_the_second_hour = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    at = next_time(Pattern("0,30 2 * * *", "Europe/Berlin"), within_the_second_hour)
    assert at == datetime(2026, 10, 26, 1, tzinfo=UTC)


def test_one_that_cannot_be_planned_holds_up_nobody(run_sql, url: str, acting):
    made = acting("michael").post("/api/recurring", json=RECURRING).json()
    run_sql("UPDATE recurring_messages SET time_zone = 'Mars/Olympus'")
    run_sql("UPDATE scheduled_messages SET trigger_at = now() WHERE status = 'pending'")
    plan(run_sql, "jim")
    assert fire(url) == 2
    plan(run_sql, "pam")
    assert fire(url) == 1
    [listed] = acting("michael").get("/api/recurring?agentId=toby").json()
    assert listed["id"] == made["id"]


def test_a_clock_that_was_set_back_stops_no_plans(run_sql, url: str):
    plan(run_sql, "toby", -90)
    assert fire(url) == 1
    run_sql(
        "UPDATE runs SET created_at = now() + interval '1 year' WHERE id IN ("
        "SELECT run_id FROM run_details)"
    )
    plan(run_sql, "toby", -60)
    assert fire(url) == 1
