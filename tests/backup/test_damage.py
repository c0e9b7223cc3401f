"""A file that is not a whole backup is refused, and nothing is changed."""

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.support.backups import QUIET, back_up, holds, manifest_of, restore
from tests.support.catalog import fetch
from tests.support.fixtures import complete
from tests.support.program import Done

from bullpen.backup.manifest import FileEntry, Manifest
from bullpen.backup.place import Place
from bullpen.backup.reader import reading
from bullpen.backup.restore import restore as restore_into
from bullpen.backup.writer import HASH_BYTES, BackupWriter, writing
from bullpen.kit.errors import StartupError

KEPT = Path(__file__).parent / "revision-0026.backup"
CHANCE = random.Random(12)


def refusal(path: Path) -> str:
    with pytest.raises(StartupError) as raised, reading(path, QUIET):
        pass
    return str(raised.value)


def test_a_changed_byte_is_found_wherever_it_is(tmp_path: Path):
    whole = KEPT.read_bytes()
    places = {0, 29, 45, len(whole) - 1, len(whole) - HASH_BYTES, len(whole) - HASH_BYTES - 1}
    places |= set(CHANCE.sample(range(len(whole)), 200))
    path = tmp_path / "changed.backup"
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= CHANCE.randint(1, 255)
        path.write_bytes(changed)
        assert refusal(path).startswith(str(path))


def test_a_file_that_ends_early_or_late_is_refused(tmp_path: Path):
    whole = KEPT.read_bytes()
    path = tmp_path / "cut.backup"
    lengths = {0, 1, 44, 46, 100, len(whole) - 1, *CHANCE.sample(range(len(whole)), 50)}
    for length in lengths:
        path.write_bytes(whole[:length])
        assert refusal(path).startswith(str(path))
    path.write_bytes(whole + b"0")
    assert "does not match its checksum" in refusal(path)


def test_a_foreign_file_is_refused_as_such(tmp_path: Path):
    path = tmp_path / "foreign.backup"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", "{}")
    assert refusal(path) == f"{path} is not a backup that 'bullpen backup' made"
    path.write_text("-- PostgreSQL database dump\n")
    assert refusal(path) == f"{path} is not a backup that 'bullpen backup' made"
    assert (
        refusal(tmp_path / "none") == f"cannot read {tmp_path / 'none'}: No such file or directory"
    )
    assert refusal(tmp_path) == f"cannot read {tmp_path}: Is a directory"


def test_a_newer_format_asks_for_the_newer_program(tmp_path: Path):
    path = tmp_path / "newer.backup"
    path.write_bytes(KEPT.read_bytes().replace(b"bullpen-backup1\n", b"bullpen-backup2\n", 1))
    assert refusal(path) == (
        f"{path} has format 2, and this version of Bullpen reads 1:"
        " install the newer Bullpen that made it"
    )


def rewritten(path: Path, change: Callable[[Manifest], Manifest], **members: bytes) -> Path:
    """The kept backup with another manifest, and a checksum that is right."""
    manifest = manifest_of(KEPT)
    with zipfile.ZipFile(KEPT) as archive, writing(path) as backup:
        for entry in manifest.entries:
            content = members.get(entry.name, archive.read(entry.member))
            add(backup, entry.member, content)
        for name in members.keys() - {entry.name for entry in manifest.entries}:
            add(backup, f"files/{name}", members[name])
        backup.finish(change(manifest))
    return path


def add(backup: BackupWriter, name: str, content: bytes) -> None:
    with backup.member(name) as member:
        member.write(content)


def test_a_member_that_differs_from_the_manifest_is_found(tmp_path: Path):
    path = rewritten(tmp_path / "other.backup", lambda manifest: manifest, messages=b"")
    assert refusal(path) == f"{path} is damaged: tables/messages.copy is not what it was"


def newer_revision(manifest: Manifest) -> Manifest:
    return msgspec.structs.replace(manifest, revision="9999")


def foreign_file(name: str) -> Callable[[Manifest], Manifest]:
    sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    entry = FileEntry(name, 3, sha256)
    return lambda manifest: msgspec.structs.replace(manifest, files=[entry])


@pytest.mark.parametrize("name", ["../secret.key", "sessions/../../x", "postgres.json", "/etc/x"])
def test_a_file_from_elsewhere_is_not_written(tmp_path: Path, empty_url: str, name: str):
    path = rewritten(tmp_path / "foreign.backup", foreign_file(name), **{name: b"foo"})
    refused_and_unchanged(empty_url, path, f"the backup holds the file '{name}'")
    assert list((tmp_path / "data").iterdir()) == []


def test_a_newer_revision_asks_for_the_newer_program(tmp_path: Path, empty_url: str):
    path = rewritten(tmp_path / "newer.backup", newer_revision)
    refused_and_unchanged(
        empty_url, path, f"{path} is at revision 9999, which this version of Bullpen does not know"
    )


def test_a_table_that_the_revision_does_not_have_is_refused(tmp_path: Path, url: str):
    def without_column(manifest: Manifest) -> Manifest:
        first = msgspec.structs.replace(manifest.tables[0], columns=["agent_id"])
        return msgspec.structs.replace(manifest, tables=[first, *manifest.tables[1:]])

    path = rewritten(tmp_path / "columns.backup", without_column)
    refused_and_unchanged(url, path, "the backup's table 'agent_lines' is not as its revision")


def refused_and_unchanged(url: str, path: Path, reason: str) -> None:
    data_dir = path.parent / "data"
    data_dir.mkdir()
    before = holds(url)

    async def work() -> None:
        with reading(path, QUIET) as backup:
            await restore_into(
                Place(url, data_dir),
                backup,
                replace=True,
                keep_sessions=False,
                say=lambda _: None,
                progress=QUIET,
            )

    with pytest.raises(StartupError) as raised:
        complete(work())
    assert str(raised.value).startswith(reason)
    assert holds(url) == before


def refused(reason: str) -> Done:
    return Done(1, "", f"bullpen: {reason}\n")


def test_a_damaged_file_leaves_a_place_as_it_was(tmp_path: Path, url: str):
    path = tmp_path / "damaged.backup"
    path.write_bytes(KEPT.read_bytes()[:-1])
    before = holds(url)
    assert restore(url, path, "--replace") == refused(
        f"{path} is damaged or not complete: its content does not match its checksum."
        " Use another copy of it"
    )
    assert holds(url) == before


def test_a_place_with_a_workspace_is_not_replaced_unasked(tmp_path: Path, url: str):
    path = tmp_path / "other.backup"
    path.write_bytes(KEPT.read_bytes())
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.key").write_text("theirs")
    before = holds(url)
    rows = sum(len(lines) for name, lines in before[0].items() if name != "alembic_version")
    held = (
        f"the workspace Dunder Mifflin (309 messages, 16 agents, {rows:,} rows)"
        f" and 1 of its files in {tmp_path / 'data'} (such as secret.key)"
    )
    assert restore(url, path, data_dir=tmp_path / "data") == refused(
        f"this place is not empty: it holds {held}. To lose that and have the backup in its"
        " place, add --replace"
    )
    assert holds(url) == before
    assert (tmp_path / "data" / "secret.key").read_text() == "theirs"
    done = restore(url, path, "--replace", data_dir=tmp_path / "data")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Replacing {held}\nRestored the workspace The Bakery")
    assert (tmp_path / "data" / "secret.key").read_bytes() == bytes(range(32))


def test_tables_of_another_program_are_never_dropped(tmp_path: Path, empty_url: str):
    path = tmp_path / "mine.backup"
    path.write_bytes(KEPT.read_bytes())
    fetch(empty_url, "CREATE TABLE messages AS SELECT 'theirs' AS word")
    before = holds(empty_url)
    assert restore(empty_url, path, "--replace") == refused(
        "the database holds a table 'messages' of another program:"
        " restore into a database of Bullpen's own"
    )
    assert holds(empty_url) == before


def test_a_file_is_never_overwritten(tmp_path: Path, url: str):
    path = tmp_path / "taken.backup"
    path.write_text("mine")
    assert back_up(url, path) == refused(
        f"{path} is there already and is not overwritten: choose another name"
    )
    assert path.read_text() == "mine"
    missing = tmp_path / "no" / "x.backup"
    assert back_up(url, missing, tmp_path / "data") == refused(
        f"there is no folder {missing.parent}: make it, or choose another"
    )


def test_there_is_nothing_to_back_up_in_an_empty_place(tmp_path: Path, empty_url: str):
    path = tmp_path / "empty.backup"
    assert back_up(empty_url, path) == refused(
        "there is no workspace to back up: the database is empty"
    )
    assert list(tmp_path.glob("*.backup*")) == []
