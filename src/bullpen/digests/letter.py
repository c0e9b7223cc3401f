"""The text of a digest, as plain text and as HTML. Everything that people wrote is escaped."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from asyncpg import Record

from bullpen.accounts.mail import Mail
from bullpen.push.notices import address_of, shortened, title_of

MOST_SHOWN = 20
LONGEST_TEXT = 300
LONGEST_NAME = 80


class Letter(NamedTuple):
    """To whom, and the addresses that it has in it."""

    to: str
    workspace: str
    base_url: str
    end: str
    "the address that switches digests off"


def written(letter: Letter, rows: Sequence[Record]) -> Mail:
    workspace = shortened(letter.workspace, LONGEST_NAME)
    count = len(rows)
    what = "1 unread message" if count == 1 else f"{count} unread messages"
    shown = [
        (
            title_of(row),
            shortened(row["text"], LONGEST_TEXT) or "(a file)",
            letter.base_url + address_of(row),
        )
        for row in rows[:MOST_SHOWN]
    ]
    more = f"And {count - MOST_SHOWN} more in {workspace}." if count > MOST_SHOWN else ""
    intro = f"You have {what} in {workspace}."
    why = "You get this because you were away. Change how often in your notification settings"
    text = "\n\n".join(
        [
            intro,
            *(f"{title}:\n{said}\n{address}" for title, said, address in shown),
            *([f"{more}\n{letter.base_url}/inbox"] if more else []),
            f"{why}: {letter.base_url}/settings\nStop these e-mails: {letter.end}\n",
        ]
    )
    items = "".join(
        f'<li style="margin:0 0 16px"><a href="{escape(address)}"><b><bdi>{escape(title)}</bdi></b>'
        f'</a><br><span dir="auto">{escape(said)}</span></li>'
        for title, said, address in shown
    )
    base = escape(letter.base_url)
    rest = f'<p><a href="{base}/inbox">{escape(more)}</a></p>' if more else ""
    html = (
        '<!doctype html><html><body style="font-family:sans-serif;line-height:1.4">'
        f'<p>{escape(intro)}</p><ul style="list-style:none;padding:0">{items}</ul>{rest}'
        f'<p style="font-size:smaller">{why} (<a href="{base}/settings">open them</a>), or '
        f'<a href="{escape(letter.end)}">stop these e-mails</a>.</p></body></html>'
    )
    headers = (
        ("List-Unsubscribe", f"<{letter.end}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )
    return Mail(letter.to, f"{what} in {workspace}", text, html, headers)
