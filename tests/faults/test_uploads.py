"""An upload whose server is killed with SIGKILL: nothing of it stays, and it can be sent again."""

import os
import signal
import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from tests.support.attaching import BYTES
from tests.support.catalog import fetch
from tests.support.program import Program, running, until

from bullpen.files.storage import CHUNK

pytestmark = pytest.mark.timeout(300)

MEGABYTES = 40
PART = bytes(range(256)) * 4096
KEPT = "SELECT (SELECT count(*) FROM files), (SELECT count(*) FROM file_chunks)"


def kept(url: str) -> tuple[int, int]:
    """Rows of files and of their content."""
    return tuple(fetch(url, KEPT)[0])


def kill_in_the_middle(program: Program, url: str, file_id: str) -> None:
    """With a quarter of the file in the database, and the rest never sent."""
    address = urlsplit(program.address)
    assert address.hostname is not None
    head = (
        f"POST /api/files?name=large.bin&id={file_id} HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Bullpen-User: michael\r\nContent-Type: {BYTES['content-type']}\r\n"
        f"Content-Length: {MEGABYTES * len(PART)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port or 80)) as client:
        client.sendall(head.encode())
        for _ in range(MEGABYTES // 4):
            client.sendall(PART)
        until(lambda: kept(url)[1] >= MEGABYTES // 5 * len(PART) // CHUNK)
        os.killpg(program.process.pid, signal.SIGKILL)
        program.process.wait()


def test_an_upload_that_a_killed_server_broke_off_goes_and_can_be_sent_again(
    tmp_path: Path, url: str
):
    lost, repeated = str(uuid4()), str(uuid4())
    options = {"cwd": tmp_path, "DATABASE_URL": url, "BULLPEN_AGENTS": "off"}
    for file_id in (lost, repeated):
        with running("--port", "0", **options) as program:
            kill_in_the_middle(program, url, file_id)
    assert kept(url)[0] == 2
    # As if the minute had passed after which an upload counts as dead.
    backdate = "UPDATE files SET touched_at = touched_at - interval '2 minutes' WHERE id = $1"
    fetch(url, backdate, lost)
    with running("--port", "0", **options) as program, closing(program.client("michael")) as client:
        until(lambda: fetch(url, "SELECT count(*) FROM files WHERE id = $1", lost)[0][0] == 0)
        # At once, while what was broken off is still there.
        answer = client.post(
            "/api/files",
            params={"name": "large.bin", "id": repeated},
            content=(PART for _ in range(MEGABYTES)),
            headers=BYTES,
        )
        assert (answer.status_code, answer.json()["size"]) == (201, MEGABYTES * len(PART))
        assert kept(url) == (1, MEGABYTES * len(PART) // CHUNK)
        assert client.get(f"/api/files/{repeated}").content == PART * MEGABYTES
        assert client.delete(f"/api/files/{repeated}").status_code == 200
    assert kept(url) == (0, 0)
