"""`bullpen user export` and `bullpen user erase`: all of one person, and nothing of others."""

import json
import stat
import zipfile
from pathlib import Path

import pytest
from tests.support.catalog import fetch, tables
from tests.support.program import Done, bullpen
from tests.support.serving import serving
from tests.support.streams import listening

pytestmark = pytest.mark.timeout(300)

# First whole rows: most hold none of the words, and their columns need no look.
COLUMNS_WITH = """
SELECT '{0}.' || field.key FROM "{0}" row, jsonb_each_text(to_jsonb(row)) field
WHERE row::text LIKE ANY ($1) AND field.value LIKE ANY ($1)
"""


@pytest.fixture
def dana(server, acting, run_sql) -> str:
    """A person who has done what a person can do."""
    # Who joins goes on as that person.
    jim, joining = acting("jim"), acting("jim")
    person = joining.post("/api/people", json={"displayName": "Dana Zyx"}).json()["id"]
    run_sql("UPDATE people SET email = 'dana@example.com', time_zone = 'UTC' WHERE id = $1", person)
    headers = {"bullpen-user": person}

    def send(method: str, path: str, **fields: object):
        answer = joining.request(method, path, json=fields, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    said = send("POST", "/api/messages", channelId="general", text="Said by me")["id"]
    reply = {"channelId": "general", "text": "An answer", "parentMessageId": said}
    assert jim.post("/api/messages", json=reply).is_success
    send("POST", "/api/messages", channelId="general", text="Alone")
    send("POST", f"/api/messages/{said}/reactions", emoji="👍")
    send("PUT", f"/api/users/{person}/status", emoji="🌴", text="Away at the sea")
    send("POST", "/api/channels", id="dm-x", name="dm-x", kind="dm", memberIds=[person, "pam"])
    send("POST", "/api/messages", channelId="dm-x", text="In private")
    group = {"id": "group", "name": "group", "kind": "group_dm"}
    send("POST", "/api/channels", **group, memberIds=[person, "pam", "jim"])
    send("POST", "/api/tokens", name="script", scopes=["read"])
    run_sql("INSERT INTO agent_managers VALUES ('pam', $1)", person)
    return str(person)


def run(url: str, folder: Path, *arguments: str) -> Done:
    return bullpen("user", *arguments, cwd=folder, DATABASE_URL=url)


def rows_of(archive: zipfile.ZipFile, part: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in archive.read(f"{part}.jsonl").splitlines()]


def mentions(url: str, *words: str) -> list[str]:
    """Every column in which one of the words stands somewhere."""
    looked = [table for table in tables(url) if table not in {"audit_log", "alembic_version"}]
    sql = " UNION ".join(COLUMNS_WITH.format(table) for table in looked)
    return [column for (column,) in fetch(url, sql, [f"%{word}%" for word in words])]


def test_the_export_has_everything_of_the_person_and_no_secret(
    tmp_path: Path, url: str, dana: str, run_sql
):
    target = tmp_path / "dana.zip"
    done = run(url, tmp_path, "export", "dana@example.com", str(target))
    assert done == Done(0, f"Wrote everything about Dana Zyx to {target}\n", "")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with zipfile.ZipFile(target) as archive:
        (profile,) = rows_of(archive, "profile")
        assert (profile["display_name"], profile["email"]) == ("Dana Zyx", "dana@example.com")
        texts = [row["text"] for row in rows_of(archive, "messages")]
        assert texts == ["Said by me", "Alone", "In private"]
        assert [row["emoji"] for row in rows_of(archive, "reactions")] == ["👍"]
        assert [row["status_text"] for row in rows_of(archive, "status")] == ["Away at the sea"]
        channels = {row["channel_id"] for row in rows_of(archive, "memberships")}
        assert {"general", "dm-x"} <= channels
        assert [row["agent_id"] for row in rows_of(archive, "managed_agents")] == ["pam"]
        (token,) = rows_of(archive, "api_tokens")
        assert token["name"] == "script"
        assert not any("hash" in name or "secret" in name for name in token)
        whole = b"".join(archive.read(name) for name in archive.namelist())
        assert b"An answer" not in whole
    noted = run_sql("SELECT action, target_id FROM audit_log ORDER BY id DESC LIMIT 1")
    assert [tuple(row) for row in noted] == [("person.exported", dana)]
    again = run(url, tmp_path, "export", dana, str(target))
    assert (again.code, again.err) == (
        1,
        f"bullpen: {target} is there already and is not overwritten: choose another name\n",
    )


@pytest.mark.parametrize("command", [("export", "pam", "x.zip"), ("erase", "pam", "--yes")])
def test_an_agent_is_no_person(tmp_path: Path, url: str, command: tuple[str, ...]):
    refused = run(url, tmp_path, *command)
    assert refused == Done(1, "", "bullpen: 'pam' is an agent; this is for people\n")
    assert list(tmp_path.glob("*.zip*")) == []


def test_erasing_leaves_the_messages_of_a_former_member(
    tmp_path: Path, url: str, server, acting, dana: str, run_sql
):
    jim = acting("jim")
    run_sql(
        "INSERT INTO private_notes (agent_id, label, channel_id, content)"
        " VALUES ('pam', 'x', 'general', 'y')"
    )
    before = run_sql("SELECT count(*) FROM messages")
    run_sql(
        "INSERT INTO people (id, display_name, avatar_color, role)"
        " VALUES ('olga', 'Olga', '#000000', 'owner')"
    )
    with listening(jim) as stream:
        done = run(url, tmp_path, "erase", dana, "--yes")
        assert (done.code, done.err) == (0, "")
        assert stream.until("reset")
    former = done.out.rpartition(" ")[2].strip()
    assert done.out == f"Erased Dana Zyx, who is now {former}\n"
    assert mentions(url, dana, "Dana", "dana@example.com") == []
    assert run_sql("SELECT count(*) FROM messages") == before
    user = jim.get(f"/api/users/{former}").json()
    assert (user["displayName"], user["kind"]) == ("Former member", "person")
    page = jim.get("/api/channels/general/messages?limit=3").json()
    assert {message["userId"] for message in page if message["text"] == "Alone"} == {former}
    hits = jim.get("/api/search", params={"q": f"from:{former} alone"}).json()["hits"]
    assert len(hits) == 1
    assert run_sql("SELECT count(*) FROM api_tokens") == [(0,)]
    members = run_sql(
        "SELECT channel_id FROM channel_members WHERE user_id = $1 ORDER BY channel_id", former
    )
    assert [tuple(row) for row in members] == [("dm-x",), ("group",)]
    [(group,)] = run_sql("SELECT member_ids FROM group_dms")
    assert group == sorted([former, "jim", "pam"])
    noted = run_sql("SELECT target_id, details::text FROM audit_log WHERE action = 'person.erased'")
    assert [tuple(row) for row in noted] == [(former, '{"messages": "kept"}')]


def test_erasing_with_messages_keeps_what_others_have_replied(
    tmp_path: Path, url: str, dana: str, run_sql
):
    run_sql(
        "INSERT INTO people (id, display_name, avatar_color, role)"
        " VALUES ('olga', 'Olga', '#000000', 'owner')"
    )
    others = "SELECT id FROM messages WHERE user_id <> $1 ORDER BY id"
    before = run_sql(others, dana)
    done = run(url, tmp_path, "erase", dana, "--yes", "--messages")
    assert (done.code, done.err) == (0, "")
    former = done.out.rpartition(" ")[2].strip()
    assert run_sql(others, former) == before
    left = run_sql("SELECT text FROM messages WHERE user_id = $1", former)
    assert [tuple(row) for row in left] == [("This message was deleted.",)]
    assert mentions(url, "Said by me", "Alone", "In private", "Away at the sea") == []


def test_the_last_owner_is_not_erased(tmp_path: Path, url: str, run_sql):
    run_sql(
        "INSERT INTO people (id, display_name, avatar_color, role)"
        " VALUES ('olga', 'Olga', '#000000', 'owner')"
    )
    done = run(url, tmp_path, "erase", "olga", "--yes")
    assert (done.code, done.err) == (
        1,
        "bullpen: 'olga' is the only owner. Make somebody else an owner first\n",
    )
    assert run_sql("SELECT is_active FROM people WHERE id = 'olga'") == [(True,)]


def test_who_is_erased_is_signed_out_at_once(tmp_path: Path, url: str, run_sql):
    run_sql(
        "INSERT INTO people (id, display_name, avatar_color, role) VALUES"
        " ('olga', 'Olga', '#000000', 'owner'), ('max', 'Max', '#000000', 'member')"
    )
    with serving(url) as served, served.client("max") as client, listening(client) as stream:
        assert run(url, tmp_path, "erase", "max", "--yes").code == 0
        stream.rest()
        assert client.get("/api/unreads").status_code in (401, 409)
