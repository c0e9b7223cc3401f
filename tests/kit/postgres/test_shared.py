import os

import pytest
from tests.support.postgres_running import kill_server, server_pid, sql, until

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres import lock
from bullpen.kit.postgres import server as server_module


def test_second_program_attaches_and_leaves_without_a_trace(data_dir, start, program):
    owner = start(data_dir)
    attached = program(data_dir)
    assert attached.answer() == {"owned": False, "url": owner.url("postgres")}
    attached.end()
    assert sql(owner.url("postgres"), "select 1") == "1"


def test_programs_that_start_together_share_one_new_server(new_folder, program):
    together = [program(new_folder) for _ in range(3)]
    answers = [one.answer() for one in together]
    assert sorted(answer.get("owned") for answer in answers) == [False, False, True], answers
    assert {answer["url"] for answer in answers} == {answers[0]["url"]}
    assert sql(answers[0]["url"], "select 1") == "1"


def test_attached_program_takes_over_when_the_owner_stops(data_dir, start, program):
    owner = program(data_dir)
    url = owner.answer()["url"]
    sql(url, "create table handed_over as select 7 as seven")
    attached = start(data_dir)
    attached.ensure()
    assert not attached.owned
    owner.end()
    attached.ensure()
    assert attached.owned
    assert attached.url("postgres") == url
    assert sql(url, "select seven from handed_over") == "7"


def test_one_of_two_attached_programs_takes_over_when_the_owner_is_killed(data_dir, program):
    owner = program(data_dir)
    url = owner.answer()["url"]
    attached = [program(data_dir), program(data_dir)]
    for one in attached:
        assert one.answer()["owned"] is False
    owner.kill()
    # ensure() may say that the other one is at it, and is then called again.
    owners = until(lambda: [one for one in attached if one.ask("ensure").get("owned")])
    assert len(owners) == 1
    assert until(lambda: [one.ask("ensure").get("owned") for one in attached].count(False) == 1)
    assert sql(url, "select 1") == "1"
    owners[0].kill()
    (last,) = (one for one in attached if one not in owners)
    assert until(lambda: last.ask("ensure").get("owned"))
    assert sql(url, "select 1") == "1"


def test_attached_program_finds_the_server_after_its_owner_restarted_it(data_dir, start, program):
    owner = program(data_dir)
    url = owner.answer()["url"]
    attached = start(data_dir)
    kill_server(data_dir)
    assert owner.ask("ensure") == {"owned": True, "url": url}
    attached.ensure()
    assert not attached.owned
    assert sql(url, "select 1") == "1"


def test_owner_finds_the_server_after_an_attached_program_restarted_it(data_dir, start, program):
    owner = program(data_dir)
    url = owner.answer()["url"]
    attached = start(data_dir)
    kill_server(data_dir)
    until(lambda: attached.ensure() or attached.owned)
    assert owner.ask("ensure") == {"owned": False, "url": url}
    owner.end()
    assert sql(url, "select 1") == "1"


def test_attached_program_says_why_it_cannot_recover(data_dir, start, program):
    owner = program(data_dir)
    owner.answer()
    attached = start(data_dir)
    owner.end()
    held = lock.take(data_dir)
    with pytest.raises(StartupError, match="in use by another program"):
        attached.ensure()
    os.close(held)
    attached.ensure()
    assert attached.owned


def test_folder_in_use_by_what_cannot_be_reached_is_refused(data_dir, start, monkeypatch):
    monkeypatch.setattr(server_module, "_LONGEST_WAIT_FOR_OTHERS", 0.1)
    held = lock.take(data_dir)
    try:
        with pytest.raises(StartupError, match="in use by another program") as error:
            start(data_dir)
    finally:
        os.close(held)
    assert str(data_dir) in str(error.value)


def test_ready_server_out_of_reach_is_refused_soon(data_dir, start, monkeypatch):
    """As that of another container, which shares the folder but not the socket's."""
    start(data_dir)
    monkeypatch.setattr(server_module, "_SHORT_WAIT_FOR_OTHERS", 0.1)
    (data_dir / "postgres.json").write_text("{}")
    with pytest.raises(StartupError, match="in use by another program"):
        start(data_dir)


def test_server_that_somebody_else_started_on_the_data_is_left_alone(own_data_dir, start):
    ours = start(own_data_dir)
    pid = server_pid(own_data_dir)
    # As if it had been started by hand: alive, and without our lock.
    (own_data_dir / "postgres.lock").unlink()
    with pytest.raises(StartupError, match=rf"did not start \(process {pid}\)"):
        start(own_data_dir)
    assert sql(ours.url("postgres"), "select 1") == "1"
