"""Which addresses in a message's Markdown get a preview."""

import time

import pytest

from bullpen.chat.preview_links import MOST_LINKS, previewed_links

CASES = [
    ("See https://a.example/x, and (https://b.example/y(z)).",
     ["https://a.example/x", "https://b.example/y(z)"]),
    ("[text](https://a.example/b_(c)) [more](https://d.example 'Title')",
     ["https://a.example/b_(c)", "https://d.example"]),
    # What a link says is not where it leads.
    ("[https://a.example](https://b.example)", ["https://b.example"]),
    ("**https://a.example/** _https://b.example_", ["https://a.example/", "https://b.example"]),
    ("HTTPS://A.example/?q=1&b=2#part.", ["HTTPS://A.example/?q=1&b=2#part"]),
    ("> https://a.example\n- https://b.example", ["https://a.example", "https://b.example"]),
    ("https://a.example https://a.example", ["https://a.example"]),
    # In code, and where the author wants none.
    ("`https://a.example` <https://b.example>", []),
    ("```\nhttps://a.example\n```", []),
    ("ftp://a.example mailto:a@b.example a://b www.a.example", []),
    ("xhttps://a.example", []),
    ("http://", []),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "links"), CASES)
def test_links_of_the_text_have_previews(text, links):
    assert previewed_links(text) == links


def test_long_addresses_and_those_behind_the_first_ones_have_none():
    text = " ".join(f"https://{at}.example" for at in range(MOST_LINKS + 1))
    assert previewed_links(f"https://a.example/{'x' * 2000} {text}") == text.split()[:MOST_LINKS]


@pytest.mark.parametrize(
    "part", ["[https://a", "https://a(", "](https://", "http://", "((https://a"]
)
def test_texts_of_any_kind_take_a_moment(part):
    began = time.process_time()
    previewed_links(part * (40_000 // len(part)))
    assert time.process_time() - began < 1
