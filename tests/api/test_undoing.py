"""Deleted messages that their author brings back: hidden meanwhile, and whole again."""

from tests.support.fixtures import complete
from tests.support.posting import newest, post
from tests.support.program import until
from tests.support.streams import listening

from bullpen.chat.due import send_due
from bullpen.kit.database import Database

TABLES = (
    "messages", "message_words", "message_edits", "earlier_texts", "message_pins", "reactions",
    "reacted_messages", "mentions", "mention_marks", "channel_replies", "thread_cursors",
    "thread_follows", "run_triggers", "run_posts", "run_notices", "run_effects",
)  # fmt: skip


def everything(run_sql):
    found = {
        table: run_sql(f"SELECT to_jsonb(x)::text FROM {table} x ORDER BY 1") for table in TABLES
    }
    return found | {"files": run_sql("SELECT id, message_id, completed_at, place FROM files")}


def restore(client, message_id):
    return client.post(f"/api/messages/{message_id}/restore")


def full_thread(pam, jim):
    """A message by pam with all that a message can have."""
    sent = pam.post("/api/files?name=a.txt", content=b"Hi", headers={"Content-Type": "text/plain"})
    file_id = sent.json()["id"]
    root = post(pam, "Zebra, @jim?", fileIds=[file_id]).json()["id"]
    pam.patch(f"/api/messages/{root}", json={"text": "Zebras, @jim?"})
    reply = post(jim, "Look, @pam", parentMessageId=root).json()["id"]
    post(jim, "For all", parentMessageId=root, alsoInChannel=True)
    for who, what in ((jim, root), (pam, reply)):
        who.post(f"/api/messages/{what}/reactions", json={"emoji": "👍"})
    for what in (root, reply):
        jim.put(f"/api/messages/{what}/pin")
        jim.put(f"/api/messages/{what}/saved")
    jim.delete(f"/api/messages/{root}/follow")
    jim.post("/api/inbox/mark-read", json={"kind": "mention", "id": root})
    return root, reply, file_id


def seen(client, root):
    """What a member sees of the thread, and counts."""
    sidebar = client.get("/api/sidebar").json()
    return (
        client.get("/api/channels/general/messages?limit=5").json(),
        client.get(f"/api/messages/{root}/replies").json(),
        client.get("/api/channels/general/pins").json(),
        client.get("/api/search?q=zebras").json()["hits"],
        client.get("/api/inbox").json(),
        client.get("/api/saved").json(),
        client.get("/api/unreads").json().get("general"),
        {name: sidebar[name] for name in ("mentions", "threads")},
    )


def test_a_message_comes_back_with_all_that_it_had_for_everybody(acting, run_sql):
    pam, jim, kevin = acting("pam"), acting("jim"), acting("kevin")
    root, reply, file_id = full_thread(pam, jim)
    # The words of its file are read soon afterwards, for search.
    until(lambda: not run_sql("SELECT FROM attached_words WHERE words IS NULL"))
    before = [seen(each, root) for each in (pam, jim, kevin)]
    rows = everything(run_sql)
    for gone, author in ((root, pam), (reply, jim)):
        assert author.delete(f"/api/messages/{gone}").status_code == 200
        assert everything(run_sql) != rows
        with listening(kevin) as stream:
            back = restore(author, gone)
            told = stream.until("message.restored")[-1]
        assert (back.status_code, back.json()["id"], told["message"]["id"]) == (200, gone, gone)
        assert everything(run_sql) == rows
        assert [seen(each, root) for each in (pam, jim, kevin)] == before
    assert kevin.get(f"/api/files/{file_id}").content == b"Hi"
    assert restore(pam, root).status_code == 404


def test_nobody_finds_it_meanwhile_and_only_who_deleted_it_brings_it_back(acting, run_sql):
    pam, jim = acting("pam"), acting("jim")
    root, reply, file_id = full_thread(pam, jim)
    before = post(pam, "Besides").json()["id"]
    pam.delete(f"/api/messages/{root}")
    for each in (pam, jim):
        assert newest(each)["id"] == before
        for gone in (root, reply):
            assert each.get(f"/api/messages/{gone}").status_code == 404
        assert each.get(f"/api/files/{file_id}").status_code == 404
        assert each.get("/api/search?q=zebras").json()["hits"] == []
        assert each.get("/api/channels/general/pins").json() == []
    # Its file belongs to no other message either.
    taken = post(pam, "Mine", fileIds=[file_id])
    assert taken.json()["code"] == "file_not_attachable"
    for stranger in (jim, acting("kevin")):
        assert restore(stranger, root).status_code == 404
    assert restore(jim, reply).status_code == 404
    assert restore(pam, root).status_code == 200


def test_it_is_gone_for_good_after_its_time_without_a_worker(acting, run_sql, url):
    pam, jim = acting("pam"), acting("jim")
    root, _, _ = full_thread(pam, jim)
    pam.delete(f"/api/messages/{root}")
    [[left]] = run_sql("SELECT undo_until - now() FROM deleted_messages")
    assert 10 < left.total_seconds() <= 30
    run_sql("UPDATE deleted_messages SET undo_until = now()")
    assert restore(pam, root).json()["code"] == "message_not_found"
    complete(look(url))
    assert run_sql("SELECT FROM deleted_messages") == []
    [[completed, message_id]] = run_sql("SELECT completed_at, message_id FROM files")
    # As an upload that stopped: the server removes it after a minute.
    assert (completed, message_id) == (None, None)


async def look(url: str) -> None:
    database = await Database.open(url)
    await send_due(database, asks=False)
    await database.close()


def test_a_reply_cannot_come_back_without_its_thread(acting, run_sql):
    pam, jim = acting("pam"), acting("jim")
    root = post(pam, "Lunch?").json()["id"]
    reply = post(jim, "Yes", parentMessageId=root).json()["id"]
    jim.delete(f"/api/messages/{reply}")
    pam.delete(f"/api/messages/{root}")
    assert restore(jim, reply).status_code == 404
    # What was refused is not lost: the thread may come back first.
    assert restore(pam, root).status_code == 200
    assert restore(jim, reply).status_code == 200
    assert [one["id"] for one in pam.get(f"/api/messages/{root}/replies").json()] == [reply]


def test_what_an_archived_or_left_channel_had_stays_gone(acting):
    pam, kevin = acting("pam"), acting("kevin")
    gone = post(kevin, "Hello").json()["id"]
    kevin.delete(f"/api/messages/{gone}")
    pam.post("/api/channels/general/archive")
    assert restore(kevin, gone).json()["code"] == "channel_archived"
    pam.post("/api/channels/general/restore")
    assert restore(kevin, gone).status_code == 200
