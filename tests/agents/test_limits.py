"""What keeps agents from going on for ever, or from spending more than they may."""

import asyncio
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.asking import post, settled
from tests.support.minds import SmallMind, answer, working
from tests.support.program import until

from bullpen.agents.runtimes.base import Recorder, RunRequest, RunResult, Usage
from bullpen.chat.routing import AMONG_THEMSELVES, DEEPEST


def reason_of(run_sql, agent_id: str = "toby") -> str:
    sql = """SELECT stop_reason FROM runs JOIN run_details ON run_id = id
    WHERE agent_id = $1 ORDER BY created_at DESC LIMIT 1"""
    return run_sql(sql, agent_id)[0][0]


async def never_ends(spec: RunRequest, recorder: Recorder) -> RunResult:
    for number in range(1000):
        await recorder.turn_started(spec.model_id, {})
        await recorder.call("send_message", {"text": f"{number}"}, "1")
        await recorder.turn_ended(Usage(10, 5), 0.001, None)
    raise AssertionError


async def repeats(spec: RunRequest, recorder: Recorder) -> RunResult:
    await recorder.turn_started(spec.model_id, {})
    for number in range(20):
        await recorder.call("send_message", {"text": "The same"}, f"{number}")
    raise AssertionError


async def breaks(spec: RunRequest, recorder: Recorder) -> RunResult:
    await recorder.turn_started(spec.model_id, {})
    for arguments in ("{", {"txt": 1}, '{"text": "fine\\u0000"}', [], "null", {}):
        await recorder.call("send_message", arguments, "1")
        await recorder.call("no_such_tool", arguments, "2")
    return RunResult("end_turn")


@pytest.mark.parametrize(
    ("act", "reason", "said"),
    [
        (never_ends, "max_steps", 5),
        (repeats, "invalid_tool_call", 1),
        (breaks, "invalid_tool_call", 0),
    ],
)
def test_a_model_that_never_ends_is_stopped(run_sql, url: str, act, reason: str, said: int):
    run_sql("UPDATE agents SET max_turns = 5 WHERE id = 'toby'")
    with working(url, SmallMind(act)):
        post(run_sql, "michael", "dm-michael-toby", "Talk.")
        until(lambda: settled(run_sql))
    assert reason_of(run_sql) == reason
    posts = "SELECT count(*) FROM run_posts WHERE message_id NOT IN (TABLE noted)"
    noted = "WITH noted AS (SELECT message_id FROM run_notices) "
    assert run_sql(noted + posts)[0][0] == said


def test_a_run_stays_within_its_agents_budget(run_sql, url: str):
    async def dear(spec: RunRequest, recorder: Recorder) -> RunResult:
        for number in range(10):
            await recorder.turn_started("dear", {"number": number})
            await recorder.turn_ended(Usage(10, 5), 0.04, None)
        raise AssertionError

    run_sql("UPDATE agents SET max_budget_usd = 0.1, max_turns = 50 WHERE id = 'toby'")
    with working(url, SmallMind(dear, model_id="dear")):
        post(run_sql, "michael", "dm-michael-toby", "Spend.")
        until(lambda: settled(run_sql))
    assert reason_of(run_sql) == "max_tokens_exceeded"
    assert run_sql("SELECT round(cost_usd::numeric, 2)::text FROM run_details")[0][0] == "0.12"
    # The agent's, the channel's, the workspace's.
    spent = run_sql("SELECT round(spent_usd::numeric, 2)::text, reserved_usd FROM spending")
    assert [tuple(row) for row in spent] == [("0.12", 0.0)] * 3


@pytest.mark.parametrize("whose", ["agent_id", "channel_id", "workspace"])
def test_a_days_budget_holds_in_a_burst_and_is_spoken_of_once(run_sql, url: str, whose: str):
    """However many ask at once: what a call may cost at most is reserved before it is made."""
    most_reserved: list[float] = []

    async def dear(spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started("dear", {})
        await asyncio.sleep(0)
        rows = await asyncio.to_thread(
            run_sql, "SELECT max(spent_usd + reserved_usd) FROM spending"
        )
        most_reserved.append(rows[0][0])
        await recorder.turn_ended(Usage(10, 5), 0.1, None)
        return RunResult("end_turn")

    run_sql("UPDATE agents SET max_budget_usd = 0.1")
    if whose == "workspace":
        run_sql("INSERT INTO budgets (daily_usd) VALUES (0.35)")
    else:
        named = "toby" if whose == "agent_id" else "dm-michael-toby"
        run_sql(f"INSERT INTO budgets ({whose}, daily_usd) VALUES ($1, 0.35)", named)
    with working(url, SmallMind(dear, model_id="dear"), 2):
        if whose == "workspace":
            post(run_sql, "michael", "dm-michael-toby", "Spend.")
            post(run_sql, "jim", "general", "Spend, all of you.")
            until(lambda: settled(run_sql), 60)
        for number in range(6):
            post(run_sql, "michael", "dm-michael-toby", f"Spend {number}.")
            until(lambda: settled(run_sql))
    assert max(most_reserved) <= 0.35 + 1e-6
    assert len(most_reserved) == 3
    notices = run_sql(
        "SELECT text FROM messages m JOIN run_notices n ON n.message_id = m.id"
        " WHERE m.channel_id = 'dm-michael-toby'"
    )
    assert len(notices) == 1
    assert (
        "budget for today, $0.35, has $0.05 left, and the next call may cost $0.10"
        in (notices[0][0])
    )


def test_a_days_budget_below_an_agents_own_is_used_as_far_as_calls_fit_in_it(run_sql, url: str):
    made: list[float] = []

    async def dear(spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started("dear", {}, 0.1)
        made.append(spec.max_budget_usd)
        await recorder.turn_ended(Usage(10, 5), 0.04, None)
        return RunResult("end_turn")

    run_sql("UPDATE agents SET max_budget_usd = 1")
    run_sql("INSERT INTO budgets (daily_usd) VALUES (0.2)")
    with working(url, SmallMind(dear, model_id="dear")):
        for number in range(5):
            post(run_sql, "michael", "dm-michael-toby", f"Spend {number}.")
            until(lambda: settled(run_sql))
    # 0.04 each; with 0.08 left, another might cost too much.
    assert made == [1.0] * 3
    [(notice,)] = run_sql("SELECT text FROM messages JOIN run_notices n ON n.message_id = id")
    assert "today, $0.20, has $0.08 left, and the next call may cost $0.10" in notice


def test_what_a_dead_worker_had_reserved_counts_as_spent(run_sql, url: str):
    message_id = post(run_sql, "michael", "dm-michael-toby", "Spend.")
    [(run_id,)] = run_sql("SELECT id FROM runs WHERE trigger_message_id = $1", message_id)
    [(step_id,)] = run_sql(
        "INSERT INTO run_steps (run_id, step_number, model_id) VALUES ($1, 1, 'dear') RETURNING id",
        run_id,
    )
    run_sql("INSERT INTO step_details VALUES ($1, '{}', NULL, 0.1)", step_id)
    run_sql(
        "INSERT INTO spending (day, reserved_usd) VALUES ((now() AT TIME ZONE 'UTC')::date, 0.1)"
    )
    run_sql("UPDATE run_steps SET status = 'failed' WHERE id = $1", step_id)
    rows = run_sql(
        "SELECT spent_usd, reserved_usd FROM spending WHERE agent_id IS NULL AND channel_id IS NULL"
    )
    assert [tuple(row) for row in rows] == [(0.1, 0.0)]


def test_a_chain_of_agents_that_always_answer_ends(run_sql, url: str):
    with working(url, SmallMind(answer), 2):
        post(run_sql, "jim", "general", "What does everybody think?")
        until(lambda: settled(run_sql), 90)
    [(deepest, runs)] = run_sql("SELECT max(depth), count(*) FROM run_details")
    assert deepest <= DEEPEST
    [(said,)] = run_sql("SELECT count(*) FROM run_posts")
    # One more of each who was asked already when the last was said.
    assert 15 <= said <= AMONG_THEMSELVES + 16
    assert runs == said


@settings(
    max_examples=6,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    seed=st.integers(0, 2**32),
    starts=st.lists(
        st.tuples(st.sampled_from(["jim", "pam", "michael"]), st.sampled_from(["general", "dm"])),
        min_size=1,
        max_size=3,
    ),
)
def test_every_conversation_of_agents_that_always_answer_ends(
    run_sql, url: str, seed: int, starts: list[tuple[str, str]]
):
    """Whatever they say, wherever they say it, whomever they mention."""
    chance = random.Random(seed)
    places = run_sql("SELECT channel_id, user_id FROM channel_members ORDER BY 1, 2")
    users = sorted({row[1] for row in places})

    async def anything(spec: RunRequest, recorder: Recorder) -> RunResult:
        await recorder.turn_started(spec.model_id, {})
        for _ in range(chance.randint(1, 2)):
            mine = [row[0] for row in places if row[1] == spec.agent_id]
            words = f"@{chance.choice(users)} {chance.random()}"
            arguments = {"text": words}
            if chance.random() < 0.2:
                arguments["channel_id"] = chance.choice(mine)
            await recorder.call("send_message", arguments, "1")
        await recorder.turn_ended(Usage(1, 1), 0.0, None)
        return RunResult("end_turn")

    run_sql("UPDATE agents SET is_active = id IN ('jim', 'pam', 'michael', 'toby', 'kevin')")
    with working(url, SmallMind(anything), 1):
        for user_id, where in starts:
            channel_id = (
                "general"
                if where == "general"
                else next(
                    row[0] for row in places if row[1] == user_id and row[0].startswith("dm-")
                )
            )
            post(run_sql, user_id, channel_id, "Go on.")
        until(lambda: settled(run_sql), 120)
    assert run_sql("SELECT count(*) FROM runs WHERE status IN ('created', 'running')")[0][0] == 0
