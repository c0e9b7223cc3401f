"""Workers killed with SIGKILL, and a database that is away for a while."""

import asyncio
from pathlib import Path

import pytest
from tests.support.asking import post, settled
from tests.support.catalog import fetch
from tests.support.clusters import cluster
from tests.support.fixtures import complete, fill_template
from tests.support.kills import kill_under_load
from tests.support.minds import SmallMind, working
from tests.support.program import until
from tests.support.streaming_kills import kill_while_streaming

pytestmark = pytest.mark.timeout(300)


def test_killed_workers_lose_nothing_and_say_nothing_twice(tmp_path: Path, url: str):
    fetch(url, "UPDATE scheduled_messages SET status = 'cancelled' WHERE status = 'pending'")
    written, wrong = asyncio.run(
        kill_under_load(url, tmp_path, kills=3, workers=2, pause=(0.6, 1.2))
    )
    assert written > 20
    assert wrong == {}, (tmp_path / "workers.log").read_text()
    assert "Traceback" not in (tmp_path / "workers.log").read_text()


def test_a_worker_outlives_a_database_that_was_away(tmp_path: Path):
    with cluster() as own:
        url = own.create("away")
        complete(fill_template(url))

        def run_sql(sql: str, *args: object):
            return fetch(url, sql, *args)

        with working(url, SmallMind()):
            post(run_sql, "michael", "dm-michael-toby", "Before")
            until(lambda: settled(run_sql))
            own.stop()
            own.start()
            post(run_sql, "michael", "dm-michael-toby", "After")
            until(lambda: settled(run_sql))
        answers = "SELECT count(*) FROM run_posts p JOIN messages m ON m.id = p.message_id"
        assert run_sql(answers)[0][0] == 2


def test_a_kill_while_an_answer_is_written_leaves_the_message_once_and_no_part(
    tmp_path: Path, url: str
):
    wrong = asyncio.run(kill_while_streaming(url, tmp_path, ["worker", "server"]))
    assert wrong == [], (tmp_path / "processes.log").read_text()
