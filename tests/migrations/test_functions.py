"""The database's functions: one file each, applied whenever the database holds others."""

import re
from pathlib import Path

import pytest
from tests.support.catalog import contents, fetch, schema
from tests.support.fixtures import complete

import bullpen
from bullpen.migrations import functions
from bullpen.migrations.run import has_functions, migrate, revisions

PACKAGE = Path(bullpen.__file__).parent
DEFINED = re.compile(r"^CREATE OR REPLACE FUNCTION (\w+)\(", re.MULTILINE)
MARKED = """
SELECT proname FROM pg_proc
WHERE obj_description(oid, 'pg_proc') = 'Bullpen' AND proname <> 'bullpen_functions' ORDER BY 1
"""


@pytest.mark.parametrize("name", functions.files())
def test_a_file_defines_the_one_function_it_is_named_for(name: str):
    assert DEFINED.findall(functions.files()[name]) == [name]


def test_no_function_stands_in_python():
    offenders = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"LANGUAGE (plpgsql|sql) ?(STABLE|IMMUTABLE)? ?AS", path.read_text())
    ]
    assert offenders == []


def normalized(body: str) -> str:
    """Without comments, and however it is laid out."""
    return " ".join(re.sub(r"--[^\n]*", "", body).split()).lower()


def bodies(text: str) -> list[str]:
    return [normalized(body) for body in re.findall(r"\$\$(.+?)\$\$", text, re.DOTALL)]


def test_no_functions_body_stands_in_two_places():
    places: dict[str, list[str]] = {}
    for path in (*PACKAGE.rglob("*.sql"), *PACKAGE.rglob("*.py")):
        for body in bodies(path.read_text()):
            places.setdefault(body, []).append(path.name)
    assert [names for names in places.values() if len(names) > 1] == []
    assert len(places) >= len(functions.files())


def test_a_body_that_stands_in_two_places_is_found():
    text = functions.files()["run_json"]
    copied = f"-- A copy\n{text.upper()}"
    assert bodies(text) == bodies(copied) != []


def test_migrations_call_none_of_them():
    """They would get the newest one, whatever it does by then."""
    calls = re.compile(rf"\b({'|'.join(functions.files())})\(")
    found = {
        path.name: calls.findall(path.read_text())
        for path in (PACKAGE / "migrations" / "versions").glob("*.py")
    }
    assert {name: names for name, names in found.items() if names} == {}


def test_a_migrated_database_holds_all_of_them_and_below_the_newest_revision_none(url: str):
    assert [name for (name,) in fetch(url, MARKED)] == sorted(functions.files())
    complete(migrate(url, revisions()[-2]))
    assert [row for row in schema(url) if row[0] in ("function", "trigger")] == []
    complete(migrate(url))
    assert [name for (name,) in fetch(url, MARKED)] == sorted(functions.files())


def test_a_database_of_the_newest_revision_gets_what_it_lacks_and_keeps_its_rows(url: str):
    """As those do that were made while a committed migration was being edited."""
    there, rows = schema(url), contents(url)
    for (function,) in fetch(url, functions.OURS, ["bullpen_functions"]):
        fetch(url, f"COMMENT ON FUNCTION {function} IS NULL")
    for statement in (
        "DROP FUNCTION bullpen_functions",
        "DROP FUNCTION is_paused CASCADE",
        "DROP FUNCTION record_call",
        # One of an earlier version with other parameters, and one that has been retired.
        "CREATE FUNCTION record_call(integer) RETURNS void LANGUAGE sql AS ''",
        "CREATE FUNCTION tell_typing(uuid[], text) RETURNS void LANGUAGE sql AS ''",
    ):
        fetch(url, statement)
    assert schema(url) != there
    assert not complete(has_functions(url))
    assert complete(migrate(url)) == []
    assert schema(url) == there
    assert contents(url) == rows
    assert complete(has_functions(url))


def test_functions_of_others_in_the_same_database_stay(url: str):
    fetch(url, "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 7'")
    complete(migrate(url, "base"))
    complete(migrate(url))
    assert [value for (value,) in fetch(url, "SELECT mine()")] == [7]
