"""The file with the key: made once, readable by its owner alone, never half written."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bullpen.accounts.secret_key import NAME, read_or_make
from bullpen.kit.errors import StartupError


def test_it_is_made_once_and_kept(tmp_path: Path):
    key = read_or_make(tmp_path / "new")
    file = tmp_path / "new" / NAME
    assert len(key) >= 43
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_or_make(tmp_path / "new") == key
    assert [one.name for one in file.parent.iterdir()] == [NAME]


def test_programs_that_start_at_once_get_the_same(tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read_or_make(tmp_path), range(8)))
    assert len(keys) == 1


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff\xfe" * 40])
def test_a_damaged_one_is_not_replaced(tmp_path: Path, content: bytes):
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(StartupError, match=r"secret\.key"):
        read_or_make(tmp_path)
    assert (tmp_path / NAME).read_bytes() == content
