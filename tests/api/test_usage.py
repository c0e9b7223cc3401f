"""Usage and cost for owners and admins, and everybody's API tokens."""

import pytest

RUNS = """
WITH run (id, agent, place, day, person) AS (VALUES
    ('00000000-0000-4000-8000-000000000001'::uuid, 'bot', 'open', '2026-03-02', 'mia'),
    ('00000000-0000-4000-8000-000000000002'::uuid, 'bot', 'closed', '2026-03-02', 'gus'),
    ('00000000-0000-4000-8000-000000000003'::uuid, 'rob', 'corner', '2026-03-03', 'max'),
    ('00000000-0000-4000-8000-000000000004'::uuid, 'rob', 'dm-max-gil', '2026-03-04', NULL),
    ('00000000-0000-4000-8000-000000000005'::uuid, 'rob', 'open', '2026-03-05', 'mia')
), made AS (
    INSERT INTO runs (id, agent_id, channel_id, status, created_at)
    SELECT id, agent, place, 'completed', (day || ' 23:59:59.9Z')::timestamptz FROM run
), detailed AS (
    INSERT INTO run_details (run_id, kind, started_by)
    SELECT id, 'message', person FROM run WHERE person IS NOT NULL
), stepped AS (
    INSERT INTO run_steps (id, run_id, step_number, status, model_id, token_usage)
    SELECT overlay(r.id::text placing n::text from 1 for 1)::uuid, r.id, n, 'completed',
           CASE n WHEN 1 THEN 'small' ELSE 'large' END,
           jsonb_build_object('input_tokens', 100 * n, 'output_tokens', 10)
    FROM run r CROSS JOIN (VALUES (1), (2)) step (n) WHERE r.id::text NOT LIKE '%5'
    RETURNING id, step_number
)
INSERT INTO step_details (step_id, request, cost_usd)
SELECT id, '{}', step_number * 0.25 FROM stepped
"""


@pytest.fixture
def used(run_staffed) -> None:
    run_staffed(RUNS)
    run_staffed("INSERT INTO budgets (agent_id, daily_usd) VALUES ('bot', 3), (NULL, 5)")


def rows(client, by: str, **days: str) -> dict[str | None, tuple[object, ...]]:
    answer = client.get("/api/usage", params={"by": by, **days})
    assert answer.status_code == 200, answer.text
    return {
        row["key"]: (row["runs"], row["calls"], row["inputTokens"], row["costUsd"])
        for row in answer.json()["rows"]
    }


ALL = {"from": "2026-03-01", "to": "2026-03-04"}
ONE, TWO = (1, 2, 300, 0.75), (2, 4, 600, 1.5)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("agent", {"bot": TWO, "rob": TWO}),
        ("person", {"mia": ONE, "gus": ONE, "max": ONE, None: ONE}),
        ("model", {"large": (4, 4, 800, 2.0), "small": (4, 4, 400, 1.0)}),
        ("day", {"2026-03-02": TWO, "2026-03-03": ONE, "2026-03-04": ONE}),
        # Ada is in neither corner nor the DM: they are one row, which names nothing.
        ("channel", {"open": ONE, "closed": ONE, None: TWO}),
    ],
)
def test_usage_is_added_up_by(signed_in, used, by: str, expected):
    assert rows(signed_in("ada"), by, **ALL) == expected


def test_totals_budgets_and_the_days_that_are_included(signed_in, used):
    olga = signed_in("olga")
    shown = olga.get("/api/usage", params={"by": "agent", **ALL}).json()
    assert shown["total"] == {
        "key": None, "runs": 4, "calls": 8, "inputTokens": 1200, "outputTokens": 80, "costUsd": 3.0,
    }  # fmt: skip
    assert {row["key"]: row.get("dailyUsd") for row in shown["rows"]} == {"bot": 3, "rob": None}
    days = olga.get("/api/usage", params={"by": "day", **ALL}).json()["rows"]
    assert [(row["key"], row["dailyUsd"]) for row in days] == [
        ("2026-03-02", 5), ("2026-03-03", 5), ("2026-03-04", 5),
    ]  # fmt: skip
    only = {"from": "2026-03-03", "to": "2026-03-03"}
    assert rows(olga, "agent", **only) == {"rob": ONE}
    later = {"from": "2026-03-05", "to": "2026-03-05"}
    assert rows(olga, "agent", **later) == {"rob": (1, 0, 0, 0.0)}
    none = olga.get("/api/usage", params={"from": "2020-01-01", "to": "2020-01-02"}).json()
    assert (none["rows"], none["total"]["runs"], none["total"]["costUsd"]) == ([], 0, 0)


def test_private_channels_of_others_do_not_show_in_usage(signed_in, used):
    for who in ("olga", "ada"):
        text = signed_in(who).get("/api/usage", params={"by": "channel", **ALL}).text
        assert "corner" not in text
        assert "dm-" not in text


def test_a_failed_call_counts_with_what_was_reserved_for_it(signed_in, used, run_staffed):
    run_staffed(
        "UPDATE step_details SET cost_usd = NULL, reserved_usd = 0.5"
        " WHERE step_id = '10000000-0000-4000-8000-000000000001'"
    )
    failing = "UPDATE run_steps SET status = 'failed' WHERE id = $1"
    run_staffed(failing, "10000000-0000-4000-8000-000000000001")
    assert rows(signed_in("ada"), "person", **ALL)["mia"] == (1, 2, 300, 1.0)


@pytest.mark.parametrize("days", [("2026-03-02", "2026-03-01"), ("2025-01-01", "2026-03-01")])
def test_days_in_the_wrong_order_and_too_many_are_refused(signed_in, days):
    answer = signed_in("ada").get("/api/usage", params=dict(zip(("from", "to"), days, strict=True)))
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
    assert signed_in("ada").get("/api/usage", params={"to": "0001-01-01"}).status_code == 200


def token_of(client, path: str) -> str:
    answer = client.post(f"/api/{path}", json={"name": "x", "scopes": ["read"]})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_administrators_list_and_revoke_the_tokens_that_they_may_manage(signed_in):
    olga, ada, art, mia = (signed_in(who) for who in ("olga", "ada", "art", "mia"))
    made = {who: token_of(signed_in(who), "tokens") for who in ("olga", "ada", "art", "mia", "gus")}
    made["rob"] = token_of(ada, "agents/rob/tokens")

    def listed(client) -> set[str]:
        found = client.get("/api/workspace/tokens").json()
        assert not any("token" in one for one in found)
        return {one["id"] for one in found} & set(made.values())

    assert listed(olga) == set(made.values())
    assert listed(ada) == {made[who] for who in ("ada", "mia", "gus", "rob")}
    assert listed(art) == {made[who] for who in ("art", "mia", "gus", "rob")}
    for who in ("mia", "gus", "bot"):
        refused = signed_in(who).get("/api/workspace/tokens")
        assert refused.json()["code"] in ("not_permitted", "missing_scope"), who
    assert ada.delete(f"/api/people/mia/tokens/{made['mia']}").status_code == 200
    assert ada.delete(f"/api/agents/rob/tokens/{made['rob']}").status_code == 200
    assert ada.delete(f"/api/people/art/tokens/{made['art']}").status_code == 403
    assert listed(ada) == {made["ada"], made["gus"]}
    assert mia.get("/api/tokens").json() == []
