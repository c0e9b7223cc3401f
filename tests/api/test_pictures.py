"""Profile pictures and the workspace's icon over HTTP: who sets them, who sees them, and how."""

import io

import pytest
from PIL import Image
from tests.support.streams import listening

PNG = {"content-type": "image/png"}


def picture(color: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), color).save(file, "PNG")
    return file.getvalue()


RED, BLUE = picture("red"), picture("blue")


def outcome(answer):
    return answer.status_code, answer.json().get("code") if answer.is_error else None


def put(client, path, content=RED, headers=PNG):
    return client.put(f"/api/{path}", content=content, headers=headers)


OK, REFUSED = (200, None), (403, "not_permitted")
UNKNOWN = (404, "user_not_found")


def test_a_user_without_a_picture_has_no_such_field(signed_in):
    mia = signed_in("mia")
    for path in ("users/max", "people/max", "agents/bot", "me", "workspace"):
        assert not {"picture", "icon"} & mia.get(f"/api/{path}").json().keys(), path


def test_a_picture_is_in_every_answer_about_its_user_until_it_is_removed(signed_in):
    mia, ada = signed_in("mia"), signed_in("ada")
    path = put(mia, "users/mia/picture").json()["picture"]
    assert path.startswith("/api/users/mia/picture/")
    listed = next(user for user in ada.get("/api/users").json() if user["id"] == "mia")
    person = next(one for one in ada.get("/api/people").json() if one["id"] == "mia")
    for found in (listed, person, mia.get("/api/me").json(), ada.get("/api/people/mia").json()):
        assert found["picture"] == path
    agent = put(mia, "users/bot/picture", BLUE).json()["picture"]
    assert mia.get("/api/agents/bot").json()["picture"] == agent
    assert {a["id"]: a.get("picture") for a in mia.get("/api/agents").json()}["bot"] == agent
    assert outcome(mia.delete("/api/users/mia/picture")) == OK
    assert "picture" not in mia.get("/api/users/mia").json()
    assert outcome(mia.get(path)) == (404, "picture_not_found")
    assert outcome(mia.delete("/api/users/mia/picture")) == OK


def test_a_picture_is_served_as_nothing_else_and_kept_by_the_browser_alone(signed_in):
    mia = signed_in("mia")
    path = put(mia, "users/mia/picture").json()["picture"]
    answer = mia.get(path)
    assert answer.status_code == 200
    headers = answer.headers
    assert headers["content-type"] == "image/webp"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "private, max-age=31536000, immutable"
    assert headers["content-security-policy"] == (
        "default-src 'none'; sandbox; frame-ancestors 'none'"
    )
    version = path.rpartition("/")[2]
    assert headers["etag"] == f'"{version}"'
    assert Image.open(io.BytesIO(answer.content)).size == (256, 256)
    for known in (f'"{version}"', f'W/"{version}"', f'"x", "{version}"', "*"):
        again = mia.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == f'"{version}"'
    assert mia.get(path, headers={"if-none-match": '"x"'}).status_code == 200
    head = mia.head(path)
    assert (head.status_code, head.content) == (200, b"")


def test_another_picture_has_another_path_and_the_same_one_the_same(signed_in):
    mia = signed_in("mia")
    red = put(mia, "users/mia/picture").json()["picture"]
    blue = put(mia, "users/mia/picture", BLUE).json()["picture"]
    assert red != blue
    assert outcome(mia.get(red)) == (404, "picture_not_found")
    assert put(mia, "users/mia/picture").json()["picture"] == red


def test_people_set_their_own_picture_and_admins_those_of_lower_roles(signed_in):
    expected = {
        ("mia", "mia"): OK, ("mia", "max"): REFUSED, ("max", "max"): OK, ("gus", "gus"): OK,
        ("gus", "mia"): REFUSED, ("ada", "mia"): OK, ("ada", "gus"): OK, ("ada", "art"): REFUSED,
        ("ada", "olga"): REFUSED, ("olga", "ada"): OK, ("olga", "otto"): OK,
        ("bot", "mia"): REFUSED, ("mia", "bot"): OK, ("max", "bot"): REFUSED, ("ada", "rob"): OK,
        ("bot", "bot"): REFUSED, ("gus", "max"): UNKNOWN, ("ada", "nobody"): UNKNOWN,
    }  # fmt: skip
    got = {
        (who, whom): outcome(put(signed_in(who), f"users/{whom}/picture")) for who, whom in expected
    }
    assert got == expected
    removed = {
        (who, whom): outcome(signed_in(who).delete(f"/api/users/{whom}/picture"))
        for who, whom in expected
    }
    assert removed == expected


def test_who_cannot_see_a_user_is_told_the_same_as_of_nobody(signed_in):
    mia, gil, gus = signed_in("mia"), signed_in("gil"), signed_in("gus")
    path = put(mia, "users/mia/picture").json()["picture"]
    assert gus.get(path).status_code == 200
    hidden = gil.get(path)
    nobody = gil.get(path.replace("mia", "nobody"))
    nothing = gil.get("/api/users/max/picture/nothing")
    for answer in (nobody, nothing):
        assert (answer.status_code, answer.content) == (404, hidden.content)
    # Not even to someone who knows the content.
    known = gil.get(path, headers={"if-none-match": f'"{path.rpartition("/")[2]}"'})
    assert (known.status_code, known.content) == (404, hidden.content)
    for method in ("put", "delete"):
        sent = {"content": RED, "headers": PNG} if method == "put" else {}
        real = getattr(gil, method)("/api/users/mia/picture", **sent)
        missing = getattr(gil, method)("/api/users/nobody/picture", **sent)
        assert (real.status_code, real.content) == (404, missing.content)


def test_a_picture_needs_a_session(signed_in):
    mia = signed_in("mia")
    path = put(mia, "users/mia/picture").json()["picture"]
    mia.cookies.clear()
    mia.headers.pop("cookie", None)
    assert outcome(mia.get(path)) == (401, "sign_in_required")
    assert outcome(put(mia, "users/mia/picture")) == (401, "sign_in_required")


def test_windows_hear_of_a_picture_and_guests_only_of_those_whom_they_see(signed_in):
    mia, gus, gil = signed_in("mia"), signed_in("gus"), signed_in("gil")
    with listening(gus) as seeing, listening(gil) as other:
        path = put(mia, "users/mia/picture").json()["picture"]
        assert seeing.until("user.changed")[-1]["user"]["picture"] == path
        mia.delete("/api/users/mia/picture")
        assert "picture" not in seeing.until("user.changed")[-1]["user"]
        put(signed_in("max"), "users/max/picture")
        told = other.until("user.changed")
        assert [event["user"]["id"] for event in told if event["type"] == "user.changed"] == ["max"]


REFUSALS = [
    (b"", PNG, (415, "not_a_picture")),
    (RED, {}, (415, "not_a_picture")),
    (b"{}", {"content-type": "application/json"}, (415, "not_a_picture")),
    (b"<svg/>", {"content-type": "image/svg+xml"}, (415, "not_a_picture")),
    (b"<svg/>", PNG, (400, "picture_invalid")),
    (RED[:-40], PNG, (400, "picture_invalid")),
    (b"x" * 8_000_001, PNG, (413, "body_too_large")),
]


@pytest.mark.parametrize("number", range(len(REFUSALS)))
def test_what_is_no_picture_is_refused_and_changes_nothing(refusing, number: int):
    content, headers, expected = REFUSALS[number]
    pam = refusing("pam")
    for path in ("users/pam/picture", "workspace/icon"):
        assert outcome(put(pam, path, content, headers)) == expected
    assert "picture" not in pam.get("/api/users/pam").json()


def test_a_body_in_chunks_is_limited_as_well(refusing):
    def chunks():
        for _ in range(90):
            yield bytes(100_000)

    pam = refusing("pam")
    assert outcome(put(pam, "users/pam/picture", chunks())) == (413, "body_too_large")


def test_other_routes_take_neither_pictures_nor_large_bodies(refusing):
    pam = refusing("pam")
    for path in ("users/pam/status", "users/pam/picture/x", "users/pam/pam/picture"):
        assert outcome(put(pam, path))[0] in (404, 405, 415), path
        assert outcome(put(pam, path, b"x" * 1_000_001))[0] == 413, path


def test_a_page_of_another_site_cannot_send_a_picture(refusing):
    pam = refusing("pam")
    answer = put(pam, "users/pam/picture", headers=PNG | {"origin": "https://evil.example"})
    assert outcome(answer) == (403, "cross_origin")


def test_the_icon_is_set_by_admins_seen_by_everybody_and_told_to_every_window(signed_in):
    ada, gil = signed_in("ada"), signed_in("gil")
    with listening(gil) as stream:
        assert outcome(put(signed_in("mia"), "workspace/icon")) == REFUSED
        shown = put(ada, "workspace/icon").json()
        assert shown["name"] == "Roles"
        assert stream.until("workspace.changed")[-1]["workspace"] == shown
        assert ada.patch("/api/workspace", json={"name": "Rolls"}).json()["icon"] == shown["icon"]
        assert stream.until("workspace.changed")[-1]["workspace"]["name"] == "Rolls"
        assert gil.get("/api/session").json()["workspace"] == {"name": "Rolls", **shown} | {
            "name": "Rolls"
        }
        answer = gil.get(shown["icon"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
        assert outcome(ada.delete("/api/workspace/icon")) == OK
        assert stream.until("workspace.changed")[-1]["workspace"] == {"name": "Rolls"}
        assert outcome(gil.get(shown["icon"])) == (404, "picture_not_found")
        assert outcome(signed_in("mia").delete("/api/workspace/icon")) == REFUSED


def test_a_guest_who_resumes_hears_of_the_icon_and_not_of_whom_they_cannot_see(signed_in):
    ada, gil = signed_in("ada"), signed_in("gil")
    before = int(gil.get("/api/unreads").headers["x-event-id"])
    put(signed_in("mia"), "users/mia/picture")
    put(ada, "workspace/icon")
    with listening(gil, before) as stream:
        kinds = [event["type"] for event in stream.until("workspace.changed")]
    assert "user.changed" not in kinds


def test_the_audit_log_has_changes_of_pictures(signed_in):
    ada = signed_in("ada")
    put(ada, "users/mia/picture")
    put(ada, "users/bot/picture")
    put(ada, "workspace/icon")
    entries = ada.get("/api/audit").json()["entries"][:3]
    assert [(e["action"], e["targetId"], e["details"]) for e in entries] == [
        ("workspace.edited", "workspace", {"fields": ["icon"]}),
        ("agent.edited", "bot", {"fields": ["picture"]}),
        ("person.edited", "mia", {"fields": ["picture"]}),
    ]


def test_a_token_needs_the_scope_to_write(signed_in, run_staffed):
    run_staffed("UPDATE api_tokens SET scopes = ARRAY['read'] WHERE user_id = 'bot'")
    bot = signed_in("bot")
    assert outcome(put(bot, "users/bot/picture")) == (403, "missing_scope")
    path = put(signed_in("mia"), "users/bot/picture").json()["picture"]
    assert bot.get(path).status_code == 200


def test_a_picture_goes_with_its_user(signed_in, run_staffed):
    put(signed_in("ada"), "users/rob/picture")
    run_staffed("DELETE FROM agents WHERE id = 'rob'")
    assert run_staffed("SELECT count(*) FROM user_pictures") == [(0,)]
