"""Pages that ask the API for what they show first, as they do where the server could not add it."""

import re

from playwright.sync_api import Page, Route

CHAT = re.compile(r"^[^/]+//[^/]+/(?:[cd]/.*)?$")


def without_first_answers(page: Page) -> Page:
    """So that a test can hold, change or refuse those answers."""

    def handle(route: Route) -> None:
        if route.request.is_navigation_request():
            route.continue_(headers=route.request.headers | {"accept": "*/*"})
        else:
            route.fallback()

    page.route(CHAT, handle)
    return page
