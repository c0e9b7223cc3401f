"""Pages of the web are read within limits, and never from where the server must not connect to."""

import gzip
import zlib

import pytest
from tests.support.fixtures import complete
from tests.support.web_server import Answer, site

from bullpen.kit.web_pages import PageProblem, PageReader

LOOPBACK = ["127.0.0.0/8"]
MOST = 512_000


def read(url, networks=LOOPBACK, **more):
    reader = PageReader(networks)
    given = {"accept": "text/html", "media_types": ("text/html",), "most_bytes": MOST}
    return complete(reader.read(url, **given, whole=False, **more))


def test_a_page_is_read_without_cookies_and_under_its_own_name():
    with site() as served:
        url = served.page("/a?b=1", "<title>A</title>", headers=(("Set-Cookie", "a=b"),))
        page = read(url)
        read(url)
        assert (page.url, page.media_type, page.charset) == (url, "text/html", "utf-8")
        assert b"<title>A</title>" in page.content
        path, headers = served.asked[1]
        assert path == "/a?b=1"
        assert headers["User-Agent"].startswith("Bullpen/")
        assert headers["Host"] == served.address.removeprefix("http://")
        assert {"Cookie", "Authorization", "Referer"}.isdisjoint(headers)


def test_nothing_is_sent_to_an_address_that_is_not_public():
    with site() as served:
        url = served.page("/", "<title>A</title>")
        with pytest.raises(PageProblem, match="not public"):
            read(url, [])
        assert served.asked == []


def test_redirects_are_followed_three_times_and_checked_like_the_first():
    with site() as served:
        for at in range(5):
            moved = (("Location", f"/{at + 1}"),)
            served.answers[f"/{at}"] = Answer(b"", status=302, headers=moved)
        served.page("/5", "<title>A</title>")
        assert read(f"{served.address}/2").url == f"{served.address}/5"
        with pytest.raises(PageProblem, match="too many redirects"):
            read(f"{served.address}/1")
        for place in (
            "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd",
            "http://user:password@127.0.0.1/", "gopher://127.0.0.1/", "http://[::1]:22/", "",
        ):  # fmt: skip
            moved = (("Location", place),)
            served.answers["/away"] = Answer(b"", status=307, headers=moved)
            with pytest.raises(PageProblem):
                read(f"{served.address}/away")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://user:password@example.org/",
        "http:///",
        "https://",
        "javascript:alert(1)",
        "http://" + "a" * 3000 + ".example/",
        "http://exa mple.org/",
        "http://example.org:99999/",
        "http://\u2603.\u0000.example/",
    ],
)
def test_what_is_no_address_of_a_page_is_refused(url):
    with pytest.raises(PageProblem):
        read(url)


def test_a_long_page_is_read_up_to_its_limit_however_it_is_packed():
    long = b"<title>A</title>" + b"x" * 60_000_000
    with site() as served:
        for name, packed in (
            ("identity", long[:2_000_000]),
            ("gzip", gzip.compress(long, 1)),
            ("deflate", zlib.compress(long, 1)),
        ):
            served.answers["/"] = Answer(packed, headers=(("Content-Encoding", name),))
            assert len(read(f"{served.address}/").content) == MOST
        served.answers["/"] = Answer(b"not packed", headers=(("Content-Encoding", "gzip"),))
        with pytest.raises(PageProblem, match="damaged"):
            read(f"{served.address}/")
        served.answers["/"] = Answer(b"?", headers=(("Content-Encoding", "br"),))
        with pytest.raises(PageProblem):
            read(f"{served.address}/")


def test_other_content_and_failures_are_no_pages():
    with site() as served:
        served.answers["/zip"] = Answer(b"PK", "application/zip")
        served.answers["/gone"] = Answer(b"<title>Gone</title>", status=410)
        served.answers["/short"] = Answer(b"x", headers=(("Content-Length", "100"),))
        for path in ("/zip", "/gone", "/short", "/missing"):
            with pytest.raises(PageProblem):
                read(served.address + path)
    with pytest.raises(PageProblem):
        read(served.address)


def test_a_page_that_does_not_come_is_given_up(monkeypatch):
    monkeypatch.setattr("bullpen.kit.web_pages.SECONDS", 0.2)
    with site() as served:
        url = served.page("/", "<title>A</title>")
        served.may_answer.clear()
        with pytest.raises(PageProblem, match="too slow"):
            read(url)
