"""Serves the browser client: read and compressed once, under a prefix that names its content."""

import base64
import functools
import gzip
import hashlib
import json
import mimetypes
import posixpath
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bullpen.api.browser import bundle
from bullpen.api.browser.first_view import first_answers, is_shown, written
from bullpen.api.browser.frame import draw
from bullpen.api.browser.languages import ENGLISH, Language, languages, wanted
from bullpen.api.browser.manifest import MANIFEST, manifest_response
from bullpen.api.browser.unsubscribe import unsubscribe_page
from bullpen.api.http import errors
from bullpen.api.http.session import keep_session
from bullpen.digests.unsubscribing import PATH as UNSUBSCRIBE

FOLDER = Path(__file__).parents[2] / "client"
SMALL = 512
COMPRESSIBLE = ("text/", "application/json", "image/svg")
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".md": "text/plain"}
COMMON_POLICY = (
    "default-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; "
    "object-src 'none'; form-action 'self'; frame-ancestors 'none'"
)
# The addresses of channels and DMs; those of the pages beside them are in the client's own table.
CHAT = ("/", "/c/{rest:path}", "/d/{rest:path}")
ROUTES = "routes.js"
# The pages that need no session: a document of their own, which loads nothing of the chat.
ENTRY_ROUTES = "account/entry-pages.js"
PAGE = re.compile(r"^ +path: '(?P<first>/[\w-]+)(?P<parameters>/:[^']+)?'", re.MULTILINE)
OPTIONAL = re.compile(r"/:\w+(\([^)]+\))?\?")
SERVICE_WORKER = ("offline/service-worker.js", "push/service-worker.js")
STYLES = "styles"
PAGE_STYLES = f"{STYLES}/pages.css"
LIVE_STYLES = f"{STYLES}/live.css"
SCRIPT = re.compile(r'<script type="module"[^>]*></script>\n')
IMPORTED = re.compile(r'^@import "(?P<path>[^"]+)";$', re.MULTILINE)
ADDRESS = re.compile(r'"(?P<path>/static/[^"]+)"')
NO_SCRIPT = re.compile(r"(?<=<noscript><p>).*?(?=</p>)")
# Documents are in the language that the reader has chosen, or the browser asks for.
VARY = "Accept-Encoding, Accept-Language, Cookie"
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class File:
    content: bytes
    media_type: str

    @functools.cached_property
    def compressed(self) -> bytes | None:
        """Made when it is first asked for: most of the folder is not, at a start."""
        worth_it = self.media_type.startswith(COMPRESSIBLE) and len(self.content) > SMALL
        return gzip.compress(self.content, 9) if worth_it else None

    def response(
        self, request: Request, cache: str, policy: str | None = None, vary: str = "Accept-Encoding"
    ) -> Response:
        headers = {"Cache-Control": cache, "Vary": vary}
        if policy is not None:
            headers["Content-Security-Policy"] = policy
        content = self.content
        if "gzip" in request.headers.get("accept-encoding", "") and self.compressed is not None:
            headers["Content-Encoding"] = "gzip"
            content = self.compressed
        return Response(content, headers=headers, media_type=self.media_type)


def make_file(content: bytes, suffix: str) -> File:
    media_type = TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    return File(content, media_type)


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """The chat's document with its styles in it, and places for a drawing and first answers."""

    before: bytes
    between: bytes
    after: bytes
    content_policy: str

    def response(self, drawing: str, answers: bytes) -> Response:
        content = b"".join((self.before, drawing.encode(), self.between, answers, self.after))
        # It is one person's: no cache keeps it, nor does a browser show it again by "Back".
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": self.content_policy}
        return Response(content, headers=headers, media_type="text/html")


@dataclass(frozen=True)
class Client:
    version: str
    files: dict[str, File]
    index: File
    page: File
    "the same, of what stands beside the chat: it asks for that code early"
    content_policy: str
    pages: tuple[str, ...]
    "the paths that `page` answers, as routes"
    entry: File
    "the document of the pages that need no session, such as the one to sign in"
    entry_pages: tuple[str, ...]
    service_worker: File
    languages: dict[str, Language]
    "by code"
    language: Language
    "of the documents"

    @functools.cached_property
    def by_language(self) -> dict[str, "Client"]:
        return {code: self.in_language(language) for code, language in self.languages.items()}

    def for_reader(self, request: Request) -> "Client":
        return self.by_language[wanted(request, self.languages)]

    def in_language(self, language: Language) -> "Client":
        """The documents say which it is, and load its catalog with the first module."""
        if language.code == ENGLISH:
            return self
        catalog = f"/static/{self.version}/{bundle.FOLDER}/{language.code}.js"
        index, page, entry = (
            translated(document, language, catalog)
            for document in (self.index, self.page, self.entry)
        )
        worker = self.service_worker.content.decode()
        # It keeps the document, which is another one, and the catalog.
        worker = worker.replace(self.version, f"{self.version} {language.code}", 1)
        worker = worker.replace("JSON.parse('[", f'JSON.parse(\'["{catalog}", ', 1)
        return replace(
            self,
            index=index,
            page=page,
            entry=entry,
            service_worker=File(worker.encode(), self.service_worker.media_type),
            language=language,
        )

    @functools.cached_property
    def drawn(self) -> "DrawnPage":
        return drawn_page(self)

    def in_mode(self, *, team: bool) -> "Client":
        """The documents say whether everybody signs in (`core/mode.js` reads it)."""
        if not team:
            return self
        return replace(
            self,
            index=of_team(self.index),
            page=of_team(self.page),
            # It keeps the document, which is another one.
            service_worker=File(
                self.service_worker.content.replace(
                    self.version.encode(), f"{self.version} team".encode(), 1
                ),
                self.service_worker.media_type,
            ),
        )


def translated(document: File, language: Language, catalog: str) -> File:
    content = document.content.decode().replace(
        '<html lang="en"', f'<html lang="{language.code}"', 1
    )
    content = NO_SCRIPT.sub(lambda found: language.html(unescape(found[0])), content)
    first = '<link rel="modulepreload"'
    content = content.replace(first, f'{first} href="{catalog}">\n{first}', 1)
    return File(content.encode(), document.media_type)


def of_team(document: File) -> File:
    content = document.content.replace(b'data-mode="demo"', b'data-mode="team"', 1)
    return File(content, document.media_type)


@functools.cache
def load(folder: Path = FOLDER) -> Client:
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    contents |= styles(contents)
    modules = {name: text.decode() for name, text in contents.items() if name.endswith(".js")}
    contents |= {name: text.encode() for name, text in bundle.link(modules).items()}
    known = languages(contents)
    contents |= {
        f"{bundle.FOLDER}/{code}.js": bundle.catalog(language.catalog).encode()
        for code, language in known.items()
        if code != ENGLISH
    }
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    version = digest.hexdigest()[:12]
    index = contents["index.html"].decode().replace("{{static}}", f"/static/{version}/")
    page = index.replace("{{page}}", ahead(f"/static/{version}/"))
    index = index.replace("{{page}}\n", "")
    entry = contents["account/entry.html"].decode()
    entry = entry.replace("{{static}}", f"/static/{version}/")
    entry = entry.replace("{{importmap}}", import_map(index))
    routes = tuple(pages(contents[ROUTES].decode()))
    return Client(
        version=version,
        files={name: make_file(content, Path(name).suffix) for name, content in contents.items()},
        index=make_file(index.encode(), ".html"),
        page=make_file(page.encode(), ".html"),
        content_policy=content_policy(index),
        pages=routes,
        entry=make_file(entry.encode(), ".html"),
        entry_pages=tuple(pages(contents[ENTRY_ROUTES].decode())),
        service_worker=make_file(service_worker(contents, version, page, routes).encode(), ".js"),
        languages=known,
        language=known[ENGLISH],
    )


def service_worker(
    contents: dict[str, bytes], version: str, page: str, routes: tuple[str, ...]
) -> str:
    """It names the files that it keeps, so that an update of one of them is another worker."""
    named = {found["path"] for found in ADDRESS.finditer(page)} | {
        f"/static/{version}/{LIVE_STYLES}"
    }
    values = {
        "version": version,
        "files": json.dumps(sorted(named)),
        "places": json.dumps(sorted({path.split("/")[1] for path in (*CHAT, *routes)})),
    }
    text = "\n".join(contents[name].decode() for name in SERVICE_WORKER)
    for name, value in values.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text


def drawn_page(client: Client) -> DrawnPage:
    static = f"/static/{client.version}/"
    css = client.files[f"{STYLES}/chat.css"].content.decode().replace('url("../', f'url("{static}')
    page = client.index.content.decode()
    styled = page.replace(
        f'<link rel="stylesheet" href="{static}{STYLES}/chat.css">', f"<style>{css}</style>"
    )
    # The text comes first: the font that it is drawn in can follow.
    styled = styled.replace('as="font"', 'as="font" fetchpriority="low"')
    # The answers stand before the scripts that read them.
    scripts = SCRIPT.findall(styled)
    styled = SCRIPT.sub("", styled)
    before, after = styled.split('<div id="app"></div>')
    return DrawnPage(
        f'{before}<div id="app">'.encode(),
        b'</div>\n<script type="application/json" id="first-answers">',
        f"</script>\n{''.join(scripts)}{after}".encode(),
        client.content_policy.replace("style-src 'self'", f"style-src 'self' {hash_of(css)}"),
    )


def pages(routes: str) -> Iterator[str]:
    """What an address says behind its first part is the client's to read."""
    for found in PAGE.finditer(routes):
        parameters = found["parameters"]
        if parameters is None or OPTIONAL.fullmatch(parameters):
            yield found["first"]
        if parameters is not None:
            yield found["first"] + "/{rest:path}"


def styles(contents: dict[str, bytes]) -> dict[str, bytes]:
    """Each stylesheet of the folder `styles` with the files that it imports in their places."""

    def imported(match: re.Match[str]) -> str:
        return contents[posixpath.normpath(posixpath.join(STYLES, match["path"]))].decode()

    return {
        name: IMPORTED.sub(imported, text.decode()).encode()
        for name, text in contents.items()
        if name.startswith(f"{STYLES}/")
    }


def ahead(static: str) -> str:
    """Preloads a page's code with low priority: the chat and the API's answers come first."""
    code = [
        f'<link rel="modulepreload" fetchpriority="low" href="{static}{bundle.FOLDER}/{name}.js">'
        for name in ("live", bundle.LAST)
    ]
    return "\n".join([*code, f'<link rel="preload" as="style" href="{static}{PAGE_STYLES}">'])


def import_map(index: str) -> str:
    """Where libraries are: the same for every document, so that one policy admits it."""
    found = re.search(r'<script type="importmap">.*?</script>', index, re.DOTALL)
    assert found
    return found[0]


def content_policy(index: str) -> str:
    """Only the import map is written into the page; its hash admits it and nothing else."""
    inline = re.findall(r"<script[^>]*>([^<]+)</script>", index)
    scripts = " ".join(["'self'", *map(hash_of, inline)])
    return f"script-src {scripts}; style-src 'self'; {COMMON_POLICY}"


def hash_of(text: str) -> str:
    """As a policy names what it admits."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class Static:
    """Answers for the client's files, which are many, ahead of the framework's layers."""

    def __init__(self, app: ASGIApp, client: Client) -> None:
        self.app = app
        self.client = client

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reads = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        if not reads or not scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        version, _, name = scope["path"].removeprefix("/static/").partition("/")
        await self.answer(version, name, Request(scope))(scope, receive, send)

    def answer(self, version: str, name: str, request: Request) -> Response:
        file = self.client.files.get(name)
        if file is None:
            return PlainTextResponse("Not found", 404)
        # A page from before an update may still ask for what it knew.
        return file.response(request, FOREVER if version == self.client.version else "no-cache")


class PageRoute(Route):
    """Has no arguments besides the request, and is not in the API's document. To look for them, as
    the framework does in a route of its own, takes most of the time to build an application."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, found = super().matches(scope)
        # For the counter of traffic.
        return match, {**found, "route": self}


async def drawn_response(request: Request, client: Client) -> Response | None:
    """None where the page is not shown to somebody, or its data cannot be had."""
    answers = await first_answers(request) if is_shown(request) else None
    if answers is None:
        return None
    response = client.drawn.response(draw(answers, client.language), written(answers))
    await keep_session(request, response)
    return response


def unsubscribing(client: Client) -> Callable[[Request], Awaitable[Response]]:
    styles = f"/static/{client.version}/{STYLES}/entry.css"

    async def unsubscribe(request: Request) -> Response:
        return await unsubscribe_page(request, styles)

    return unsubscribe


def install(app: FastAPI, client: Client) -> None:
    firsts = {path.split("/")[1] for path in client.pages}

    def document(request: Request, file: File) -> Response:
        return file.response(request, "no-cache", client.content_policy, VARY)

    def index(request: Request, status: int = 200) -> Response:
        read = client.for_reader(request)
        file = read.page if request.url.path.split("/")[1] in firsts else read.index
        response = document(request, file)
        response.status_code = status
        return response

    async def page(request: Request) -> Response:
        response = index(request)
        await keep_session(request, response)
        return response

    async def chat(request: Request) -> Response:
        read = client.for_reader(request)
        return await drawn_response(request, read) or await page(request)

    async def entry(request: Request) -> Response:
        return document(request, client.for_reader(request).entry)

    async def worker(request: Request) -> Response:
        """At the top, since it may control only what is below its address."""
        return document(request, client.for_reader(request).service_worker)

    async def manifest(request: Request) -> Response:
        workspace = await request.app.state.bullpen.workspace()
        return manifest_response(workspace.name, f"/static/{client.version}/icons/")

    async def not_found(request: Request, problem: Exception) -> Response:
        """A person who mistyped an address gets the client, which says so and leads back."""
        wants_page = "text/html" in request.headers.get("accept", "")
        if wants_page and not request.url.path.startswith(("/api/", "/static/")):
            return index(request, 404)
        return await errors.http_error(request, problem)

    methods = ["GET", "HEAD"]
    app.router.routes.extend(PageRoute(path, chat, methods=methods) for path in CHAT)
    app.router.routes.extend(PageRoute(path, page, methods=methods) for path in client.pages)
    app.router.routes.extend(PageRoute(path, entry, methods=methods) for path in client.entry_pages)
    app.router.routes.append(PageRoute("/service-worker.js", worker, methods=methods))
    app.router.routes.append(PageRoute(MANIFEST, manifest, methods=methods))
    app.router.routes.append(
        PageRoute(UNSUBSCRIBE, unsubscribing(client), methods=[*methods, "POST"])
    )
    app.add_exception_handler(404, not_found)
