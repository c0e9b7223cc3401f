"""What axe-core finds wrong with a page."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Only violations come back: the rest is as large as the page, and nobody reads it.
RUN = "() => axe.run({ resultTypes: ['violations'] }).then((found) => found.violations)"


def violations(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [f"{one['id']}: {node['html']}" for one in page.evaluate(RUN) for node in one["nodes"]]
