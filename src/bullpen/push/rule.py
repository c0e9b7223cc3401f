"""Whether a message notifies somebody. Pure.

`client/shell/notification-rule.js` is the same; `tests/cases/notifications.json` holds for both.
"""

from datetime import datetime
from typing import Literal, NamedTuple

from bullpen.members.notifying import NotificationSettings


class About(NamedTuple):
    """A message, as far as it concerns somebody."""

    is_direct: bool = False
    "a direct message to the user"
    is_muted: bool = False
    "the conversation"
    level: Literal["all", "mentions", "nothing"] | None = None
    "what they chose for the conversation"
    mention: Literal["name", "group", "keyword"] | None = None
    "whether it mentions them, by name or as one of a channel, or has a keyword of theirs"
    is_of_thread: bool = False
    "a reply"
    follows: bool = False
    "whether they follow its thread"


def notifies(about: About) -> bool:
    chosen = about.level or ("all" if about.is_direct and not about.is_muted else "mentions")
    if chosen == "nothing":
        return False
    if about.mention == "name":
        return True
    if about.mention is not None:
        # Who mutes a channel is not for being called but by name.
        return chosen == "all" or not about.is_muted
    return chosen == "all" and (about.is_direct or not about.is_of_thread or about.follows)


def is_quiet(settings: NotificationSettings, now: datetime, clock: str) -> bool:
    """Whether there are no notifications at a moment: they are paused, or it is within the hours
    of rest. `clock`: what a clock in the user's zone shows, as HH:MM."""
    if settings.paused_until is not None and now < settings.paused_until:
        return True
    begin, end = settings.quiet_from, settings.quiet_until
    if begin is None or end is None:
        return False
    return begin <= clock < end if begin < end else begin <= clock or clock < end
