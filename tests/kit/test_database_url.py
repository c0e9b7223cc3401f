"""Addresses as hosted databases and other clients write them."""

import asyncpg
import pytest

from bullpen.kit import database_url
from bullpen.kit.database_url import driver_url, note_refused

PLAIN = "postgresql://me@example.com/office"


@pytest.fixture(autouse=True)
def no_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_url, "refused_options", set())


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ("", ""),
        ("?sslmode=require&channel_binding=require", "?sslmode=require"),
        ("?pgbouncer=true&connection_limit=1&pool_timeout=0", ""),
        ("?keepalives=1&keepalives_idle=30&gssencmode=disable", ""),
        ("?fallback_application_name=psql&load_balance_hosts=random", ""),
        ("?sslcompression=0&min_protocol_version=3.0&supa=base-pooler.x", ""),
        ("?sslaccept=strict&uselibpqcompat=true&sslmode=require", "?sslmode=require"),
        ("?ssl=true", "?sslmode=require"),
        ("?ssl=false", "?sslmode=disable"),
        ("?ssl=true&sslmode=verify-full", "?sslmode=verify-full"),
        ("?sslmode=no-verify", "?sslmode=require"),
        ("?options=-c%20search_path%3Dmine", "?options=-c+search_path%3Dmine"),
        (
            "?host=/run/postgresql&application_name=x",
            "?host=%2Frun%2Fpostgresql&application_name=x",
        ),
    ],
)
def test_what_the_driver_is_given(options: str, kept: str):
    assert driver_url(PLAIN + options) == PLAIN + kept


@pytest.mark.parametrize(
    "message",
    [
        'unrecognized configuration parameter "mood"',
        'parameter "mood" cannot be changed now',
        'parameter "mood" cannot be changed without restarting the server',
        "unsupported startup parameter: mood",
    ],
)
def test_an_option_that_the_server_refuses_is_left_out_from_then_on(message: str):
    url = f"{PLAIN}?mood=good&application_name=x"
    assert note_refused(url, asyncpg.PostgresError(message))
    assert driver_url(url) == f"{PLAIN}?application_name=x"
    assert not note_refused(url, asyncpg.PostgresError(message))


def test_other_refusals_are_the_callers():
    assert not note_refused(PLAIN, asyncpg.PostgresError("password authentication failed"))
    assert not note_refused(
        PLAIN, asyncpg.PostgresError('unrecognized configuration parameter "mood"')
    )
