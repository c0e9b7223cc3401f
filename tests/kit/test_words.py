"""The words of texts, and what a search finds and marks: one table for Python and Postgres."""

import json
import random
import secrets
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from tests.support.catalog import fetch
from tests.support.clusters import cluster, provided
from tests.support.fixtures import complete

from bullpen.kit import fulltext, words
from bullpen.kit.marks import marked
from bullpen.migrations.run import migrate

CASES = json.loads((Path(__file__).parents[1] / "cases" / "search.json").read_text("utf-8"))
LOCALE_C = """
CREATE DATABASE {} TEMPLATE template0
ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'
"""
FOUND = """
SELECT words_of(text) @@ query_of(terms) AS found, stem_terms(terms) AS terms,
       places_of(words_of(text), stem_terms(terms)) AS places
FROM unnest($1::text[], $2::jsonb[]) given (text, terms)
"""
SPLIT = "SELECT COALESCE(split_words(text), '{}') FROM unnest($1::text[]) text"


@pytest.fixture(scope="module", params=["embedded", "locale C", "Debian 15"])
def database(request: pytest.FixtureRequest, shared_url: str) -> Iterator[str]:
    if request.param == "embedded":
        yield shared_url
    elif request.param == "locale C":
        name = f"locale_c_{secrets.token_hex(4)}"
        fetch(shared_url, LOCALE_C.format(name))
        url = urlunsplit(urlsplit(shared_url)._replace(path=f"/{name}"))
        complete(migrate(url))
        yield url
        fetch(shared_url, f"DROP DATABASE {name} WITH (FORCE)")
    else:
        with cluster(provided("postgresql-15")) as made:
            url = made.create("words")
            complete(migrate(url))
            yield url


def marks(row: asyncpg.Record, text: str) -> list[str] | None:
    if not row["found"]:
        return None
    segments = marked(
        text, fulltext.read_stemmed(row["terms"]), fulltext.read_places(row["places"])
    )
    assert "".join(segment.text for segment in segments) == text
    return [segment.text for segment in segments if segment.hit]


def test_the_table_is_large_and_of_many_scripts():
    assert len(CASES) >= 60
    assert len({case["script"] for case in CASES}) >= 10


def test_each_case_is_found_and_marked_as_the_table_says(database: str):
    terms = [fulltext.terms_json(fulltext.read_terms(case["query"])) for case in CASES]
    texts = [case["text"] for case in CASES]
    found: list[dict[str, Any]] = [
        case | {"marks": marks(row, case["text"])}
        for case, row in zip(CASES, fetch(database, FOUND, texts, terms), strict=True)
    ]
    assert found == CASES


def test_python_and_postgres_split_the_same_words(database: str):
    """Of the table's texts, and of random ones that mix every kind of character."""
    # What Postgres 15 knows, which has an older Unicode than the newest Python.
    known = [
        chr(code)
        for code in (*range(1, 0xD800), *range(0xE000, 0x20000))
        if unicodedata.ucd_3_2_0.category(chr(code)) != "Cn"
    ]
    often = "'s éй東京がกำ안👍🏽 .a1B\u0301\u3099\u0306и"
    chance = random.Random(10)
    texts = [case["text"] for case in CASES] + [
        "".join(chance.choice(known if chance.random() < 0.4 else often) for _ in range(20))
        for _ in range(500)
    ]
    here = [[word.folded for word in words.words(text)] for text in texts]
    assert [row[0] for row in fetch(database, SPLIT, texts)] == here


def test_words_keep_their_places_in_the_text():
    text = "Ein Cafe\u0301, ﬁn 東京 Jim's."
    found = [(word.folded, text[word.start : word.end]) for word in words.words(text)]
    assert found == [
        ("ein", "Ein"), ("cafe", "Cafe\u0301"), ("fin", "ﬁn"), ("東京", "東京"), ("京", "京"),
        ("jim", "Jim"),
    ]  # fmt: skip


def test_no_text_is_too_long_or_too_strange_to_be_split(shared_url: str):
    kinds = [
        "a",
        "a ",
        "a's",
        "東京",
        "🎉",
        "é東 ",
        "ﷺ",
        "e\u0301",
        "\u0301",
        "\u200b",
        "v1 ",
        "'s",
    ]
    texts = [(kind * 40_000)[:40_000] for kind in kinds]
    found = fetch(
        shared_url,
        "SELECT length(words_of(text)) < 40000 FROM unnest($1::text[]) text",
        texts,
    )
    assert [row[0] for row in found] == [True] * len(kinds)
