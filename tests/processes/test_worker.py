"""The worker that comes with the server, and one that runs apart."""

import os
import signal
from contextlib import closing
from pathlib import Path

from tests.support.catalog import fetch
from tests.support.posting import post
from tests.support.program import environment, finish, running, start, until, workers


def test_the_server_brings_a_worker_and_replaces_one_that_dies(tmp_path: Path, url: str):
    fetch(url, "UPDATE scheduled_messages SET status = 'cancelled' WHERE status = 'pending'")
    with (
        running(cwd=tmp_path, DATABASE_URL=url, BULLPEN_AGENTS="on") as program,
        closing(program.client("michael")) as michael,
    ):

        def answered() -> bool:
            return michael.get("/api/runs", params={"limit": 1}).json()[0]["status"] == "completed"

        post(michael, "@toby, no.", channelId="dm-michael-toby")
        until(answered)
        until(lambda: workers(program.process.pid))
        [worker] = workers(program.process.pid)
        os.kill(worker, signal.SIGKILL)
        post(michael, "@toby, still no.", channelId="dm-michael-toby")
        until(lambda: michael.get("/api/runs", params={"limit": 1}).json()[0]["agentId"] == "toby")
        until(answered)
        assert worker not in workers(program.process.pid)
        code, seconds = program.stop()
        assert code == 0
        assert seconds < 2
        assert program.complained == []
    assert fetch(url, "SELECT count(*) FROM mailbox")[0][0] == 0


def test_a_worker_runs_apart_until_it_is_told_to_stop(tmp_path: Path, url: str):
    with (
        running(cwd=tmp_path, DATABASE_URL=url, BULLPEN_AGENTS="on") as program,
        closing(program.client("michael")) as michael,
    ):
        worker = start("worker", cwd=tmp_path, DATABASE_URL=url, BULLPEN_AGENTS="on")
        assert worker.stdout is not None
        opened = worker.stdout.readline()
        assert opened.startswith("Opened the workspace Dunder Mifflin in ")
        assert worker.stdout.readline() == "Bullpen answers for its agents\n"
        post(michael, "Hello", channelId="dm-michael-toby")
        until(lambda: fetch(url, "SELECT count(*) FROM mailbox")[0][0] == 0)
        worker.send_signal(signal.SIGTERM)
        done = finish(worker)
        assert (done.code, done.err) == (0, "")


def test_with_agents_off_there_is_no_worker(tmp_path: Path, url: str):
    done = finish(start("worker", cwd=tmp_path, DATABASE_URL=url))
    assert done.code == 1
    assert done.err == ("bullpen: BULLPEN_AGENTS is off: nobody would be answered; set it to on\n")
    with (
        running(cwd=tmp_path, DATABASE_URL=url) as program,
        closing(program.client("michael")) as michael,
    ):
        assert environment()["BULLPEN_AGENTS"] == "off"
        post(michael, "Hello")
        assert fetch(url, "SELECT count(*) FROM mailbox")[0][0] == 0
        assert workers(program.process.pid) == []
        # What people have planned for themselves is done all the same.
        later = {"channelId": "random", "text": "Later", "sendAt": "2020-01-02T09:00:00Z"}
        assert michael.post("/api/scheduled-posts", json=later).status_code == 201
        sent = "SELECT count(*) FROM messages WHERE channel_id = 'random' AND text = 'Later'"
        until(lambda: michael.get("/api/scheduled-posts").json() == [])
        assert fetch(url, sent)[0][0] == 1
        assert fetch(url, "SELECT count(*) FROM mailbox")[0][0] == 0
