"""Answers that are held back until a test lets them through."""

from playwright.sync_api import APIResponse, Page, Route

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


class HeldAnswers:
    """Answers to requests of one method that the server has carried out and the page waits for."""

    def __init__(self, page: Page, pattern: str, method: str) -> None:
        self.page = page
        self.method = method
        self.waiting: list[tuple[Route, APIResponse]] = []
        page.route(pattern, self.hold)

    def hold(self, route: Route) -> None:
        if route.request.method == self.method:
            self.waiting.append((route, route.fetch()))
        else:
            route.continue_()

    def let_through(self) -> None:
        while not self.waiting:
            self.page.evaluate(DRAWN)
        route, answer = self.waiting.pop(0)
        route.fulfill(response=answer)
