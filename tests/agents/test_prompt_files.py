"""What an agent is told of the files of messages: their beginning, where they are text."""

import json

from tests.support.fixtures import complete
from tests.support.tape import opened

from bullpen.agents.prompt.build import shown
from bullpen.agents.prompt.conversation import LONGEST_FILE, Location, Trigger, read_conversation
from bullpen.members.actor import Actor

BYTES = {"content-type": "application/octet-stream"}


def test_the_beginning_of_text_is_told_and_of_other_files_that_they_are_there(acting, url):
    jim = acting("jim")
    long = ("€" * LONGEST_FILE).encode()
    given = {"sales.csv": b"q,sum\n3,40\n", "long.txt": long, "a.zip": b"PK\x03\x04"}
    ids = [
        jim.post("/api/files", params={"name": name}, content=content, headers=BYTES).json()["id"]
        for name, content in given.items()
    ]
    sent = jim.post("/api/messages", json={"channelId": "general", "text": "", "fileIds": ids})
    assert sent.status_code == 201

    async def read():
        async with opened(url) as database:
            return await read_conversation(database, Actor("pam"), Location("general"), Trigger())

    conversation = complete(read())
    newest = conversation.messages[-1]
    told = json.loads(json.dumps(shown(newest, conversation, newest.at)))["files"]
    assert told == [
        {"name": "sales.csv", "mediaType": "text/csv", "bytes": 11, "text": "q,sum\n3,40\n"},
        {
            "name": "long.txt",
            "mediaType": "text/plain",
            "bytes": len(long),
            "text": "€" * (LONGEST_FILE // 3),
            "cut": True,
            "id": ids[1],
        },
        {
            "name": "a.zip",
            "mediaType": "application/zip",
            "bytes": 4,
            "note": "You cannot see what is in this file.",
        },
    ]
    assert all(not message.files for message in conversation.messages[:-1])
