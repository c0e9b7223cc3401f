"""Backups that earlier versions made, kept here as they were written."""

import zipfile
from pathlib import Path

import pytest
from tests.support.backups import done, manifest_of, restore
from tests.support.catalog import fetch
from tests.support.fixtures import complete
from tests.support.serving import serving

from bullpen.backup.catalog import quoted
from bullpen.backup.manifest import TableEntry
from bullpen.kit.database import connect
from bullpen.migrations.run import current, revisions

KEPT = sorted(Path(__file__).parent.glob("revision-*.backup"))
# What a migration may bring into a new form; all others stay as they were.
CHANGED = {"workspace", "message_words", "archival_words"}


async def lines_of(url: str, entry: TableEntry) -> list[bytes]:
    """The rows as a backup would write them, in any order."""
    parts: list[bytes] = []

    async def write(data: bytes) -> None:
        parts.append(data)

    connection = await connect(url, pooled=False)
    try:
        await connection.execute("SET TIME ZONE 'UTC'")
        columns = ", ".join(map(quoted, entry.columns))
        await connection.copy_from_query(f"SELECT {columns} FROM {entry.name}", output=write)
    finally:
        await connection.close()
    return sorted(b"".join(parts).splitlines())


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_it_is_restored_with_every_row_and_file(tmp_path: Path, empty_url: str, kept: Path):
    source = tmp_path / kept.name
    source.write_bytes(kept.read_bytes())
    manifest = manifest_of(kept)
    assert manifest.revision == kept.stem.removeprefix("revision-")
    assert all(entry.rows for entry in manifest.tables), "each table must have something to lose"
    done(restore(empty_url, source, "--keep-sessions"))
    assert complete(current(empty_url)) == revisions()[-1]
    with zipfile.ZipFile(kept) as archive:
        for entry in manifest.tables:
            if entry.name not in CHANGED:
                written = sorted(archive.read(entry.member).splitlines())
                assert complete(lines_of(empty_url, entry)) == written, entry.name
        for file in manifest.files:
            assert (tmp_path / "restored" / file.name).read_bytes() == archive.read(file.member)
    for name, sequence in manifest.sequences.items():
        assert fetch(empty_url, f"SELECT last_value FROM {name}") == [(sequence.last_value,)]
    with serving(empty_url) as served, served.client("ann") as ann:
        texts = [message["text"] for message in ann.get("/api/channels/general/messages").json()]
        assert "back\\slash \\N \\. end" in texts
        hits = ann.get("/api/search", params={"q": "slash"}).json()["hits"]
        assert len(hits) == 1


def test_there_is_one_to_restore():
    assert KEPT != []
