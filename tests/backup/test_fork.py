"""A copy of the workspace for experiments, as it is or as it was."""

from datetime import UTC
from pathlib import Path

import pytest
from tests.support.backups import command, done, holds
from tests.support.catalog import fetch

from bullpen.kit.postgres import EmbeddedPostgres

pytestmark = pytest.mark.timeout(300)

POST = "INSERT INTO messages (channel_id, user_id, text) VALUES ('general', 'pam', $1)"
# One that had ended, one that was under way, one that waited, and one that came later.
RUNS = """
INSERT INTO runs (agent_id, channel_id, status, created_at, started_at, completed_at)
VALUES ('jim', 'general', 'completed', now() - interval '5 days', now() - interval '5 days',
        now() - interval '5 days'),
       ('dwight', 'general', 'completed', now() - interval '5 days', now() - interval '5 days',
        now()),
       ('pam', 'general', 'completed', now() - interval '5 days', now(), now()),
       ('kevin', 'general', 'created', now(), NULL, NULL)
"""
DETAILS = "INSERT INTO run_details (run_id, kind) SELECT id, 'message' FROM runs"


def fork(url: str, folder: Path, *options: str):
    return command("fork", str(folder), *options, url=url, data_dir=folder.parent / "none")


def test_a_fork_is_the_workspace_as_of_a_moment(tmp_path: Path, url: str):
    fetch(url, "DELETE FROM runs")
    fetch(url, POST, "Twelve boxes.")
    fetch(url, "UPDATE memory_blocks SET content = 'Before' WHERE agent_id = 'jim'")
    [[at]] = fetch(url, "SELECT clock_timestamp()")
    fetch(url, "UPDATE messages SET text = 'Thirteen walruses.' WHERE text = 'Twelve boxes.'")
    fetch(url, POST, "Said afterwards.")
    fetch(url, "UPDATE memory_blocks SET content = 'After' WHERE agent_id = 'jim'")
    fetch(url, "INSERT INTO archival_passages (agent_id, content) VALUES ('jim', 'Birch')")
    fetch(url, RUNS)
    fetch(url, DETAILS)
    fetch(url, "UPDATE runs SET created_at = clock_timestamp() WHERE agent_id = 'kevin'")
    before = holds(url)

    folder = tmp_path / "experiment"
    said = done(fork(url, folder, "--at", at.isoformat()))
    shown = at.astimezone(UTC).isoformat(timespec="seconds")
    assert said.splitlines() == [
        f"Copied the workspace as of {shown} to {folder}",
        f"Serve it with: bullpen --data-dir {folder} --port 8001",
    ]
    assert holds(url) == before

    postgres = EmbeddedPostgres.start(folder)
    try:
        copy = postgres.url("dunder_mifflin")
        newest = "SELECT text FROM messages ORDER BY created_at DESC LIMIT 1"
        assert fetch(copy, newest) == [("Twelve boxes.",)]
        blocks = "SELECT DISTINCT content FROM memory_blocks WHERE agent_id = 'jim'"
        assert fetch(copy, blocks) == [("Before",)]
        assert fetch(copy, "SELECT content FROM archival_passages WHERE content = 'Birch'") == []
        runs = "SELECT agent_id, status FROM runs ORDER BY agent_id"
        assert fetch(copy, runs) == [
            ("dwight", "cancelled"),
            ("jim", "completed"),
            ("pam", "created"),
        ]
        assert fetch(copy, "SELECT agent_id FROM mailbox") == [("pam",)]
        # The words that search goes by are those of the copy's texts.
        found = "SELECT count(*) FROM message_words WHERE words @@ 'walrus'::tsquery"
        assert fetch(copy, found) == [(0,)]
        assert fetch(copy, "SELECT count(*) FROM sessions") == [(0,)]
    finally:
        postgres.stop()
    assert not (folder / "fork.backup").exists()


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("yesterday", "'yesterday' is not a moment: give date, time and time zone"),
        ("2026-03-04T12:00", "'2026-03-04T12:00' is not a moment: give date, time and time zone"),
        ("2999-01-01T00:00Z", "2999-01-01T00:00Z is in the future: leave out --at"),
    ],
)
def test_a_fork_needs_a_moment_in_the_past(tmp_path: Path, shared_url: str, at: str, reason: str):
    result = fork(shared_url, tmp_path / "experiment", "--at", at)
    assert result.code == 1
    assert reason in result.err
    assert not (tmp_path / "experiment").exists()


def test_a_fork_writes_over_nothing(tmp_path: Path, shared_url: str):
    folder = tmp_path / "experiment"
    folder.mkdir()
    (folder / "mine.txt").write_text("kept")
    result = fork(shared_url, folder)
    assert result.code == 1
    assert f"{folder} is not empty: choose another folder" in result.err
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
