"""Days and times of day as a pack writes them, their order, and the instants they stand for."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bullpen.packs.problems import Problems
from bullpen.packs.yaml_tree import Document, Path

Moment: TypeAlias = tuple[int, time]


def require_later(
    moment: Moment,
    last: Moment | None,
    before: str,
    document: Document,
    path: Path,
    problems: Problems,
) -> None:
    if last is not None and moment <= last:
        text = f"at: {shown(moment)} is no later than {before}; expected after {shown(last)}"
        problems.add(document.file, document.line((*path, "at")), text)


def shown(moment: Moment) -> str:
    day, at = moment
    return f"day {day} {at.isoformat()}"


def resolve(day: int, at: time, anchor: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC; a later (day, at) is always a later instant.

    A time that the clocks show twice is its first showing. A time that they skip is moved into the
    last second before the jump, each to its own microsecond: counting it with either offset would
    put it among the messages of the hour before or after.
    """
    wall = datetime.combine(anchor + timedelta(days=day), at, tzinfo=zone)
    early, late = (wall.replace(fold=fold).timestamp() for fold in (1, 0))
    # Only for a skipped time does the offset after the jump (fold=1) give the earlier instant.
    if early < late:
        return _before_jump(int(early), int(late), zone)
    return wall.astimezone(UTC)


def _before_jump(early: int, late: int, zone: ZoneInfo) -> datetime:
    """`early` and `late` are the readings of one skipped time; the jump lies between them."""
    new_offset = datetime.fromtimestamp(late, zone).utcoffset()
    seconds = range(early, late + 1)
    jump = seconds[
        bisect_left(
            seconds,
            True,
            key=lambda second: datetime.fromtimestamp(second, zone).utcoffset() == new_offset,
        )
    ]
    skipped = late - early
    microseconds = 1_000_000 * (late - jump + 1) // (skipped + 1)
    return datetime.fromtimestamp(jump - 1, UTC) + timedelta(microseconds=microseconds)
