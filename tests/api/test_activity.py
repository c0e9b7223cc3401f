"""All runs of all agents: what each answered and what came of it, and who may see that."""

import csv
import io
from collections.abc import Callable

import httpx
import pytest
from tests.support.asking import post

MADE = """
WITH run AS (
    INSERT INTO runs (agent_id, channel_id, trigger_message_id, status, created_at, started_at,
                      completed_at, token_usage)
    VALUES ($1, $2, $3, $4, $5::text::timestamptz, $5::text::timestamptz,
            $5::text::timestamptz + interval '4 seconds',
            '{"input_tokens": 3000, "output_tokens": 80}') RETURNING id
), details AS (
    INSERT INTO run_details (run_id, kind, cost_usd, problem)
    SELECT id, 'message', $6, CASE $4 WHEN 'failed' THEN 'The provider failed (500).' END FROM run
), steps AS (
    INSERT INTO run_steps (run_id, step_number, status, model_id, token_usage)
    SELECT id, step, 'completed', $7, jsonb_build_object(
        'input_tokens', step * 1000, 'output_tokens', 40
    ) FROM run, generate_series(1, 2) step
)
SELECT id FROM run
"""
SUMMED = """
SELECT r.id AS run_id, r.agent_id, r.channel_id, r.status, r.created_at,
       extract(epoch FROM r.completed_at - r.started_at)::float8 AS seconds,
       (SELECT model_id FROM run_steps WHERE run_id = r.id ORDER BY step_number LIMIT 1),
       sum((s.token_usage ->> 'input_tokens')::bigint)::bigint AS input_tokens,
       max((s.token_usage ->> 'input_tokens')::bigint) AS longest_request,
       sum((s.token_usage ->> 'output_tokens')::bigint)::bigint AS output_tokens,
       (SELECT cost_usd FROM run_details WHERE run_id = r.id)
FROM runs r LEFT JOIN run_steps s ON s.run_id = r.id GROUP BY r.id ORDER BY r.id
"""
NOON = "2031-05-06T12:00:00Z"


@pytest.fixture
def made(run_sql: Callable[..., list]) -> dict[str, str]:
    return make_runs(run_sql)


@pytest.fixture(scope="module")
def module_made(module_sql: Callable[..., list]) -> dict[str, str]:
    """For tests that only read."""
    return make_runs(module_sql)


def make_runs(run_sql: Callable[..., list]) -> dict[str, str]:
    """Runs by name: a public one, one in a private channel, one that failed, one by schedule."""
    run_sql("DELETE FROM runs")
    question = post(run_sql, "michael", "general", "Who has the Q3 numbers?")
    secret = post(run_sql, "michael", "management", "=SUM(A1) is secret")
    run_sql("DELETE FROM runs")
    rows = {
        "answered": ("dwight", "general", question, "completed", NOON, 0.5, "model-a"),
        "secret": ("toby", "management", secret, "completed", NOON, 2.0, "model-b"),
        "failed": ("jim", "general", question, "failed", "2031-05-07T12:00:00Z", 0.0, "model-b"),
        "planned": ("jim", None, None, "completed", "2031-05-08T12:00:00Z", 0.1, "model-a"),
    }
    ids = {name: run_sql(MADE, *row)[0][0] for name, row in rows.items()}
    run_sql("UPDATE run_details SET prompt = 'Look around' WHERE run_id = $1", ids["planned"])
    for name, channel in (("answered", "general"), ("secret", "management")):
        run_sql(
            "WITH said AS (INSERT INTO messages (channel_id, user_id, text)"
            " VALUES ($2, 'dwight', 'I do: ' || $3) RETURNING id)"
            " INSERT INTO run_posts (message_id, run_id) SELECT id, $1 FROM said",
            ids[name],
            channel,
            name,
        )
    return {name: str(run_id) for name, run_id in ids.items()}


def listed(client: httpx.Client, **query: str) -> list[str]:
    answer = client.get("/api/activity", params=query)
    assert answer.status_code == 200, answer.text
    return [row["run"]["id"] for row in answer.json()["items"]]


def test_each_row_says_what_was_answered_and_what_came_of_it(module_acting, module_made):
    items = module_acting("michael").get("/api/activity").json()["items"]
    rows = {row["run"]["id"]: row for row in items}
    assert list(rows) == [module_made["planned"], module_made["failed"], *sorted(
        (module_made["answered"], module_made["secret"]), reverse=True
    )]  # fmt: skip
    answered = rows[module_made["answered"]]
    assert (answered["askedBy"], answered["asked"]) == ("michael", "Who has the Q3 numbers?")
    [posted] = answered["posted"]
    assert (posted["channelId"], posted["text"]) == ("general", "I do: answered")
    assert (answered["modelId"], answered["costUsd"]) == ("model-a", 0.5)
    assert rows[module_made["failed"]]["problem"] == "The provider failed (500)."
    planned = rows[module_made["planned"]]
    assert (planned["askedBy"], planned["asked"], planned["posted"]) == (None, "Look around", [])


def test_runs_of_a_channel_that_one_cannot_read_are_in_no_list_sum_or_export(
    module_acting, module_made
):
    michael, kevin = module_acting("michael"), module_acting("kevin")
    assert module_made["secret"] in listed(michael)
    assert module_made["secret"] not in listed(kevin)
    assert listed(kevin, channelId="management") == listed(kevin, agentId="toby") == []
    assert listed(kevin, before=module_made["secret"]) == []
    for client, cost in ((michael, 2.6), (kevin, 0.6)):
        figures = client.get("/api/activity/figures").json()
        assert sum(one["costUsd"] for one in figures) == pytest.approx(cost)
    by_agent = kevin.get("/api/activity/figures", params={"by": "agent"}).json()
    assert {one["key"] for one in by_agent} == {"dwight", "jim"}
    assert "secret" not in kevin.get("/api/activity/export").text


def test_what_a_run_posted_where_one_cannot_read_is_not_shown(acting, made, run_sql):
    run_sql(
        "WITH said AS (INSERT INTO messages (channel_id, user_id, text)"
        " VALUES ('management', 'dwight', 'Elsewhere') RETURNING id)"
        " INSERT INTO run_posts (message_id, run_id) SELECT id, $1::text::uuid FROM said",
        made["answered"],
    )
    for who, texts in (("michael", {"I do: answered", "Elsewhere"}), ("kevin", {"I do: answered"})):
        items = acting(who).get("/api/activity").json()["items"]
        [row] = [one for one in items if one["run"]["id"] == made["answered"]]
        assert {posted["text"] for posted in row["posted"]} == texts


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"agentId": "jim"}, {"failed", "planned"}),
        ({"channelId": "general"}, {"answered", "failed"}),
        ({"modelId": "model-b"}, {"secret", "failed"}),
        ({"status": "failed"}, {"failed"}),
        ({"from": "2031-05-07T00:00:00Z"}, {"failed", "planned"}),
        ({"to": "2031-05-07T00:00:00Z"}, {"answered", "secret"}),
        ({"leastUsd": "0.5"}, {"answered", "secret"}),
        ({"leastUsd": "0"}, {"answered", "secret", "planned"}),
        ({"agentId": "jim", "modelId": "model-a", "from": NOON}, {"planned"}),
        ({"agentId": "nobody"}, set()),
    ],
)
def test_filters_narrow_the_list_and_the_sums(module_acting, module_made, query: dict, names: set):
    michael = module_acting("michael")
    assert set(listed(michael, **query)) == {module_made[name] for name in names}
    figures = michael.get("/api/activity/figures", params=query).json()
    assert sum(one["runs"] for one in figures) == len(names)


def test_pages_hold_each_run_once(module_acting, module_made):
    michael = module_acting("michael")
    seen, before = [], None
    while True:
        query = {"limit": 1} | ({"before": before} if before else {})
        page = michael.get("/api/activity", params=query).json()
        seen += [row["run"]["id"] for row in page["items"]]
        before = page["nextCursor"]
        if before is None:
            break
    assert seen == listed(michael)
    assert len(seen) == len(module_made)


def test_figures_add_up_by_day_and_model(module_acting, module_made):
    figures = module_acting("michael").get("/api/activity/figures", params={"by": "model"}).json()
    by = {(one["day"], one["key"]): one for one in figures}
    assert set(by) == {
        ("2031-05-06", "model-a"), ("2031-05-06", "model-b"), ("2031-05-07", "model-b"),
        ("2031-05-08", "model-a"),
    }  # fmt: skip
    one = by["2031-05-06", "model-a"]
    # Two requests of 1,000 and 2,000 tokens: the second has sent the first once more.
    assert (one["inputTokens"], one["uniqueTokens"], one["outputTokens"]) == (3000, 2000, 80)
    assert (one["runs"], one["failed"], one["medianSeconds"]) == (1, 0, 4.0)
    assert by["2031-05-07", "model-b"]["failed"] == 1


def test_the_row_for_plots_equals_what_run_details_and_steps_say(made, run_sql):
    # In each state that a run can be left in: a step is retried, ends, changes, and goes.
    for change in (
        "SELECT",
        "INSERT INTO run_steps (run_id, step_number, model_id) SELECT id, 3, 'model-c' FROM runs",
        "UPDATE run_steps SET status = 'failed' WHERE step_number = 3",
        "INSERT INTO run_steps (run_id, step_number, model_id) SELECT id, 4, 'model-d' FROM runs",
        """UPDATE run_steps SET status = 'completed', token_usage =
            '{"input_tokens": 7000, "output_tokens": 9}' WHERE step_number = 4""",
        "UPDATE run_steps SET model_id = 'model-e' WHERE step_number = 1",
        "UPDATE run_details SET cost_usd = cost_usd + 1",
        "UPDATE runs SET completed_at = completed_at + interval '1 second', status = 'cancelled'",
        "DELETE FROM run_steps WHERE step_number = 4",
        "UPDATE run_details SET cost_usd = NULL",
        "DELETE FROM run_steps",
    ):
        run_sql(change)
        rows = run_sql(SUMMED)
        assert len(rows) == len(made)
        assert run_sql("SELECT * FROM run_figures ORDER BY run_id") == rows, change
    run_sql("DELETE FROM runs")
    assert run_sql("SELECT * FROM run_figures") == []


def test_the_export_is_a_table_in_which_no_cell_is_a_formula(module_acting, module_made):
    answer = module_acting("michael").get("/api/activity/export", params={"agentId": "toby"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "activity.csv" in answer.headers["Content-Disposition"]
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert row["runId"] == module_made["secret"]
    assert row["asked"] == "'=SUM(A1) is secret"
    assert (row["modelId"], row["costUsd"], row["posted"]) == ("model-b", "2.0", "I do: secret")


def test_bad_filters_are_refused(reader):
    michael = reader("michael")
    for query in ({"status": "tired"}, {"leastUsd": "-1"}, {"from": "noon"}, {"limit": "0"}):
        assert michael.get("/api/activity", params=query).status_code == 400, query
