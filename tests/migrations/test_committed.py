"""A migration that has been committed is never edited."""

import shutil
from pathlib import Path

import pytest
from scripts.migrations import EDITED, FOLDER, add, problems


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "versions").mkdir()
    for number in (1, 2):
        (tmp_path / "versions" / f"000{number}_some.py").write_text(f"revision = {number}\n")
    add(tmp_path)
    assert problems(tmp_path) == []
    return tmp_path


def test_no_committed_migration_has_been_edited():
    assert problems(FOLDER) == []


def test_an_edit_is_found_and_cannot_be_recorded(folder: Path):
    (folder / "versions" / "0001_some.py").write_text("revision = 1  # edited\n")
    edited = [f"0001_some.py {EDITED}"]
    assert problems(folder) == edited
    add(folder)
    assert problems(folder) == edited


def test_one_that_is_gone_is_found(folder: Path):
    (folder / "versions" / "0001_some.py").unlink()
    assert problems(folder) == ["0001_some.py is missing: databases exist that have applied it"]


def test_a_new_one_names_the_line_to_add(folder: Path):
    (folder / "versions" / "0003_new.py").write_text("revision = 3\n")
    [problem] = problems(folder)
    assert problem.startswith("0003_new.py is new: add this line to committed.sha256, or run ")
    record = folder / "committed.sha256"
    record.write_text(record.read_text() + problem.splitlines()[1] + "\n")
    assert problems(folder) == []


def test_how_a_checkout_ends_its_lines_does_not_matter(folder: Path):
    file = folder / "versions" / "0001_some.py"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert problems(folder) == []
    shutil.copy(file, folder / "versions" / "0002_some.py")
    assert len(problems(folder)) == 1
