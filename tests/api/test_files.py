"""Files over HTTP: uploaded, named in a message, served to those who may read it."""

import io
from uuid import uuid4

import pytest
from PIL import Image
from tests.support.attaching import remove_files
from tests.support.serving import serving

BYTES = {"content-type": "application/octet-stream"}
TEXT = b"Quarterly numbers\n"
A_FILE = {"name": "notes.txt", "mediaType": "text/plain", "size": len(TEXT)}
MB = 1_000_000


def upload(client, content=TEXT, name="notes.txt", **more):
    return client.post("/api/files", params={"name": name, **more}, content=content, headers=BYTES)


def post(client, file_ids, channel="open", text="", **more):
    body = {"channelId": channel, "text": text, "fileIds": file_ids, **more}
    return client.post("/api/messages", json=body)


def code(answer):
    return answer.status_code, answer.json()["code"]


def picture(size=(900, 600), kind="PNG", **options) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, kind, **options)
    return file.getvalue()


def test_a_file_is_its_uploaders_until_a_message_has_it(signed_in):
    mia, ada, gil = signed_in("mia"), signed_in("ada"), signed_in("gil")
    answer = upload(mia)
    file = answer.json()
    assert (answer.status_code, {k: v for k, v in file.items() if k != "id"}) == (201, A_FILE)
    path = f"/api/files/{file['id']}"
    assert mia.get(path).content == TEXT
    assert code(ada.get(path)) == (404, "file_not_found")
    posted = post(mia, [file["id"]])
    assert (posted.status_code, posted.json()["files"], posted.json()["text"]) == (201, [file], "")
    assert ada.get(path).content == TEXT
    listed = ada.get("/api/channels/open/messages").json()[-1]
    assert listed == posted.json()
    assert ada.get(f"/api/messages/{listed['id']}").json()["files"] == [file]
    # A guest who is not in the channel, and the one who has uploaded it, but left.
    assert code(gil.get(path)) == (404, "file_not_found")
    assert gil.get(path, headers={"if-none-match": "*"}).status_code == 404
    assert gil.get(path, headers={"range": "bytes=0-1"}).status_code == 404
    assert code(mia.delete(path)) == (404, "file_not_found")


def test_those_who_leave_a_private_channel_see_its_files_no_more(signed_in):
    mia, gus, max_ = signed_in("mia"), signed_in("gus"), signed_in("max")
    file = upload(gus).json()
    post(gus, [file["id"]], channel="closed")
    path = f"/api/files/{file['id']}"
    assert mia.get(path).status_code == 200
    assert max_.get(path).status_code == 404
    assert mia.delete("/api/channels/closed/members/gus").status_code == 200
    # The uploader as well: access is that of the message.
    assert gus.get(path).status_code == 404


def test_a_message_without_files_has_no_such_field_and_needs_text(signed_in):
    mia = signed_in("mia")
    posted = mia.post("/api/messages", json={"channelId": "open", "text": "Hello"}).json()
    assert "files" not in posted
    for body in ({"channelId": "open"}, {"channelId": "open", "text": " ", "fileIds": []}):
        refused = mia.post("/api/messages", json=body)
        assert code(refused) == (400, "validation_failed")
        assert refused.json()["details"][0]["loc"] == ["body", "text"]
    path = f"/api/messages/{posted['id']}"
    assert mia.patch(path, json={"text": ""}).json()["details"][0]["loc"] == ["body", "text"]
    with_file = post(mia, [upload(mia).json()["id"]], text="Look").json()
    emptied = mia.patch(f"/api/messages/{with_file['id']}", json={"text": ""})
    assert (emptied.status_code, emptied.json()["files"]) == (200, with_file["files"])


def test_only_own_finished_files_that_no_message_has_can_be_attached(signed_in, run_staffed):
    mia, ada = signed_in("mia"), signed_in("ada")
    mine, theirs = upload(mia).json()["id"], upload(ada).json()["id"]
    for ids in ([theirs], [mine, theirs], [str(uuid4())]):
        assert code(post(mia, ids)) == (400, "file_not_attachable")
    assert code(post(mia, [mine, mine])) == (400, "validation_failed")
    run_staffed("UPDATE files SET completed_at = NULL WHERE id = $1", mine)
    assert code(post(mia, [mine])) == (400, "file_not_attachable")
    assert mia.get(f"/api/files/{mine}").status_code == 404
    run_staffed("UPDATE files SET completed_at = now() WHERE id = $1", mine)
    assert post(mia, [mine], text="First").status_code == 201
    assert code(post(mia, [mine], text="Second")) == (400, "file_not_attachable")


def test_the_same_message_and_the_same_upload_can_be_sent_again(signed_in, run_staffed):
    mia, ada = signed_in("mia"), signed_in("ada")
    chosen = str(uuid4())
    first, again = upload(mia, id=chosen), upload(mia, id=chosen)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert code(upload(ada, id=chosen)) == (409, "id_taken")
    message = str(uuid4())
    sent = [post(mia, [chosen], id=message) for _ in range(2)]
    assert [one.status_code for one in sent] == [201, 200]
    assert sent[0].json() == sent[1].json()
    assert run_staffed("SELECT count(*) FROM file_chunks")[0][0] == 1


def test_several_files_keep_their_order_also_in_a_reply(signed_in):
    mia = signed_in("mia")
    ids = [upload(mia, name=f"{n}.txt").json()["id"] for n in "cab"]
    root = post(mia, ids).json()
    assert [file["name"] for file in root["files"]] == ["c.txt", "a.txt", "b.txt"]
    reply = post(mia, [upload(mia).json()["id"]], parentMessageId=root["id"]).json()
    listed = mia.get(f"/api/messages/{root['id']}/replies").json()
    assert listed[0]["files"] == reply["files"]


def test_a_file_goes_with_its_message_and_with_its_thread(signed_in, run_staffed, staffed):
    mia = signed_in("mia")
    root = post(mia, [upload(mia).json()["id"]]).json()
    reply = post(mia, [upload(mia).json()["id"]], parentMessageId=root["id"]).json()
    paths = [f"/api/files/{one['files'][0]['id']}" for one in (root, reply)]
    deleted = mia.delete(f"/api/messages/{root['id']}")
    assert deleted.json()["files"] == root["files"]
    assert [mia.get(path).status_code for path in paths] == [404, 404]
    # While its author can bring it back, the content is kept.
    assert remove_files(staffed) == 0
    run_staffed("UPDATE files SET touched_at = now() - interval '2 minutes'")
    assert remove_files(staffed) == 2
    assert run_staffed("SELECT count(*) FROM file_chunks")[0][0] == 0


def test_the_uploader_can_remove_a_file_before_it_is_sent(signed_in, run_staffed):
    mia, ada = signed_in("mia"), signed_in("ada")
    path = f"/api/files/{upload(mia).json()['id']}"
    assert ada.delete(path).status_code == 404
    assert mia.delete(path).json() == {"ok": True}
    assert mia.get(path).status_code == 404
    assert run_staffed("SELECT count(*) FROM file_chunks")[0][0] == 0


def test_parts_are_answered_byte_by_byte_across_chunks(signed_in):
    mia = signed_in("mia")
    content = bytes(n * 7 % 251 for n in range(600_000))
    file = upload(mia, content, "blob.bin").json()
    path = f"/api/files/{file['id']}"
    assert mia.get(path).content == content
    size = len(content)
    for asked, start, end in (
        ("bytes=0-0", 0, 1),
        ("bytes=262143-262144", 262143, 262145),
        ("bytes=65536-", 65536, size),
        ("bytes=-5", size - 5, size),
        ("bytes=599999-9999999", size - 1, size),
        ("bytes=-9999999", 0, size),
    ):
        answer = mia.get(path, headers={"range": asked})
        assert (answer.status_code, answer.content) == (206, content[start:end]), asked
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert answer.headers["content-length"] == str(end - start)
    for asked in ("bytes=600000-", "bytes=-0"):
        answer = mia.get(path, headers={"range": asked})
        assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{size}")
    for asked in ("bytes=5-1", "bytes=0-1,3-4", "lines=0-1", "bytes=-", "bytes=a-b"):
        answer = mia.get(path, headers={"range": asked})
        assert (answer.status_code, len(answer.content)) == (200, size), asked
    tag = mia.get(path).headers["etag"]
    unchanged = mia.get(path, headers={"if-none-match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    for condition, status in ((tag, 206), ('"other"', 200)):
        headers = {"range": "bytes=0-0", "if-range": condition}
        assert mia.get(path, headers=headers).status_code == status
    head = mia.head(path)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(size), b"")


def test_a_picture_has_its_size_and_a_thumbnail(signed_in):
    mia, gil = signed_in("mia"), signed_in("gil")
    file = upload(mia, picture((1500, 1000)), "photo.png").json()
    assert (file["mediaType"], file["width"], file["height"]) == ("image/png", 1500, 1000)
    path = file["thumbnail"]
    assert path == f"/api/files/{file['id']}/thumbnail"
    post(mia, [file["id"]])
    answer = mia.get(path)
    assert answer.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.content)).size == (720, 480)
    assert mia.get(path, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    assert gil.get(path).status_code == 404
    shown = mia.get(f"/api/files/{file['id']}")
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["content-disposition"].startswith("inline; ")
    text = upload(mia).json()
    assert mia.get(f"/api/files/{text['id']}/thumbnail").status_code == 404


def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(staffed, run_staffed):
    from tests.support.roles import browser  # noqa: PLC0415 - like the fixture does

    with (
        serving(staffed, team=True, largest_file=1000) as served,
        browser(served, "mia") as mia,
    ):
        assert mia.get("/api/files/limits").json() == {"largestFile": 1000}
        assert upload(mia, bytes(1000)).status_code == 201
        assert code(upload(mia, bytes(1001))) == (413, "file_too_large")
        # Without saying before how much it is.
        sent = mia.post("/api/files", content=iter([bytes(600), bytes(600)]), headers=BYTES)
        assert code(sent) == (413, "file_too_large")
    assert run_staffed("SELECT count(*) FROM files")[0][0] == 1


def test_what_is_no_file_is_refused(signed_in, run_staffed):
    mia = signed_in("mia")
    assert code(upload(mia, b"")) == (400, "file_empty")
    form = mia.post("/api/files", files={"file": ("a.txt", b"x")})
    assert code(form) == (415, "no_file_body")
    assert code(mia.post("/api/files", params={"id": "7"}, content=b"x", headers=BYTES)) == (
        400,
        "validation_failed",
    )
    assert run_staffed("SELECT count(*) FROM files")[0][0] == 0


@pytest.mark.parametrize("minutes", [2, 60 * 24 * 8])
def test_what_nobody_needs_is_removed_and_nothing_else(signed_in, run_staffed, staffed, minutes):
    """Unfinished uploads of a killed server after a minute, forgotten files after days."""
    mia = signed_in("mia")
    sent, kept, broken = (upload(mia).json()["id"] for _ in range(3))
    post(mia, [sent])
    run_staffed("UPDATE files SET completed_at = NULL WHERE id = $1", broken)
    run_staffed("UPDATE files SET touched_at = now() - make_interval(mins => $1)", minutes)
    stays = {sent, kept} if minutes == 2 else {sent}
    assert remove_files(staffed) == 3 - len(stays)
    assert {str(row[0]) for row in run_staffed("SELECT id FROM files")} == stays
    # The same upload can begin anew.
    assert upload(mia, id=broken).status_code == 201
