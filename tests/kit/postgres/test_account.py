import os
import pwd
import shutil
from pathlib import Path

import pytest
from tests.support.postgres_running import processes_in, server_pid, sql

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres import account, binaries, cluster

IS_ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody")


def service_user():
    """Whom the server runs as where nothing speaks for another: us, if we are not root."""
    if not IS_ROOT:
        return os.geteuid()
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise AssertionError


def test_never_runs_as_root(data_dir, start):
    start(data_dir)
    uids = {Path(f"/proc/{pid}").stat().st_uid for pid in processes_in(data_dir)}
    assert uids == {service_user()}
    assert cluster.path(data_dir, 18).stat().st_uid == service_user()


def test_parents_that_only_their_owner_enters_stay_so(folders, tmp_path, start):
    private = tmp_path / "home"
    private.mkdir(mode=0o700)
    server = start(folders("data", parent=private))
    assert sql(server.url("postgres"), "create table t as select 1 as one") == "SELECT 1"
    assert private.stat().st_mode & 0o777 == 0o700
    assert private.stat().st_uid == os.geteuid()
    assert server_pid(private / "data") in processes_in(private / "data")
    server.stop()
    again = start(private / "data")
    assert sql(again.url("postgres"), "select one from t") == "1"


def test_runs_as_the_owner_of_the_data_folder(folders, open_folder, start):
    folder = folders("data", parent=open_folder)
    folder.mkdir()
    owner = os.geteuid()
    if IS_ROOT:
        owner = NOBODY.pw_uid
        os.chown(folder, NOBODY.pw_uid, NOBODY.pw_gid)
    server = start(folder)
    sql(server.url("postgres"), "select 1")
    assert Path(f"/proc/{server_pid(folder)}").stat().st_uid == owner
    # What lies in there is for the owner to use, without root.
    assert {file.stat().st_uid for file in folder.iterdir()} == {owner}


def test_data_keeps_its_owner(own_data_dir, start):
    place = cluster.path(own_data_dir, 18)
    owner = place.stat().st_uid
    if IS_ROOT:
        owner = NOBODY.pw_uid
        for folder, _, files in os.walk(place):
            for name in (folder, *(Path(folder, file) for file in files)):
                os.chown(name, NOBODY.pw_uid, NOBODY.pw_gid)
    start(own_data_dir)
    assert Path(f"/proc/{server_pid(own_data_dir)}").stat().st_uid == owner


def test_data_that_cannot_be_served_is_refused(own_data_dir, start):
    """Root's own, for root; what one may not enter, for an ordinary user."""
    place = cluster.path(own_data_dir, 18)
    owner = place.stat()
    if IS_ROOT:
        os.chown(place, 0, 0)
    else:
        place.chmod(0)
    try:
        with pytest.raises(StartupError, match="belongs to") as error:
            start(own_data_dir)
    finally:
        os.chown(place, owner.st_uid, owner.st_gid)
        place.chmod(0o700)
    assert str(place) in str(error.value)


def test_owner_without_a_passwd_entry_is_passed_over_for_new_data(new_folder):
    """initdb wants one; the server does not."""
    unknown = next(uid for uid in range(50000, 60000) if not is_known(uid))
    new_folder.mkdir()
    if IS_ROOT:
        os.chown(new_folder, unknown, unknown)
        assert account.choose(new_folder, None).uid == service_user()
        assert account.choose(new_folder, new_folder).uid == unknown
    else:
        assert account.choose(new_folder, None) is None


def is_known(uid):
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def test_programs_under_a_private_home_are_copied_for_who_cannot_read_them(
    data_dir, tmp_path, start, open_folder, monkeypatch
):
    monkeypatch.setattr(binaries, "_caches", lambda: [open_folder / "cache"])
    original = binaries.find().folder
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    package = original.parents[1]
    for part in (package, package.with_name(package.name + ".libs")):
        if part.exists():
            shutil.copytree(part, home / part.name)
    placed = home / package.name / original.parent.name / original.name
    server = start(data_dir, binaries=placed)
    sql(server.url("postgres"), "create extension pg_trgm")
    running = Path(f"/proc/{server_pid(data_dir)}/exe").readlink()
    assert running.is_relative_to(open_folder if IS_ROOT else home)
    assert home.stat().st_mode & 0o777 == 0o700
    server.stop()
    copies = list((open_folder / "cache").glob("*"))
    assert len(copies) == (1 if IS_ROOT else 0)
    server = start(data_dir, binaries=placed)
    assert list((open_folder / "cache").glob("*")) == copies


def test_cache_that_others_can_write_to_is_not_trusted(open_folder, monkeypatch):
    """What lies in there gets executed."""
    for name in ("theirs", "ours"):
        (open_folder / name).mkdir()
    (open_folder / "theirs").chmod(0o777)
    monkeypatch.setattr(binaries, "_caches", lambda: [open_folder / "theirs", open_folder / "ours"])
    assert binaries._cache() == open_folder / "ours"
    monkeypatch.setattr(binaries, "_caches", lambda: [open_folder / "theirs"])
    with pytest.raises(StartupError, match="cannot be read by the user"):
        binaries._cache()


def test_reaching_a_path_takes_leave_to_enter_every_folder_above(open_folder):
    somebody = account.Account(54321, 54321, "somebody")
    inner = open_folder / "a" / "b"
    inner.mkdir(parents=True)
    inner.chmod(0o755)
    inner.parent.chmod(0o711)
    assert account.reaches(somebody, inner)
    assert not account.reaches(somebody, inner.parent)
    inner.parent.chmod(0o700)
    assert not account.reaches(somebody, inner)
    assert account.reaches(account.Account(os.geteuid(), 54321, "us"), inner)
    assert account.reaches(None, inner)
