"""What axe-core finds wrong with a page."""

from collections.abc import Callable

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from e2e.views import settle
from e2e.window import NARROW, WIDE

# Only violations come back: the rest is as large as the page, and nobody reads it.
RUN = """
(rules) => axe.run({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) })
    .then((found) => found.violations)
"""
# What depends on the color scheme, which changes no element, name or size.
OF_COLORS = ["color-contrast", "link-in-text-block"]
SCHEMES = (("light", None), ("dark", OF_COLORS))


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """By all of axe's rules, or by the given ones alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, rules)
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


def violations_in_each_look(
    page: Page, when_narrow: Callable[[], object] = lambda: None
) -> dict[str, list[str]]:
    """At both widths, in both color schemes. Leaves the page narrow and dark."""
    found = {}
    for width in (WIDE, NARROW):
        page.set_viewport_size(width)
        if width is NARROW:
            when_narrow()
        for scheme, rules in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            settle(page)
            found[f"{scheme} at {width['width']} px"] = violations(page, rules)
    return {look: wrong for look, wrong in found.items() if wrong}
