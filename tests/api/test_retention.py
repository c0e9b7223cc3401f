"""What is old goes, what is not stays, and nothing else changes."""

from tests.support.fixtures import complete

from bullpen.kit.database import Database
from bullpen.settings import read
from bullpen.workspace.retention import Retention, trim

STEPS = "INSERT INTO step_details (step_id, request) SELECT id, '{}' FROM run_steps"
AGED = "UPDATE runs SET created_at = now() - interval '40 days' WHERE agent_id = 'kevin'"
KEVINS = """
UPDATE runs SET created_at = now(), agent_id = 'kevin' WHERE id = (
    SELECT id FROM runs WHERE EXISTS (SELECT FROM run_steps WHERE run_id = runs.id) LIMIT 1
)
"""
HISTORY = """
INSERT INTO run_details (run_id, kind, history) SELECT id, 'message', 'x'::bytea FROM runs
"""
COUNTS = """
SELECT (SELECT count(*) FROM step_details d JOIN run_steps s ON s.id = d.step_id
        JOIN runs r ON r.id = s.run_id WHERE r.agent_id = 'kevin'),
       (SELECT count(*) FROM step_details),
       (SELECT count(*) FROM run_messages m JOIN runs r ON r.id = m.run_id
        WHERE r.agent_id = 'kevin'),
       (SELECT count(*) FROM run_messages), (SELECT count(*) FROM runs),
       (SELECT count(*) FROM run_steps), (SELECT count(history) FROM run_details)
"""


def trimmed(url: str, kept: Retention) -> dict[str, int]:
    async def work() -> dict[str, int]:
        database = await Database.open(url)
        try:
            return await trim(database, kept)
        finally:
            await database.close()

    return complete(work())


def prepare(run_sql) -> list[int]:
    run_sql(KEVINS)
    run_sql("UPDATE runs SET created_at = now() WHERE agent_id <> 'kevin'")
    for statement in (STEPS, HISTORY, AGED):
        run_sql(statement)
    return list(run_sql(COUNTS)[0])


def test_what_old_runs_sent_to_models_goes_and_their_trace_stays(url: str, run_sql):
    before = prepare(run_sql)
    assert before[0] > 0
    assert trimmed(url, Retention(requests_days=41)) == {
        "requests": 0, "versions of memory": 0,
    }  # fmt: skip
    assert list(run_sql(COUNTS)[0]) == before
    removed = trimmed(url, Retention(requests_days=39))
    old, whole, *rest, histories = before
    after = list(run_sql(COUNTS)[0])
    assert after[:2] == [0, whole - old]
    assert after[2:-1] == rest
    gone = histories - after[-1]
    assert (gone > 0, removed["requests"]) == (True, old + gone)


def test_the_messages_of_old_traces_go_and_the_runs_stay(url: str, run_sql):
    before = prepare(run_sql)
    kept = Retention(requests_days=0, traces_days=39, versions=0)
    removed = trimmed(url, kept)
    assert removed.pop("requests") >= before[0]
    assert removed == {"messages of traces": before[2]}
    after = list(run_sql(COUNTS)[0])
    assert before[2] > 0
    assert after[2:4] == [0, before[3] - before[2]]
    assert after[4:6] == before[4:6]


def test_a_run_that_is_under_way_keeps_everything(url: str, run_sql):
    prepare(run_sql)
    run_sql("UPDATE runs SET status = 'created', completed_at = NULL WHERE agent_id = 'kevin'")
    kept = Retention(requests_days=1, traces_days=1)
    assert trimmed(url, kept) == {
        "requests": 0, "messages of traces": 0, "versions of memory": 0,
    }  # fmt: skip


def test_the_newest_versions_of_each_memory_block_stay(url: str, acting, run_sql):
    jim = acting("jim")
    for number in range(5):
        for agent in ("kevin", "toby"):
            path = f"/api/agents/{agent}/memory/numbers"
            assert jim.put(path, json={"content": f"{number}"}).is_success
    assert trimmed(url, Retention(versions=2))["versions of memory"] > 0
    versions = run_sql(
        "SELECT v.version, v.content FROM memory_block_versions v JOIN memory_blocks b"
        " ON b.id = v.block_id WHERE b.agent_id = 'kevin' AND b.label = 'numbers' ORDER BY 1"
    )
    assert [tuple(row) for row in versions] == [(4, "3"), (5, "4")]
    assert jim.get("/api/agents/kevin/memory/numbers/versions").is_success
    assert trimmed(url, Retention(versions=2))["versions of memory"] == 0


def test_private_notes_keep_as_many_versions(url: str, acting, run_sql):
    oscar, path = acting("oscar"), "/api/agents/kevin/notes/accounting/numbers"
    for number in range(5):
        assert oscar.put(path, json={"content": f"{number}"}).is_success
    assert trimmed(url, Retention(versions=2))["versions of memory"] == 3
    versions = oscar.get(f"{path}/versions").json()["versions"]
    assert [(one["version"], one["content"]) for one in versions] == [(5, "4"), (4, "3")]


def test_what_was_withheld_from_old_runs_goes_with_their_messages(url: str, run_sql):
    prepare(run_sql)
    run_sql(
        "INSERT INTO run_withheld (run_id, channel_id, content)"
        " SELECT id, 'accounting', 'x' FROM runs"
    )
    trimmed(url, Retention(requests_days=0, traces_days=39, versions=0))
    of = "SELECT count(*) FROM run_withheld w JOIN runs r ON r.id = w.run_id WHERE r.agent_id"
    assert run_sql(f"{of} = 'kevin'")[0][0] == 0
    assert run_sql(f"{of} <> 'kevin'")[0][0] > 0


def test_the_settings_say_what_is_kept(monkeypatch):
    assert read().kept == Retention()
    monkeypatch.setenv("BULLPEN_KEEP_TRACES_DAYS", "90")
    assert read().kept == Retention(traces_days=90)
