"""Workspaces that are backed up and restored by the commands, and what they hold."""

import zipfile
from pathlib import Path

import msgspec
from tests.support.catalog import contents, fetch
from tests.support.fixtures import complete
from tests.support.program import Done, bullpen

from bullpen.backup.manifest import Manifest
from bullpen.kit.byte_progress import ByteProgress
from bullpen.kit.database import connect

QUIET = ByteProgress()
SEQUENCES = "SELECT sequencename::text, last_value FROM pg_sequences ORDER BY 1"
# Without the words that search goes by, which take longer than all else.
MUCH = """
BEGIN;
SET LOCAL session_replication_role = replica;
INSERT INTO messages (channel_id, user_id, text)
SELECT 'general', 'pam', n || repeat(' many words of a long message', 20)
FROM generate_series(1, 8000) n;
COMMIT
"""


def back_up(url: str, target: Path, data_dir: Path | None = None) -> Done:
    return command("backup", str(target), url=url, data_dir=data_dir or target.parent / "none")


def restore(url: str, source: Path, *options: str, data_dir: Path | None = None) -> Done:
    """Into the database, with the files beside it in the folder."""
    folder = data_dir or source.parent / "restored"
    return command("restore", str(source), *options, url=url, data_dir=folder)


def command(*arguments: str, url: str, data_dir: Path) -> Done:
    data_dir.mkdir(exist_ok=True)
    return bullpen(
        *arguments, cwd=data_dir.parent, DATABASE_URL=url, BULLPEN_DATA_DIR=str(data_dir)
    )


def done(result: Done) -> str:
    assert (result.code, result.err) == (0, ""), result
    return result.out


def write_much(url: str) -> None:
    """More than a backup writes between two looks at it."""

    async def work() -> None:
        connection = await connect(url, pooled=False)
        try:
            await connection.execute(MUCH)
        finally:
            await connection.close()

    complete(work())


def holds(url: str) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Every row of every table, and how far the sequences are."""
    return contents(url), dict(fetch(url, SEQUENCES))


def manifest_of(path: Path) -> Manifest:
    with zipfile.ZipFile(path) as archive:
        return msgspec.json.decode(archive.read("manifest.json"), type=Manifest)
