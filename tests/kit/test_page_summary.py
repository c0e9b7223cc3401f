"""What a page says about itself, in whatever shape it says it."""

from types import SimpleNamespace

import pytest

from bullpen.kit.page_summary import MOST_SECONDS, PageSummary, summary_of

HOSTILE = (
    b"<" * 500_000, b"<a " * 170_000, b"<a b='" * 80_000, b"<meta " + b"a=b " * 120_000,
    b"<title>" * 80_000, b"<!--" * 120_000, b"<![CDATA[" * 50_000, b"&#" * 250_000,
    b"</title " * 70_000, b"<a" + b" " * 500_000, b"\x00" * 500_000, bytes(range(256)) * 2_000,
)  # fmt: skip


def test_a_page_says_its_title_description_site_and_picture():
    page = b"""<!doctype html><html><head><title>Plain</title>
    <meta name=description content="In short.">
    <meta property="og:title" content="A &amp; B &#x1F600;">
    <meta property="og:site_name" content="The Site">
    <meta property="og:image" content="/picture.png">
    </head><body><meta property="og:description" content="Not of the head"></body>"""
    assert summary_of(page, None) == PageSummary(
        "A & B 😀", "In short.", "The Site", "/picture.png"
    )
    assert summary_of(b"<title>\n Plain  title </title>", None).title == "Plain title"
    assert summary_of(b"<p>No title</p>", None) is None
    assert summary_of(b"<title> &#x200b; </title>", None) is None
    assert summary_of(b"", None) is None


@pytest.mark.parametrize(
    ("page", "charset"),
    [
        ("Grüße".encode(), "utf-8"),
        ("Grüße".encode(), None),
        ("Grüße".encode("latin-1"), "ISO-8859-1"),
        ("Grüße".encode("latin-1"), None),
        ("Grüße".encode("latin-1"), "no-such-charset"),
        # Codecs of Python that are none of texts.
        ("Grüße".encode(), "rot13"),
        ("Grüße".encode(), "unicode_escape"),
        ("Grüße".encode(), "zlib_codec"),
        ("Grüße".encode("utf-16"), None),
    ],
)
def test_its_text_is_read_in_its_charset(page, charset):
    is_wide = page.startswith((b"\xff\xfe", b"\xfe\xff"))
    begin, end = ("<title>".encode("utf-16"), "</title>".encode("utf-16-le")) if is_wide else (
        b"<title>", b"</title>"
    )  # fmt: skip
    middle = page[2:] if is_wide else page
    assert summary_of(begin + middle + end, charset).title == "Grüße"


def test_what_the_parser_refuses_ends_the_page_there():
    for broken in (b"<![foo[bar]]>", b"<![\x00["):
        assert summary_of(broken + b"<title>Behind</title>", None) is None
        assert summary_of(b"<title>Before</title>" + broken, None).title == "Before"


def test_a_charset_is_also_declared_in_the_page():
    page = '<meta charset="shift_jis"><title>日本語</title>'.encode("shift_jis")
    assert summary_of(page, None).title == "日本語"


def test_texts_are_one_line_of_a_bounded_length_without_what_cannot_be_seen():
    # It would turn the line around, and hide what follows.
    sly = "Free\u202egpj.exe\u2066 \x07money\u200b\ufeff" + "e" + "\u0301" * 50
    found = summary_of(f"<title>{sly}</title>".encode(), None).title
    assert found == "Freegpj.exe moneyé" + "\u0301" * 6
    long = summary_of(b"<title>" + b"x" * 100_000 + b"</title>", None).title
    assert (len(long), long[-2:]) == (200, "x…")


@pytest.mark.parametrize("page", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_pages_take_no_longer_than_others(page, monkeypatch):
    looked = []
    clock = iter([0.0, *([MOST_SECONDS / 2] * 5), *([MOST_SECONDS * 2] * 1000)])
    # Of this module alone: threads of the test's own program look at the time, too.
    ticking = SimpleNamespace(monotonic=lambda: looked.append(1) or next(clock))
    monkeypatch.setattr("bullpen.kit.page_summary.time", ticking)
    summary_of(page, None)
    # At the beginning, and after each portion until it has been long enough.
    assert len(looked) == 7
