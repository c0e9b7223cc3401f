import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.support.postgres_running import (
    cluster_of,
    is_over,
    kill_server,
    processes_in,
    server_pid,
    sql,
    until,
)

from bullpen.kit.postgres import launch, postmaster

IGNORING = ["sh", "-c", 'trap "" INT; exec "$@"', "sh"]


def log_of(data_dir):
    return (data_dir / "postgres.log").read_text()


def test_server_follows_a_killed_program_and_shuts_down_cleanly(data_dir, program):
    owner = program(data_dir)
    assert owner.answer()["owned"]
    assert processes_in(data_dir)
    owner.kill()
    until(lambda: is_over(data_dir))
    assert "database system is shut down" in log_of(data_dir)


def test_server_follows_a_program_that_was_told_to_ignore_interrupts(data_dir, program):
    owner = program(data_dir, before=IGNORING)
    assert owner.answer()["owned"]
    owner.kill()
    until(lambda: is_over(data_dir))


def test_interrupt_is_not_ignored_before_the_server_has_its_own_way_with_it():
    becoming = [str(os.getpid()), "0", "-1", "-1", "/bin/sh", "-c", "kill -INT $$; echo ignored"]
    command = [*IGNORING, sys.executable, "-I", "-S", launch.__file__, *becoming]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGINT, "")


def test_nothing_is_started_for_a_program_that_has_gone_meanwhile():
    not_its_parent = os.getppid()
    command = [sys.executable, "-I", "-S", launch.__file__]
    numbers = [str(number) for number in (not_its_parent, int(signal.SIGINT), -1, -1)]
    done = subprocess.run(
        [*command, *numbers, "/bin/echo", "started"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "has gone" in done.stderr


def test_ctrl_c_stops_the_server_after_the_program_is_done_with_it(data_dir, program):
    owner = program(data_dir)
    assert owner.answer()["owned"]
    owner.interrupt()
    assert owner.answer() == {"interrupted": "still here"}
    owner.end()
    assert owner.process.returncode == 0
    assert is_over(data_dir)
    assert "received fast shutdown request" in log_of(data_dir)


def test_server_is_started_again_after_it_was_killed(data_dir, start):
    server = start(data_dir)
    url = server.url("postgres")
    sql(url, "create table restarted as select 7 as seven")
    killed = kill_server(data_dir)
    server.ensure()
    assert server.owned
    assert server_pid(data_dir) != killed
    assert server.url("postgres") == url
    assert sql(url, "select seven from restarted") == "7"


def test_pid_file_of_a_killed_server_may_name_a_living_process(data_dir, start, program):
    owner = program(data_dir)
    folder = Path(sql(owner.answer()["url"], "show unix_socket_directories"))
    kill_server(data_dir)
    owner.kill()
    until(lambda: is_over(data_dir))
    stale = cluster_of(data_dir) / "postmaster.pid"
    # One of the server's own user, which it would take for another server.
    server_user = cluster_of(data_dir).stat().st_uid if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "600"], user=server_user) as living:
        for file in (stale, folder / ".s.PGSQL.5432.lock"):
            _, rest = file.read_text().split("\n", 1)
            file.write_text(f"{living.pid}\n{rest}")
        try:
            server = start(data_dir)
        finally:
            living.kill()
    assert server.owned
    assert sql(server.url("postgres"), "select 1") == "1"


def test_server_that_could_not_follow_its_program_is_owned_by_the_next(data_dir, start, program):
    owner = program(data_dir, "lingering")
    owner.answer()
    lingering = server_pid(data_dir)
    owner.kill()
    server = start(data_dir)
    assert server.owned
    assert server_pid(data_dir) == lingering
    assert sql(server.url("postgres"), "select 1") == "1"
    server.stop()
    assert is_over(data_dir)


def test_attached_program_owns_a_server_that_could_not_follow_its_program(data_dir, start, program):
    owner = program(data_dir, "lingering")
    owner.answer()
    attached = start(data_dir)
    attached.ensure()
    assert not attached.owned
    owner.kill()
    attached.ensure()
    assert attached.owned
    attached.stop()
    assert is_over(data_dir)


def test_stopping_does_not_wait_for_clients(data_dir, start):
    server = start(data_dir)
    psql = subprocess.Popen(
        [server._binaries.program("psql"), "-c", "select pg_sleep(600)", server.url("postgres")],
        stderr=subprocess.PIPE,
    )
    sleeping = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'"
    until(lambda: sql(server.url("postgres"), sleeping) == "1")
    server.stop()
    _, said = psql.communicate(timeout=10)
    assert b"terminating connection due to administrator command" in said
    assert is_over(data_dir)


def test_server_that_does_not_obey_is_ended_all_the_same(data_dir, start, monkeypatch):
    stages = [(stage, 0.1) for stage, _ in postmaster._STOPS[:-1]] + [postmaster._STOPS[-1]]
    monkeypatch.setattr(postmaster, "_STOPS", stages)
    server = start(data_dir)
    os.kill(server_pid(data_dir), signal.SIGSTOP)
    server.stop()
    until(lambda: is_over(data_dir))


def test_only_the_main_thread_may_start_it(data_dir, start):
    said = []

    def begin():
        with pytest.raises(RuntimeError, match="main thread") as error:
            start(data_dir)
        said.append(error)

    thread = threading.Thread(target=begin)
    thread.start()
    thread.join()
    assert len(said) == 1
    assert is_over(data_dir)
