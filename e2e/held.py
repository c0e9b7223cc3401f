"""Answers that are held back until a test lets them through."""

from playwright.sync_api import Page, Route

from e2e.views import DRAWN


class Held:
    def __init__(self, page: Page, pattern: str) -> None:
        self.page = page
        self.waiting: list[Route] = []
        page.route(pattern, self.hold)

    def hold(self, route: Route) -> None:
        self.waiting.append(route)

    def let_through(self) -> None:
        """The one that was asked for first, once it has been asked for."""
        while not self.waiting:
            self.page.evaluate(DRAWN)
        self.waiting.pop(0).continue_()
