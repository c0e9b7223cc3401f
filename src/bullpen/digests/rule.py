"""What belongs in a digest, and when the next one is due. Pure."""

from datetime import UTC, datetime, time, timedelta, tzinfo

from bullpen.members.notifying import DigestRhythm
from bullpen.push.rule import About

# Of a daily digest, on a clock in the person's time zone.
MORNING = time(8, 0)


def belongs(about: About) -> bool:
    """Direct messages, mentions, and replies in threads that they follow; of muted conversations
    only mentions by name."""
    if about.level == "nothing":
        return False
    if about.mention == "name":
        return True
    followed = about.is_of_thread and about.follows
    return not about.is_muted and (about.is_direct or about.mention is not None or followed)


def next_due(rhythm: DigestRhythm, now: datetime, zone: tzinfo) -> datetime:
    if rhythm == "hourly":
        return now + timedelta(hours=1)
    local = now.astimezone(zone)
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)
