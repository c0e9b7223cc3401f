"""What a chat page shows first, written into the page: answers of the API, and a drawing of them.

The answers are asked of the application itself with the browser's cookies, so that access, limits
and shapes are those of the API. Where one of them is refused, or takes long, the page is served
without and asks by itself.
"""

import asyncio
import re
from typing import NamedTuple
from urllib.parse import quote, unquote

import msgspec
from fastapi import Request
from starlette.types import Message, Scope

SESSION = "/api/session"
LISTS = ("/api/users", "/api/channels", "/api/unreads", "/api/sidebar")
SECONDS = 1.0
# Of the request, what says whose it is and where it comes from.
PASSED_ON = re.compile(rb"host|cookie|x-forwarded-\w+")
# Of the answers, what the client reads (`core/api.js`).
KEPT = frozenset({b"x-event-id", b"link", b"bullpen-session", b"bullpen-role"})
START = re.compile(r'</c/([^>]*)>; rel="start"')
# The newest messages of a channel; a linked message is shown among its neighbors instead.
CHANNEL = re.compile(r"/[cd]/(?P<id>[^/]+)(?:/t/[^/]+)?/?")
# As the browser writes it: encodeURIComponent.
UNRESERVED = "!~*'()"


class Answer(NamedTuple):
    headers: dict[str, str]
    body: bytes


Answers = dict[str, Answer]


def is_shown(request: Request) -> bool:
    """Whether a browser is about to show the page; other programs do not need its data."""
    wants_page = "text/html" in request.headers.get("accept", "")
    mode = request.headers.get("sec-fetch-mode", "navigate")
    return request.method == "GET" and wants_page and mode == "navigate"


async def first_answers(request: Request) -> Answers | None:
    """By path, as the client asks for them. None: the client has to ask."""
    try:
        async with asyncio.timeout(SECONDS):
            return await ask_for_all(request)
    except TimeoutError:
        return None


async def ask_for_all(request: Request) -> Answers | None:
    path = request.scope["path"]
    found = CHANNEL.fullmatch(path)
    asked = [SESSION, *LISTS]
    if found:
        asked.append(messages_of(found["id"]))
    answers = dict(
        zip(asked, await asyncio.gather(*(ask(request, one) for one in asked)), strict=True)
    )
    session = answers[SESSION]
    if path == "/" and session is not None:
        start = START.search(session.headers.get("link", ""))
        if start:
            one = messages_of(unquote(start[1]))
            answers[one] = await ask(request, one)
    complete = {path: answer for path, answer in answers.items() if answer is not None}
    return complete if len(complete) == len(answers) else None


def messages_of(channel_id: str) -> str:
    return f"/api/channels/{quote(channel_id, safe=UNRESERVED)}/messages"


async def ask(request: Request, path: str) -> Answer | None:
    """None where the answer is not the one for a page that works."""
    of_page = request.scope
    scope: Scope = {
        name: of_page[name]
        for name in ("type", "asgi", "http_version", "scheme", "client", "server", "state")
        if name in of_page
    } | {
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [pair for pair in of_page["headers"] if PASSED_ON.fullmatch(pair[0])],
    }
    begun: Message = {"status": 500, "headers": []}
    body = b""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal begun, body
        if message["type"] == "http.response.start":
            begun = message
        elif message["type"] == "http.response.body":
            body += message.get("body", b"")

    await request.app(scope, receive, send)
    if begun["status"] != 200:  # noqa: PLR2004 - the protocol's number
        return None
    headers = {
        name.decode(): value.decode("latin-1")
        for name, value in begun["headers"]
        if name.lower() in KEPT
    }
    return Answer(headers, body)


def written(answers: Answers) -> bytes:
    """As JSON that can stand in a page: no `<` ends its element."""
    content = {
        path: {"headers": answer.headers, "body": msgspec.Raw(answer.body)}
        for path, answer in answers.items()
    }
    return msgspec.json.encode(content).replace(b"<", b"\\u003c")
