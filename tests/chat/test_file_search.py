"""Messages are found by the names and the texts of their files, by those who can read them."""

import asyncio

import asyncpg
import pytest
from tests.support.attaching import attach
from tests.support.fixtures import complete
from tests.support.pdfs import pdf
from tests.support.program import until

from bullpen.chat import file_search


def found(client, query):
    answer = client.get("/api/search", params={"q": query})
    assert answer.status_code == 200, answer.text
    return answer.json()["hits"]


def appears(client, query):
    """Files are read soon after their message was written."""
    until(lambda: found(client, query))
    return found(client, query)


def marked(hit):
    """What the excerpt is of, and the marked words in it."""
    return hit.get("fileId"), [part["text"] for part in hit["segments"] if part["hit"]]


@pytest.mark.parametrize(
    ("name", "content", "query", "marks"),
    [
        ("zeppelin-plan.bin", bytes(range(256)), "zeppelin", ["zeppelin"]),
        ("notes.txt", "Der Hangar der Straße".encode(), "strasse hangar", ["Hangar", "Straße"]),
        ("code.html", b"<script>zeppelins()</script>", "zeppelin", ["zeppelins"]),
        ("plan.pdf", pdf("Where the zeppelin lands"), "zeppelins", ["zeppelin"]),
        ("damaged-zeppelin.pdf", b"%PDF-1.7\nnothing", "damaged", ["damaged"]),
        ("long.txt", b"paper zeppelin " + b"x " * 200_000, "zeppelin", ["zeppelin"]),
    ],
)
def test_a_message_is_found_by_its_file(acting, name, content, query, marks):
    michael, creed = acting("michael"), acting("creed")
    file_id = attach(michael, "management", content, name)
    (hit,) = appears(michael, f"{query} in:management has:file")
    assert marked(hit) == (file_id, marks)
    assert hit["message"]["files"][0]["name"] == name
    # Creed is not in the private channel.
    assert found(creed, query) == []


def test_an_edit_and_a_deletion_that_is_undone_leave_the_file_found(acting):
    michael = acting("michael")
    attach(michael, "management", b"Where the zeppelin lands")
    (hit,) = appears(michael, "zeppelin")
    path = f"/api/messages/{hit['message']['id']}"
    assert michael.patch(path, json={"text": "See the hangar"}).is_success
    (edited,) = found(michael, "zeppelin hangar")
    assert marked(edited) == (None, ["hangar"])
    (in_file,) = found(michael, "zeppelin")
    assert marked(in_file)[1] == ["zeppelin"]
    assert michael.delete(path).is_success
    assert found(michael, "zeppelin") == []
    assert michael.post(f"{path}/restore").is_success
    assert [one["message"]["id"] for one in appears(michael, "zeppelin")] == [hit["message"]["id"]]
    assert michael.patch(path, json={"text": "See the tower"}).is_success
    appears(michael, "zeppelin tower")


def test_words_of_files_are_read_again_after_the_rule_has_changed(acting, run_sql):
    michael = acting("michael")
    attach(michael, "management", b"Where the zeppelin lands")
    appears(michael, "zeppelin")
    run_sql(
        "UPDATE message_words w SET words = message_words_of(m.text, m.user_id, m.channel_id)"
        " FROM messages m WHERE m.id = w.message_id"
    )
    assert found(michael, "zeppelin") == []
    run_sql("UPDATE attached_words SET words = NULL, claimed_until = '-infinity'")
    appears(michael, "zeppelin")


def test_a_message_that_cannot_be_read_does_not_end_the_reading(monkeypatch):
    looks = []
    others = file_search.read_next

    async def read_next(database):
        # Servers of other tests that are still up in this process read as before.
        if database is not None:
            return await others(database)
        looks.append("look")
        if len(looks) == 1:
            raise asyncpg.DataError
        raise asyncio.CancelledError

    async def work():
        with pytest.raises(asyncio.CancelledError):
            await file_search.keep_reading(None)

    monkeypatch.setattr(file_search, "read_next", read_next)
    monkeypatch.setattr(file_search, "POLL_SECONDS", 0)
    complete(work())
    assert looks == ["look", "look"]
