"""What an agent is told of the files of messages: their beginning, where they are text."""

import json

from tests.support.asking import post, settled
from tests.support.attaching import attach
from tests.support.fixtures import complete
from tests.support.minds import working
from tests.support.pdfs import pages, pdf, stream
from tests.support.program import until
from tests.support.running import Mind
from tests.support.tape import opened

from bullpen.agents.prompt.build import shown
from bullpen.agents.prompt.conversation import LONGEST_FILE, Location, Trigger, read_conversation
from bullpen.agents.runtimes.base import RunResult, Usage
from bullpen.agents.tools import TOOLS
from bullpen.files.pdf_texts import PROBLEMS
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


def test_a_run_is_given_the_text_of_the_pdfs_that_it_is_asked_about(acting, url, run_sql):
    """Also that of other messages' PDFs, where it has been read: for search or for an agent."""
    jim = acting("jim")
    earlier = attach(jim, "general", pdf("Before"), "before.pdf")
    until(lambda: run_sql("SELECT FROM file_texts WHERE file_id = $1", earlier))
    word = "word " * 100
    given = {"long.pdf": pdf(*[word] * 20), "scan.pdf": pages([stream(b"")])}
    file_ids = [attach(jim, "general", content, name) for name, content in given.items()]
    asked = post(run_sql, "michael", "general", "@kevin what do they say?")
    run_sql("UPDATE files SET message_id = $1 WHERE id = ANY ($2)", asked, file_ids)
    prompts = []

    async def act(request, recorder):
        prompts.append(request.prompt)
        await recorder.turn_started(request.model_id, {})
        await recorder.call("do_nothing", {"reason": "A test."}, "1")
        await recorder.turn_ended(Usage(), None, None)
        return RunResult("end_turn")

    with working(url, Mind(act, tools=TOOLS)):
        until(lambda: settled(run_sql))
    told = [
        {file["name"]: file for file in message.get("files", ())}
        for line in prompts[0].splitlines()
        if line.startswith("{") and "files" in (message := json.loads(line))
    ]
    [before] = [files["before.pdf"] for files in told if "before.pdf" in files]
    assert before["text"] == "[page 1]\nBefore"
    shown = told[-1]
    assert shown["scan.pdf"]["note"] == PROBLEMS["scan"]
    long = shown["long.pdf"]
    assert (long["cut"], long["id"], len(long["text"])) == (True, file_ids[0], LONGEST_FILE)
    assert long["text"].startswith(f"[page 1]\n{word.strip()}\n\n[page 2]\n")
    kept = run_sql("SELECT file_id::text, problem FROM file_texts")
    assert {tuple(row) for row in kept} == {
        *((file_id, None) for file_id in (earlier, file_ids[0])),
        (file_ids[1], "scan"),
    }
