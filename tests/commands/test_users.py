"""`bullpen user …` and `bullpen token …`: what scripts get from them, also beside a server."""

import re
from pathlib import Path

import pytest
from tests.support.plain import http_client
from tests.support.program import Done, bullpen, running, until
from tests.support.serving import serving
from tests.support.tokens import with_token

pytestmark = pytest.mark.timeout(300)

DANA = ("--email", "dana@example.com", "--name", "Dana Flour", "--role", "member")


@pytest.fixture
def run(url: str, tmp_path: Path):
    return lambda *arguments: bullpen(*arguments, DATABASE_URL=url, cwd=tmp_path)


@pytest.fixture
def dana(run):
    assert run("user", "create", *DANA) == Done(0, "dana-flour\n", "")


def refused(why: str) -> Done:
    return Done(1, "", f"bullpen: {why}\n")


def test_a_person_is_created_whose_id_alone_is_printed(dana, run, run_sql):
    made = run(
        "user", "create", "--email", "Owner@Example.com", "--name", "Zoë Ångström",
        "--role", "owner", "--id", "zoe", "--title", "Founder",
    )  # fmt: skip
    assert made == Done(0, "zoe\n", "")
    assert run("user", "list") == Done(
        0,
        "dana-flour\tmember\tactive\tdana@example.com\tDana Flour\n"
        "zoe\towner\tactive\tOwner@Example.com\tZoë Ångström\n",
        "",
    )
    joined = run_sql("SELECT channel_id FROM channel_members WHERE user_id = 'zoe' ORDER BY 1")
    assert [row[0] for row in joined] == ["announcements", "general"]
    logged = run_sql("SELECT actor_id, action, target_id FROM audit_log ORDER BY id")
    assert [tuple(row) for row in logged] == [
        (None, "person.created", "dana-flour"),
        (None, "person.created", "zoe"),
    ]


ERIN = {"--email": "erin@example.com", "--name": "Erin Hannon", "--role": "member"}
# What she cannot have beside Dana and Jim.
CANNOT_HAVE: list[tuple[dict[str, str], str]] = [
    (
        {"--email": "DANA@example.com"},
        "the e-mail address DANA@example.com belongs to 'dana-flour'. Give another",
    ),
    ({"--id": "jim"}, "an agent with the id 'jim' already exists. Choose another id"),
    (
        {"--name": "dana flour"},
        (
            "a member or user group named 'dana flour', or with a name that looks the same,"
            " already exists. Choose another name"
        ),
    ),
    ({"--email": "nobody"}, "'nobody' is not an e-mail address; give one like ann@example.com"),
    ({"--role": "king"}, "there is no role 'king'; choose owner, admin, member, guest"),
    ({"--name": ""}, "--name '': enter some text"),
    (
        {"--name": "everyone"},
        "--name 'everyone': this word means no single member; choose another",
    ),
    (
        {"--id": "a b"},
        (
            "--id 'a b': use up to 80 letters (A to Z), digits, dots, hyphens and underscores,"
            " beginning with a letter or digit"
        ),
    ),
]


def test_what_a_person_cannot_have_is_one_clear_line(dana, run, run_sql):
    for change, why in CANNOT_HAVE:
        given = (part for pair in (ERIN | change).items() for part in pair)
        assert run("user", "create", *given) == refused(why), change
    assert run_sql("SELECT count(*) FROM people") == [(1,)]


def test_roles_and_activity_are_changed_and_the_last_owner_stays(dana, run, run_sql):
    assert run("user", "role", "dana@EXAMPLE.com", "owner") == Done(0, "", "")
    only = "'dana-flour' is the only owner. Make somebody else an owner first"
    assert run("user", "role", "dana-flour", "admin") == refused(only)
    assert run("user", "deactivate", "dana-flour") == refused(only)
    assert run("user", "create", "--email", "e@example.com", "--name", "Erin", "--role", "owner")
    assert run("user", "deactivate", "dana-flour") == Done(0, "", "")
    # Once more changes nothing.
    assert run("user", "deactivate", "dana-flour") == Done(0, "", "")
    assert run_sql("SELECT role, is_active FROM people ORDER BY id") == [
        ("owner", False), ("owner", True),
    ]  # fmt: skip
    assert run("user", "activate", "dana-flour") == Done(0, "", "")
    logged = [row[0] for row in run_sql("SELECT action FROM audit_log ORDER BY id")]
    assert logged == [
        "person.created", "person.role_changed", "person.created", "person.deactivated",
        "person.activated",
    ]  # fmt: skip
    assert run("user", "role", "nobody", "admin") == refused("there is no user 'nobody'")
    assert run("user", "role", "jim", "admin") == refused("'jim' is an agent; this is for people")


def test_a_token_works_at_once_beside_a_running_server_until_it_is_revoked(url, dana, run):
    with serving(url) as served:
        made = run(
            "token", "create", "dana@example.com", "--scopes", "write,read", "--name", "Report"
        )
        assert (made.code, made.err) == (0, "")
        assert re.fullmatch(r"bp_[A-Za-z0-9_-]{43}\n", made.out)
        token = made.out.strip()
        with with_token(served, token) as script:
            assert script.get("/api/session").json()["userId"] == "dana-flour"
            listed = run("token", "list", "dana-flour")
            [fields] = [line.split("\t") for line in listed.out.splitlines()]
            assert (fields[1], fields[2], fields[5]) == (token[:8], "read,write", "Report")
            assert fields[4] != "unused"
            assert run("token", "revoke", fields[0]) == Done(0, "", "")
            until(lambda: script.get("/api/session").status_code == 401, seconds=5)
        assert run("token", "list", "dana-flour") == Done(0, "", "")
        gone = "there is no such token, or it has been revoked"
        assert run("token", "revoke", fields[0]) == refused(gone)


def test_what_a_token_cannot_have_is_one_clear_line(dana, run, run_sql):
    def create(*given: str) -> Done:
        return run("token", "create", *given)

    assert create("dana-flour", "--scopes", "read,root", "--name", "x") == refused(
        "there is no scope 'root'; choose from read, write, admin, agent"
    )
    of_person = "a token of a person has one or more of the scopes read, write, admin"
    for scopes in ("agent", ","):
        done = create("dana-flour", "--scopes", scopes, "--name", "x")
        assert done == refused(of_person)
    assert create("nobody", "--scopes", "read", "--name", "x") == refused(
        "there is no user 'nobody'"
    )
    assert create("jim", "--scopes", "admin", "--name", "x") == refused(
        "a token of an agent has one or more of the scopes read, write, agent"
    )
    assert run("token", "revoke", "x") == refused("there is no token 'x'; give the id of one")
    assert run_sql("SELECT count(*) FROM api_tokens") == [(0,)]
    assert create("jim", "--scopes", "agent", "--name", "x", "--expires-days", "0").code == 0
    assert run_sql("SELECT expires_at, created_by FROM api_tokens") == [(None, None)]


def test_commands_work_on_the_embedded_database_before_and_beside_a_server(tmp_path: Path):
    place = {"BULLPEN_DATA_DIR": str(tmp_path / "data"), "cwd": tmp_path}
    # Nothing has started here before.
    assert bullpen("user", "create", *DANA, **place) == Done(0, "dana-flour\n", "")
    with running(**place) as program:
        made = bullpen("token", "create", "dana-flour", "--scopes", "read", "--name", "x", **place)
        assert (made.code, made.err) == (0, "")
        headers = {"Authorization": f"Bearer {made.out.strip()}"}
        with http_client(base_url=program.address, headers=headers) as script:
            assert script.get("/api/session").json()["userId"] == "dana-flour"


def test_a_password_is_read_from_standard_input_and_signs_in(url, run_sql, tmp_path: Path):
    def create(password: str) -> Done:
        asked = ("user", "create", *DANA, "--password-stdin")
        return bullpen(*asked, cwd=tmp_path, typed=password, DATABASE_URL=url)

    assert create("short\n") == refused(
        "use at least 12 characters. Several words with spaces are easy to remember"
    )
    assert run_sql("SELECT count(*) FROM people") == [(0,)]
    assert create("paper, rain and a stapler\n") == Done(0, "dana-flour\n", "")
    with serving(url, team=True) as served, served.client() as client:
        body = {"email": "dana@example.com", "password": "paper, rain and a stapler"}
        assert client.post("/api/sign-in", json=body).is_success
        assert client.get("/api/session").json()["userId"] == "dana-flour"
