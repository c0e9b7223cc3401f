"""Answers that are held back until a test lets them through."""

from collections.abc import Callable

from playwright.sync_api import Page, Route

from e2e.views import DRAWN


class Held:
    def __init__(self, page: Page, pattern: str) -> None:
        self.page = page
        self.waiting: list[Callable[[], None]] = []
        page.route(pattern, self.hold)

    def hold(self, route: Route) -> None:
        self.waiting.append(route.continue_)

    def let_through(self) -> None:
        """The one that was asked for first, once it has been asked for."""
        while not self.waiting:
            self.page.evaluate(DRAWN)
        self.waiting.pop(0)()


class HeldAnswers(Held):
    """Answers to requests of one method that the server has carried out and the page waits for."""

    def __init__(self, page: Page, pattern: str, method: str) -> None:
        self.method = method
        super().__init__(page, pattern)

    def hold(self, route: Route) -> None:
        if route.request.method != self.method:
            route.continue_()
            return
        answer = route.fetch()
        self.waiting.append(lambda: route.fulfill(response=answer))
