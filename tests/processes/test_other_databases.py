"""Databases, machines and addresses that are not as ours: refused in one line, or served."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from tests.support.catalog import fetch, tables
from tests.support.fixtures import MIGRATED, address
from tests.support.program import Done, bullpen
from tests.support.small_pack import SmallPack


@pytest.fixture
def make(request: pytest.FixtureRequest) -> Iterator[object]:
    made: list[str] = []

    def create(name: str, options: str = "TEMPLATE template0") -> str:
        fetch(address("postgres"), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        fetch(address("postgres"), f'CREATE DATABASE "{name}" {options}')
        made.append(name)
        return address(name)

    yield create
    for name in made:
        fetch(address("postgres"), f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII", "EUC_JP"])
def test_another_encoding_is_refused_before_anything_is_made(tmp_path: Path, make, encoding: str):
    name = f"in_{encoding.lower()}"
    url = make(name, f"TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
    assert bullpen("db", "seed", cwd=tmp_path, DATABASE_URL=url) == Done(
        1,
        "",
        f"bullpen: the database '{name}' has the encoding {encoding}; Bullpen needs UTF8. Create"
        f" one with CREATE DATABASE \"{name}_utf8\" ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE"
        " template0, and name it in DATABASE_URL\n",
    )
    assert tables(url) == []


def test_a_read_only_database_is_refused_in_one_line(tmp_path: Path, make):
    url = make("only_read")
    fetch(address("postgres"), "ALTER DATABASE only_read SET default_transaction_read_only = on")
    assert bullpen("db", "seed", cwd=tmp_path, DATABASE_URL=url) == Done(
        1,
        "",
        "bullpen: the database is read-only: name its primary server in DATABASE_URL, or allow"
        " writing with ALTER DATABASE ... SET default_transaction_read_only = off\n",
    )
    assert tables(url) == []


def test_a_search_path_without_a_schema_is_refused_in_one_line(tmp_path: Path, make):
    url = make("no_schema")
    fetch(address("postgres"), "ALTER DATABASE no_schema SET search_path = nowhere")
    assert bullpen("db", "seed", cwd=tmp_path, DATABASE_URL=url) == Done(
        1,
        "",
        "bullpen: no schema of the database user's search_path exists: create one, or set"
        " search_path to public\n",
    )


@pytest.fixture
def pack(tmp_path: Path) -> str:
    """A small one: what is read from it is not what matters here."""
    return str(SmallPack(tmp_path / "bakery").folder)


def test_a_serializable_database_works_and_unknown_options_of_its_address_are_left_out(
    tmp_path: Path, make, pack: str
):
    parts = urlsplit(make("serial"))
    fetch(
        address("postgres"),
        "ALTER DATABASE serial SET default_transaction_isolation = 'serializable'",
    )
    query = f"{parts.query}&supa=x&keepalives=1&mood=good".removeprefix("&")
    url = urlunsplit(parts._replace(query=query))
    done = bullpen("db", "seed", cwd=tmp_path, DATABASE_URL=url, BULLPEN_PACK=pack)
    assert done.code == 0
    assert done.err == "bullpen: left out 'mood' of DATABASE_URL: this Postgres refuses it\n"


@pytest.mark.parametrize("zone", ["EST5EDT,M3.2.0,M11.1.0", "Nowhere/Land"])
def test_a_machine_whose_zone_has_no_name_is_served_in_utc(
    tmp_path: Path, make, pack: str, zone: str
):
    url = make(f"zoneless_{len(zone)}", f"TEMPLATE {MIGRATED}")
    done = bullpen("db", "seed", cwd=tmp_path, DATABASE_URL=url, BULLPEN_PACK=pack, TZ=zone)
    assert done.code == 0
    assert done.err == (
        f"bullpen: TZ is '{zone}', which is not the name of a time zone: using UTC."
        " Set BULLPEN_TIME_ZONE to one like Europe/Berlin\n"
    )
