"""In which language a document is served, and that it is one whole document in it."""

import re

import httpx
import pytest

from bullpen.api.browser.languages import Language

GERMAN = Language(
    "de",
    {
        "Pinned by {name}": "Angepinnt von {name}",
        "{first} and {second}": "{first} und {second}",
        "{count} reply": {"one": "{count} Antwort", "other": "{count} Antworten"},
        "Quote": "A & <b>",
    },
)
PAGE = {"accept": "text/html"}


def language_of(client: httpx.Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=PAGE | headers)
    assert set(answer.headers["vary"].split(", ")) >= {"Cookie", "Accept-Language"}
    begun = answer.text.partition('<html lang="')[2]
    language = begun.partition('"')[0]
    assert (f"/chunks/{language}.js" in answer.text) == (language != "en")
    assert ("JavaScript. Please" in answer.text) == (language == "en")
    return language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("fr, de;q=0.5, en;q=0.4", "de"),
        ("de;q=0, en", "en"),
        ("fr", "en"),
        ("de;q=x, ../de, *", "en"),
        ("", "en"),
    ],
)
def test_a_document_is_in_the_language_that_the_browser_asks_for(reader, accepted, language):
    client = reader("pam")
    for path in ("/settings", "/sign-in"):
        assert language_of(client, path, **{"accept-language": accepted}) == language


def test_what_somebody_has_chosen_counts_more_and_what_is_unknown_nothing(reader):
    client = reader("pam")
    asked = {"accept-language": "de"}
    assert language_of(client, "/settings", cookie="bullpen_language=en", **asked) == "en"
    assert language_of(client, "/settings", cookie="bullpen_language=../en", **asked) == "de"


def test_the_service_worker_keeps_the_document_and_catalog_of_the_language(reader):
    client = reader("pam")
    english = client.get("/service-worker.js", headers={"accept-language": "en"}).text
    german = client.get("/service-worker.js", headers={"accept-language": "de"}).text
    assert "chunks/de.js" in german
    assert "chunks/de.js" not in english
    versions = [re.findall(r"^const version = .*", one, re.MULTILINE) for one in (english, german)]
    assert versions[0] != versions[1]
    assert list(map(len, versions)) == [1, 1]


def test_the_texts_of_a_drawing_are_filled_and_escaped():
    assert GERMAN.html("Pinned by {name}", name="<b>Pam</b>") == "Angepinnt von <b>Pam</b>"
    assert GERMAN.html("Quote") == "A &amp; &lt;b&gt;"
    assert GERMAN.text("Unheard of {x}") == "Unheard of {x}"
    assert GERMAN.plural(1, "{count} reply", "{count} replies") == "1 Antwort"
    assert GERMAN.plural(3, "{count} reply", "{count} replies") == "3 Antworten"
    assert GERMAN.plural(3, "{count} day", "{count} days") == "3 days"
    assert GERMAN.listed(["Pam", "Jim", "Ann"]) == "Ann, Jim und Pam"
