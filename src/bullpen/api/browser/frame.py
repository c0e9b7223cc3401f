"""The chat as it stands in the page that the server sends, until the client draws over it.

It has the elements and classes of the client's components (`shell/App.js`, `shell/Sidebar.js`,
`messages/Message.js`), so that nothing moves when they take its place: the client keeps elements
that are already there. What depends on the reader's clock is left out, and so are actions.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import msgspec

from bullpen.api.browser.first_view import LISTS, SESSION, Answer
from bullpen.api.browser.frame_sections import (
    NO_LAYOUT,
    TITLES,
    is_shown,
    section_id_of,
    sections_of,
)
from bullpen.api.browser.languages import Language
from bullpen.members.kinds import is_direct
from bullpen.members.name_order import name_key

# What fits into a tall window.
MOST_MESSAGES = 30
# As `messages/days.js` groups them.
GROUPED_SECONDS = 300
LONGEST_TEXT = 2_000
MOST_BADGE = 99
MOST_FACES = 5
BLOCK = re.compile(r"[ \t]*(?:```|~~~|>|#{1,6} |[-*+] |\d+[.)] |\|)")
ITEM = re.compile(r"[-*+] +(?P<text>\S.*)")
INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`|\*\*(?P<strong>[^*\n]+)\*\*|(?<![\w*])\*(?P<em>[^*\s][^*\n]*)\*(?![\w*])"
    r"|\[(?P<link>[^\]\n]+)\]\([^)\s]+\)|@(?P<name>[\w-]+)"
)

Json = dict[str, Any]


class Reader(NamedTuple):
    language: Language
    is_guest: bool


class Frame:
    def __init__(
        self,
        session: Json,
        users: list[Json],
        channels: list[Json],
        unreads: Json,
        sidebar: Json,
        reader: Reader,
    ) -> None:
        self.say = reader.language
        self.me: str = session["userId"]
        self.workspace: str = session["workspace"]["name"]
        self.users = {user["id"]: user for user in users}
        self.channels = channels
        self.unreads = unreads
        self.mentions = sidebar["mentions"]
        self.preferences = sidebar["preferences"]
        self.replies: Counter[str] = Counter()
        self.threads = list(sidebar["threads"].values())
        self.inbox = sidebar.get("inbox", {"mentions": 0, "reactions": 0})
        self.is_guest = reader.is_guest
        self.layout = sidebar.get("layout", NO_LAYOUT)
        for thread in self.threads:
            self.replies[thread["channelId"]] += thread["unreadCount"]

    def draw(self, channel_id: str | None, messages: list[Json]) -> str:
        channel = next((one for one in self.channels if one["id"] == channel_id), None)
        viewing = self.viewing()
        return (
            f'<a class="skip-link" href="#main">{self.say.html("Skip to messages")}</a>'
            '<div class="app" data-drawer="closed" data-thread="false"'
            f' data-viewing="{"true" if viewing else "false"}">'
            f'{viewing}<div class="drawer">'
            f'<section class="rail" aria-label="{self.say.html("Agents")}">'
            '<div class="rail__workspace" aria-hidden="true"></div></section>'
            f"{self.sidebar(channel_id)}</div>"
            '<main id="main" class="app__main" tabindex="-1">'
            f"{self.header(channel)}{self.messages(messages)}"
            '<div class="composer" aria-busy="true"><div class="composer__line"></div>'
            '<div class="composer__box"></div></div></main></div>'
        )

    def viewing(self) -> str:
        """Who opens a demo and has not joined views it as one of the agents."""
        user = self.users.get(self.me)
        if user is None or user["kind"] != "agent":
            return ""
        name = f"<strong>{escape(user['displayName'])}</strong>"
        return (
            f'<section class="viewing" aria-label="{self.say.html("Viewing as a member")}">'
            '<p class="viewing__text"><span class="viewing__who" dir="auto">'
            f"{self.say.html('Viewing as {name}', name=name)}</span></p>"
            f'<button class="viewing__action" type="button">{self.say.html("Join as yourself")}'
            "</button></section>"
        )

    def sidebar(self, here: str | None) -> str:
        public, direct = [], []
        for channel in self.channels:
            if not is_listed(
                channel["kind"], channel["memberIds"], self.me, is_open=channel["id"] == here
            ):
                continue
            if is_direct(channel["kind"]):
                direct.append((self.title(channel), channel))
            else:
                public.append((channel["name"], channel))
        direct.sort(key=lambda pair: name_key(pair[0]))
        lists = self.pages()
        for one in sections_of(self.layout):
            pairs = [pair for pair in (*public, *direct) if self.is_in(one, pair[1])]
            if pairs or one["id"] != "starred":
                shown = [pair for pair in pairs if self.is_shown(one, pair[1], here)]
                lists += section(self.title_of(one), self.rows(shown, here))
        return (
            f'<nav class="sidebar" aria-label="{self.say.html("Channels and direct messages")}">'
            '<div class="sidebar__head">'
            f'<span class="sidebar__workspace">{escape(self.workspace)}</span></div>'
            f'<div class="sidebar__lists">{lists}</div><div class="sidebar__me"></div></nav>'
        )

    def title_of(self, one: Json) -> str:
        known = TITLES.get(one["id"])
        return escape(str(one["name"])) if known is None else self.say.html(known)

    def is_in(self, one: Json, channel: Json) -> bool:
        is_starred = self.has(channel, "isStarred")
        return section_id_of(channel, self.layout, is_starred=is_starred) == str(one["id"])

    def is_shown(self, one: Json, channel: Json, here: str | None) -> bool:
        return is_shown(
            is_collapsed=one["isCollapsed"],
            is_unread_only=self.layout["isUnreadOnly"],
            is_bold=self.badge(channel, here).is_bold,
            is_open=channel["id"] == here,
        )

    def badge(self, channel: Json, here: str | None) -> "Badge":
        return badge(
            kind=channel["kind"],
            in_sight=channel["id"] == here or self.me not in channel["memberIds"],
            is_muted=self.has(channel, "isMuted"),
            unread=self.unreads.get(channel["id"], 0),
            mentions=self.mentions.get(channel["id"], 0),
            replies=self.replies[channel["id"]],
        )

    def pages(self) -> str:
        muted = [
            bool(self.preferences.get(one["channelId"], {}).get("isMuted")) for one in self.threads
        ]
        found = inbox_badge(muted, self.inbox["mentions"], self.inbox["reactions"])
        drawn = page_row("inbox", self.say.html("Inbox"), found)
        if not self.is_guest:
            drawn += page_row("activity", self.say.html("Activity"), Badge(0, False))
        drawn += page_row("saved", self.say.html("Saved"), Badge(0, False))
        return f'<div class="sidebar__pages">{drawn}</div>'

    def rows(self, pairs: list[tuple[str, Json]], here: str | None) -> list[str]:
        return [self.row(*pair, here) for pair in pairs]

    def has(self, channel: Json, preference: str) -> bool:
        return bool(self.preferences.get(channel["id"], {}).get(preference))

    def row(self, name: str, channel: Json, here: str | None) -> str:
        is_open = channel["id"] == here
        badge_of = self.badge(channel, here)
        letter = "d" if is_direct(channel["kind"]) else "c"
        current = ' aria-current="page"' if is_open else ""
        return (
            f'<li><a class="sidebar__row{" sidebar__row--unread" if badge_of.is_bold else ""}'
            f'{" sidebar__row--muted" if self.has(channel, "isMuted") else ""}"'
            f' href="/{letter}/{quote(channel["id"], safe="")}"{current}>'
            '<span class="sidebar__symbol"></span>'
            f'<span class="sidebar__name">{escape(name)}</span>{red(badge_of)}</a></li>'
        )

    def title(self, channel: Json) -> str:
        if not is_direct(channel["kind"]):
            return str(channel["name"])
        others = [one for one in channel["memberIds"] if one != self.me] or [self.me]
        return self.say.listed([self.name(one) for one in others])

    def name(self, user_id: str) -> str:
        user = self.users.get(user_id)
        return user_id if user is None else str(user["displayName"])

    def header(self, channel: Json | None) -> str:
        if channel is None:
            return '<header class="header"></header>'
        topic = "" if is_direct(channel["kind"]) else escape(channel["topic"])
        return (
            '<header class="header"><h1 class="header__name" tabindex="-1">'
            f'<span class="header__name-text">{escape(self.title(channel))}</span></h1>'
            f'<p class="header__topic" dir="auto">{topic}</p></header>'
        )

    def messages(self, messages: list[Json]) -> str:
        days: list[tuple[str, list[str]]] = []
        before: Json | None = None
        for message in messages[-MOST_MESSAGES:]:
            day = message["timestamp"][:10]
            if not days or days[-1][0] != day:
                days.append((day, []))
                before = None
            days[-1][1].append(self.message(message, grouped=follows(before, message)))
            before = message
        drawn = "".join(
            '<section class="day">'
            '<div class="day__divider"><h2 class="day__label">\u00a0</h2></div>'
            f'<ol class="day__messages">{"".join(rows)}</ol></section>'
            for _, rows in days
        )
        return (
            '<div class="message-list"><div class="message-list__scroller" data-drawn>'
            f'<div class="message-list__content" role="log" aria-live="off">{drawn}</div>'
            "</div></div>"
        )

    def message(self, message: Json, *, grouped: bool) -> str:
        author = escape(self.name(message["userId"]))
        start = f'data-message-id="{message["id"]}" tabindex="-1"><div class="message__gutter'
        if (notice := message.get("notice")) is not None:
            problem = escape(notice.get("problem") or message["text"])
            words = self.say.html(
                "{name} couldn\u2019t answer: {problem}",
                name=f'<a class="system__who">{author}</a>',
                problem=f"<span>{problem}</span>",
            )
            return (
                f'<li class="message message--system" {start} system__sign" aria-hidden="true">!'
                "</div>"
                f'<div class="message__body"><p class="system__text">{words}</p></div></li>'
            )
        face = "" if grouped else f'<a class="message__face">{avatar(36)}</a>'
        return (
            f'<li class="message{" message--grouped" if grouped else ""}" {start}">{face}</div>'
            f'<div class="message__body">'
            f'<div class="{"visually-hidden" if grouped else "message__head"}">'
            f'<a class="message__author" dir="auto">{author}</a></div>'
            f'<div class="message-text" dir="auto">{self.text(message["text"])}</div>'
            f"{self.pin(message)}{self.reactions(message['reactions'])}"
            f"{self.thread(message)}</div></li>"
        )

    def pin(self, message: Json) -> str:
        if (pin := message.get("pin")) is None:
            return ""
        words = self.say.html("Pinned by {name}", name=escape(self.name(pin["userId"])))
        return f'<p class="message__pin">{words}</p>'

    def reactions(self, used: list[Json]) -> str:
        if not used:
            return ""
        drawn = "".join(
            f'<li><button class="reaction{" reaction--mine" if self.me in one["userIds"] else ""}"'
            ' type="button" tabindex="-1">'
            f'<span class="reaction__emoji">{escape(one["emoji"])}</span>'
            f'<span class="reaction__count">{len(one["userIds"])}</span></button></li>'
            for one in used
        )
        return f'<ul class="reactions" aria-label="{self.say.html("Reactions")}">{drawn}</ul>'

    def thread(self, message: Json) -> str:
        count = message["threadReplyCount"]
        if not count:
            return ""
        shown = min(len(message.get("threadParticipantIds", [])), MOST_FACES)
        words = escape(self.say.plural(count, "{count} reply", "{count} replies"))
        return (
            '<a class="thread-preview" tabindex="-1">'
            f'<span class="thread-preview__faces">{avatar(24) * shown}</span>'
            f'<span class="thread-preview__count">{words}</span></a>'
        )

    def text(self, text: str) -> str:
        parts = re.split(r"\n[ \t]*\n", text[:LONGEST_TEXT].strip("\n"))
        return "".join(self.block(part) for part in parts)

    def block(self, text: str) -> str:
        items = [ITEM.fullmatch(line) for line in text.split("\n")]
        if not all(items):
            return f'<p dir="auto">{self.paragraph(text)}</p>'
        rows = (
            f"<li><span>{''.join(self.inline(item['text']))}</span></li>" for item in items if item
        )
        return f"<ul>{''.join(rows)}</ul>"

    def paragraph(self, text: str) -> str:
        """Blocks other than plain lists are drawn as they were typed."""
        if BLOCK.match(text):
            return "<br>".join(escape(text, quote=False).split("\n"))
        return "".join(self.inline(text)).replace("\n", "<br>")

    def inline(self, text: str) -> Iterator[str]:
        end = 0
        for found in INLINE.finditer(text):
            kind = found.lastgroup or ""
            yield escape(text[end : found.start()], quote=False)
            end = found.end()
            inner = escape(found[kind], quote=False)
            if kind == "link":
                yield f"<a>{inner}</a>"
            elif kind != "name":
                yield f"<{kind}>{inner}</{kind}>"
            elif found["name"] in self.users:
                mine = " mention--mine" if found["name"] == self.me else ""
                name = escape(self.name(found["name"]), quote=False)
                yield f'<a class="mention{mine}">@{name}</a>'
            else:
                yield escape(found[0], quote=False)
        yield escape(text[end:], quote=False)


def draw(answers: Mapping[str, Answer], language: Language) -> str:
    """Of the first answers by path, see `first_view.py`."""
    contents = {path: msgspec.json.decode(answer.body) for path, answer in answers.items()}
    session, users, channels, unreads, sidebar = (contents.pop(path) for path in (SESSION, *LISTS))
    channel_id, messages = None, []
    for path, found in contents.items():
        channel_id, messages = unquote(path.split("/")[3]), found
    is_guest = answers[SESSION].headers.get("bullpen-role") == "guest"
    frame = Frame(session, users, channels, unreads, sidebar, Reader(language, is_guest))
    return frame.draw(channel_id, messages)


class Badge(NamedTuple):
    """How a conversation stands in the sidebar: the red count, and whether its name is bold."""

    red: int
    is_bold: bool


def is_listed(kind: str, member_ids: list[str], me: str, *, is_open: bool) -> bool:
    """The same as in `core/store/badges.js`; tests/cases/listed.json holds for both."""
    return me in member_ids or (kind == "public" and (is_open or not member_ids))


def badge(
    *,
    kind: str,
    in_sight: bool,
    is_muted: bool,
    unread: int,
    mentions: int,
    replies: int,
) -> Badge:
    """The same as `core/store/badges.js`; tests/cases/badges.json holds for both.

    `in_sight`: the conversation is open, or not one of the reader's.
    """
    if is_muted:
        return Badge(0 if in_sight else mentions, not in_sight and mentions > 0)
    own = 0 if in_sight else unread
    red = 0 if in_sight else unread if is_direct(kind) else mentions
    return Badge(red + replies, own + replies > 0)


def inbox_badge(muted: list[bool], mentions: int, reactions: int) -> Badge:
    """The same as in `core/store/badges.js`; tests/cases/inbox_badges.json holds for both.

    `muted`: of each unread thread, whether its channel is.
    """
    count = muted.count(False) + mentions
    return Badge(count, count + reactions > 0)


def red(found: Badge) -> str:
    if not found.red:
        return ""
    count = str(found.red) if found.red <= MOST_BADGE else f"{MOST_BADGE}+"
    return f'<span class="sidebar__badge">{count}</span>'


def page_row(page: str, name: str, found: Badge) -> str:
    return (
        f'<a class="sidebar__row{" sidebar__row--unread" if found.is_bold else ""}" href="/{page}">'
        '<span class="sidebar__symbol"></span>'
        f'<span class="sidebar__name">{name}</span>{red(found)}</a>'
    )


def section(title: str, rows: list[str]) -> str:
    listed = f'<ul class="sidebar__rows">{"".join(rows)}</ul>' if rows else ""
    return (
        '<section class="sidebar__section"><div class="sidebar__heading">'
        f'<h2 class="sidebar__title">{title}</h2></div>{listed}</section>'
    )


def follows(before: Json | None, message: Json) -> bool:
    """Whether it is shown under the name of the message before."""
    if before is None or before["userId"] != message["userId"]:
        return False
    if "notice" in before or "notice" in message:
        return False
    passed = moment(message) - moment(before)
    return passed.total_seconds() < GROUPED_SECONDS


def moment(message: Json) -> datetime:
    return datetime.fromisoformat(message["timestamp"])


def avatar(size: int) -> str:
    """Its color is set by the client: the page has no inline styles."""
    face = '<span class="avatar__face"></span>'
    return f'<span class="avatar avatar--{size}" aria-hidden="true">{face}</span>'
