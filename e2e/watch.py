"""What a window did besides showing something: its requests, and whatever went wrong in it."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request, Response, WebError

# What keeps a window up to date, and says who replies and is at work, besides what it shows.
LIVE = {
    "GET /api/budgets",
    "GET /api/pauses",
    "GET /api/providers",
    "GET /api/runs",
    "GET /api/runs/queue",
    "GET /api/saved/marks",
    "GET /api/scheduled-posts",
    "GET /api/user-groups",
    "GET /api/sse",
    "GET /api/unreads/cursors",
    "POST /api/unreads/mark-read",
}
# Of a thread that is open, whether its reader follows it.
FOLLOW = re.compile(r"GET /api/messages/[^/]+/follow")
LOOPBACK = {"127.0.0.1", "localhost"}


@dataclass
class Watch:
    """`refusals`: answers of 400 and above, which Chromium reports in the console, are expected."""

    refusals: bool = False
    requests: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self.requested)
        context.on("response", self.answered)
        context.on("console", self.said)
        context.on("weberror", self.failed)
        context.on("dialog", self.asked)

    def requested(self, request: Request) -> None:
        parts = urlsplit(request.url)
        self.requests.append(f"{request.method} {parts.path}")
        if parts.scheme not in ("data", "blob") and parts.hostname not in LOOPBACK:
            self.elsewhere.append(request.url)

    def answered(self, response: Response) -> None:
        self.answers.append(response)

    def said(self, message: ConsoleMessage) -> None:
        refused = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not (refused and self.refusals):
            self.problems.append(f"{message.type}: {message.text}")

    def failed(self, error: WebError) -> None:
        self.problems.append(f"uncaught: {error.error}")

    def asked(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def of_api(self) -> list[str]:
        """The API requests since the last call, in order of their text, but for those of LIVE."""
        asked = sorted(
            one
            for one in self.requests
            if " /api/" in one and one not in LIVE and not FOLLOW.fullmatch(one)
        )
        self.requests.clear()
        return asked

    def check(self) -> None:
        assert self.elsewhere == [], "requests that left this machine"
        refused = [f"{a.status} {a.url}" for a in self.answers if a.status >= 400]
        assert self.problems[:5] == [], (self.problems[:5], refused[:5])
