from pathlib import Path

import pytest
from tests.support.postgres_running import server_pid, sql

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres import address


def socket_folder(server):
    return Path(sql(server.url("postgres"), "show unix_socket_directories"))


def test_is_the_same_at_every_start(data_dir, start):
    first = start(data_dir)
    url = first.url("postgres")
    first.stop()
    assert start(data_dir).url("postgres") == url


def test_survives_a_cleaner_of_the_temporary_folder(data_dir, start, program):
    server = start(data_dir)
    attached = program(data_dir)
    url = attached.answer()["url"]
    folder = socket_folder(server)
    cleaned = server_pid(data_dir)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    server.ensure()
    assert server.owned
    assert server_pid(data_dir) != cleaned
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sql(url, "select 1") == "1"
    assert attached.ask("ensure") == {"owned": False, "url": url}


def test_name_that_somebody_else_has_taken_is_left_to_them(data_dir, start):
    first = start(data_dir)
    taken = socket_folder(first)
    first.stop()
    taken.mkdir(mode=0o755)
    taken.chmod(0o755)
    server = start(data_dir)
    assert socket_folder(server) != taken
    assert sql(server.url("postgres"), "select 1") == "1"
    taken.rmdir()


def test_program_whose_folder_was_taken_is_told_to_start_again(own_data_dir, start):
    server = start(own_data_dir)
    folder = socket_folder(server)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    folder.write_text("")
    with pytest.raises(StartupError, match="start this program again"):
        server.ensure()
    folder.unlink()
    server.stop()
    assert sql(start(own_data_dir).url("postgres"), "select 1") == "1"


@pytest.fixture
def data_dir_with_no_address(data_dir):
    (data_dir / "postgres.json").unlink()
    return data_dir


@pytest.mark.parametrize("name", ["missing", "x" * 120])
def test_unusable_temporary_folder_is_passed_over(
    name, data_dir_with_no_address, start, open_folder, monkeypatch
):
    folder = open_folder / name
    if name != "missing":
        folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    server = start(data_dir_with_no_address)
    assert open_folder not in socket_folder(server).parents
    if folder.exists():
        assert list(folder.iterdir()) == []


def test_temporary_folder_of_ones_own_is_used(
    data_dir_with_no_address, start, open_folder, monkeypatch
):
    monkeypatch.setenv("TMPDIR", str(open_folder))
    server = start(data_dir_with_no_address)
    # A root drops to a user who may not make folders there: root makes them.
    assert socket_folder(server).parent == open_folder


def test_no_usable_temporary_folder_is_explained(
    data_dir_with_no_address, start, tmp_path, monkeypatch
):
    monkeypatch.setattr(address, "_bases", lambda: [tmp_path / "missing"])
    with pytest.raises(StartupError, match="set TMPDIR"):
        start(data_dir_with_no_address)


def test_damaged_record_is_made_anew(data_dir, start):
    start(data_dir).stop()
    for damage in ("", "[]", '{"host": 1}', '{"data_dir": "/elsewhere", "host": "/"}'):
        (data_dir / "postgres.json").write_text(damage)
        server = start(data_dir)
        assert sql(server.url("postgres"), "select 1") == "1"
        server.stop()


def test_ensure_costs_next_to_nothing_while_all_is_well(data_dir, start, monkeypatch):
    server = start(data_dir)
    attached = start(data_dir)
    pid = server_pid(data_dir)

    def no_connection(self):
        raise AssertionError

    monkeypatch.setattr(address.Address, "_connect", no_connection)
    for _ in range(100):
        server.ensure()
        attached.ensure()
    assert server_pid(data_dir) == pid
