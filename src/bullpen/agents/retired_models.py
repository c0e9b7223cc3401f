"""Models that their providers have retired, each with the one that answers instead."""

from datetime import date
from typing import NamedTuple


class Retired(NamedTuple):
    """`day`: the last on which its provider answers requests for it."""

    successor: str
    day: date


# By the name that Anthropic gives the model. What an agent is set to stays as it is.
RETIRED = {
    "claude-3-opus-20240229": Retired("claude-opus-4-8", date(2026, 1, 5)),
    "claude-3-5-sonnet-20240620": Retired("claude-sonnet-5-5", date(2025, 10, 28)),
    "claude-3-5-sonnet-20241022": Retired("claude-sonnet-5-5", date(2025, 10, 28)),
    "claude-3-7-sonnet-20250219": Retired("claude-sonnet-5-5", date(2026, 2, 19)),
    "claude-sonnet-4-20250514": Retired("claude-sonnet-5-5", date(2026, 6, 15)),
    "claude-opus-4-20250514": Retired("claude-opus-4-8", date(2026, 6, 15)),
    "claude-sonnet-4-5-20250929": Retired("claude-sonnet-5-5", date(2026, 11, 30)),
}
PROVIDERS = ("anthropic", "claude")


def retired(provider_id: str | None, name: str) -> Retired | None:
    return RETIRED.get(name) if provider_id in PROVIDERS else None


def current_name(provider_id: str | None, name: str) -> str:
    """The model that answers: the successor of one that is retired."""
    found = retired(provider_id, name)
    return name if found is None else found.successor


def retirement_note(provider_id: str | None, name: str) -> str | None:
    """For people, such as "claude-x is retired; claude-y answers instead."."""
    found = retired(provider_id, name)
    if found is None:
        return None
    day = f"{found.day:%B} {found.day.day}, {found.day.year}"
    return f"{name} is retired by Anthropic (last day {day}); {found.successor} answers instead."
