"""read_file: parts of text files and PDFs, for those alone who may read the message."""

import json
from uuid import uuid4

import pytest
from tests.support.attaching import BYTES, attach, remove_files
from tests.support.fixtures import complete
from tests.support.pdfs import pages, pdf, stream
from tests.support.running import doing, ran
from tests.support.tape import one_turn, opened

from bullpen.agents.prompt.conversation import Location
from bullpen.files.excerpts import PORTION, whole_characters
from bullpen.files.storage import CHUNK

UNKNOWN = "Error: File not found."


@pytest.fixture
def read(url):
    """What an agent is answered that reads a file, in one place."""

    def work(agent_id, place, file_id, start=0):
        async def run():
            async with opened(url) as database, one_turn(database, agent_id, place) as tape:
                await tape.call("read_file", {"file": str(file_id), "start": start}, "1")
                return tape

        return complete(run()).returns[0]

    return work


def test_a_file_is_read_part_by_part_in_whole_characters(acting, read):
    content = "€".encode() * 100_000
    file_id = attach(acting("jim"), "general", content)
    assert len(content) > CHUNK
    # Both ends are within a character, and the part is in two rows.
    start = CHUNK - 1_023
    assert (start % 3, (start + PORTION) % 3) == (1, 2)
    part = json.loads(read("pam", Location("general"), file_id, start))
    assert part == {
        "name": "notes.txt",
        "mediaType": "text/plain",
        "bytes": len(content),
        "text": "€" * ((PORTION - 2) // 3),
        "next": start + PORTION - 2,
    }
    last = json.loads(read("pam", Location("general"), file_id, len(content) - 6))
    assert (last["text"], "next" in last) == ("€€", False)
    assert json.loads(read("pam", Location("general"), file_id, 2**50))["text"] == ""


def test_what_is_no_text_is_said_to_be_none(acting, read):
    file_id = attach(acting("jim"), "general", b"PK\x03\x04", "a.zip")
    assert read("pam", Location("general"), file_id) == (
        "Error: 'a.zip' is no text (application/zip): it cannot be read."
    )


def test_a_file_of_a_private_channel_is_read_only_for_its_readers(acting, read):
    file_id = attach(acting("oscar"), "accounting", b"Budget: 40")
    assert json.loads(read("kevin", Location("accounting"), file_id))["text"] == "Budget: 40"
    for agent_id, place in (
        # He reads it himself, but not everybody who reads his answer does.
        ("kevin", Location("general")),
        ("creed", Location("general")),
        ("jim", Location("dm-jim-pam")),
    ):
        assert read(agent_id, place, file_id) == UNKNOWN
        assert read(agent_id, place, uuid4()) == UNKNOWN


def test_the_trace_says_what_was_withheld_to_those_who_may_know(run_sql, url, acting):
    file_id = attach(acting("oscar"), "accounting", b"Budget: 40")
    _, run_id = ran(run_sql, url, doing(("read_file", {"file": file_id})))
    words = "Withheld: a file of a message in #accounting"
    for user_id, times in (("oscar", 1), ("creed", 0)):
        trace = acting(user_id).get(f"/api/runs/{run_id}").text
        assert (trace.count(words), trace.count("Budget")) == (times, 0)


def test_a_file_that_is_in_no_message_is_nobodys_to_read(acting, read):
    made = acting("kevin").post("/api/files", params={"name": "a.txt"}, content=b"x", headers=BYTES)
    assert read("kevin", Location("general"), made.json()["id"]) == UNKNOWN


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ("", 0)),
        (b"abc", ("abc", 3)),
        ("a€".encode()[:3], ("a", 1)),
        ("€a".encode()[1:], ("a", 3)),
        ("€".encode()[1:], ("", 2)),
        ("😀b".encode()[3:], ("b", 2)),
    ],
)
def test_a_part_has_whole_characters(content, expected):
    assert whole_characters(content) == expected


def test_a_pdf_is_read_by_its_text_which_is_taken_out_once(acting, read, run_sql):
    content = pdf("Sales: 40", "Costs: 30")
    file_id = attach(acting("jim"), "general", content, "report.pdf")
    assert run_sql("SELECT count(*) FROM file_texts")[0][0] == 0
    whole = "[page 1]\nSales: 40\n\n[page 2]\nCosts: 30"
    told = {"name": "report.pdf", "mediaType": "application/pdf", "bytes": len(whole)}
    assert json.loads(read("pam", Location("general"), file_id)) == told | {"text": whole}
    run_sql("UPDATE file_texts SET content = 'Kept: 1'")
    assert json.loads(read("pam", Location("general"), file_id, 6))["text"] == "1"
    assert json.loads(read("pam", Location("general"), file_id, 2**50))["text"] == ""


def test_of_a_pdf_without_text_it_is_said_why(acting, read):
    file_id = attach(acting("jim"), "general", pages([stream(b"")]), "scan.pdf")
    assert read("pam", Location("general"), file_id) == (
        "Error: 'scan.pdf': This PDF has no text that can be read: it may be a scan."
    )


def test_a_pdf_of_others_is_not_even_opened(acting, read, run_sql):
    """How long an answer takes would tell that there is one."""
    file_id = attach(acting("oscar"), "accounting", pdf("Budget: 40"), "budget.pdf")
    assert read("kevin", Location("general"), file_id) == UNKNOWN
    assert read("creed", Location("general"), file_id) == UNKNOWN
    assert run_sql("SELECT count(*) FROM file_texts")[0][0] == 0
    assert "Budget: 40" in read("kevin", Location("accounting"), file_id)
    # Read now, it is still not theirs.
    assert read("creed", Location("general"), file_id) == UNKNOWN


def test_the_text_of_a_pdf_goes_with_its_message(acting, read, run_sql, url):
    jim = acting("jim")
    file_id = attach(jim, "general", pdf("Sales: 40"), "report.pdf")
    read("pam", Location("general"), file_id)
    [(message_id,)] = run_sql("SELECT message_id FROM files WHERE id = $1", file_id)
    assert jim.delete(f"/api/messages/{message_id}").status_code == 200
    assert read("pam", Location("general"), file_id) == UNKNOWN
    # Its author cannot bring it back any more.
    run_sql("UPDATE files SET touched_at = now() - interval '2 minutes'")
    assert remove_files(url) == 1
    assert run_sql("SELECT count(*) FROM file_texts")[0][0] == 0
