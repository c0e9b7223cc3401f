"""Messages with a file, sent over HTTP, and files that nobody needs, removed."""

from uuid import uuid4

import httpx
from tests.support.fixtures import complete

from bullpen.files.uploads import remove_abandoned
from bullpen.kit.database import Database

BYTES = {"content-type": "application/octet-stream"}


def attach(
    client: httpx.Client,
    channel_id: str,
    content: bytes,
    name: str = "notes.txt",
    *,
    file_id: str | None = None,
) -> str:
    """Sends a message that is nothing but this file; the file's id."""
    parameters = {"name": name, "id": file_id or str(uuid4())}
    made = client.post("/api/files", params=parameters, content=content, headers=BYTES)
    assert made.status_code == 201, made.text
    body = {"channelId": channel_id, "text": "", "fileIds": [parameters["id"]]}
    assert client.post("/api/messages", json=body).status_code == 201
    return parameters["id"]


def remove_files(url: str) -> int:
    """As the server does from time to time: how many nobody needed."""

    async def remove() -> int:
        database = await Database.open(url)
        try:
            return await remove_abandoned(database)
        finally:
            await database.close()

    return complete(remove())
