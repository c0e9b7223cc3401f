"""The kinds of value that a pack's files hold, each with the sentence for what it is not."""

import re
from datetime import time, timedelta
from functools import partial
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from bullpen.kit.email_addresses import is_email
from bullpen.kit.emoji import as_emoji
from bullpen.kit.text import is_visible, name_of
from bullpen.kit.zones import find_zone
from bullpen.members.user_groups import LONGEST_DESCRIPTION, LONGEST_HANDLE, handle_problem
from bullpen.packs.problems import quoted

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
LONGEST_ID = 80
# The database's own limit of a memory block, which the rest keeps to as well.
LONGEST_MEMORY = 10_000
MOST_TAGS = 10
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_SECONDS = re.compile(r"[0-9]{1,5}(\.[0-9]{1,3})?")
_DOLLARS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?")
_SHARE = re.compile(r"0(\.[0-9]{1,3})?|1(\.0{1,3})?")
_WORD = re.compile(r"[\w'\u2019-]{1,40}")
_LONGEST_LINE = 500


def identifier(text: str) -> str:
    if len(text) > LONGEST_ID:
        raise ValueError(
            f"{quoted(text)} has {len(text)} characters; expected at most {LONGEST_ID}"
        )
    if not _ID.fullmatch(text):
        raise ValueError(
            f"{quoted(text)} is no id; expected small letters, digits, - and _,"
            " a letter or digit first"
        )
    return text


def _one_line(text: str, longest: int) -> str:
    if not is_visible(text):
        raise ValueError("is empty; expected a text")
    return name_of(_short(text, longest))


def _short(text: str, longest: int) -> str:
    if "\n" in text or text != text.strip():
        raise ValueError(f"{quoted(text)} has a line break or space around it; expected one line")
    if len(text) > longest:
        raise ValueError(f"has {len(text)} characters; expected at most {longest}")
    return text


def _handle(text: str) -> str:
    name = _one_line(text, longest=LONGEST_HANDLE)
    if problem := handle_problem(name):
        raise ValueError(f"{quoted(text)} is not possible; {problem}")
    return name


def _written(text: str) -> str:
    if not is_visible(text):
        raise ValueError("is empty; expected a text")
    return text


def _remembered(text: str) -> str:
    if len(text) > LONGEST_MEMORY:
        raise ValueError(f"has {len(text):,} characters; expected at most {LONGEST_MEMORY:,}")
    return _written(text)


def _tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    for index, tag in enumerate(tags):
        if tag in tags[:index]:
            raise ValueError(f"{quoted(tag)} appears twice; expected each tag once")
    if len(tags) > MOST_TAGS:
        raise ValueError(f"has {len(tags)} tags; expected at most {MOST_TAGS}")
    return tags


def _color(text: str) -> str:
    if not _COLOR.fullmatch(text):
        raise ValueError(f"{quoted(text)} is no colour; expected #RRGGBB in quotes")
    return text


def _emoji(text: str) -> str:
    found = as_emoji(text)
    if found is None:
        raise ValueError(f"{quoted(text)} is no emoji; expected the character itself, such as 👍")
    return found


def _time(text: object) -> object:
    if not isinstance(text, str):
        return text
    match = _TIME.fullmatch(text)
    if not match:
        raise ValueError(f"{quoted(text)} is no time of day; expected HH:MM or HH:MM:SS")
    hour, minute, second = match.groups(default="0")
    return time(int(hour), int(minute), int(second))


def _whole(text: object, lowest: int, highest: int) -> object:
    if not isinstance(text, str):
        return text
    if not _WHOLE.fullmatch(text) or not lowest <= int(text) <= highest:
        raise ValueError(
            f"{quoted(text)} is not possible; expected a whole number from {lowest} to {highest}"
        )
    return int(text)


def _seconds(text: object) -> object:
    if not isinstance(text, str):
        return text
    if not _SECONDS.fullmatch(text):
        raise ValueError(f"{quoted(text)} is no number of seconds; expected one such as 2.5")
    return timedelta(seconds=float(text))


def _share(text: object) -> object:
    if not isinstance(text, str):
        return text
    if not _SHARE.fullmatch(text):
        raise ValueError(f"{quoted(text)} is no share; expected one from 0 to 1, such as 0.2")
    return float(text)


def _word(text: str) -> str:
    if not _WORD.fullmatch(text) or text != text.lower():
        raise ValueError(f"{quoted(text)} is no word; expected a single one in small letters")
    return text


def _said(text: str) -> str:
    if len(text) > _LONGEST_LINE:
        raise ValueError(f"has {len(text)} characters; expected at most {_LONGEST_LINE}")
    if text != text.strip():
        raise ValueError(f"{quoted(text)} has space around it; expected none")
    return _written(text)


def _some(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise ValueError("is an empty list; expected at least one")
    return values


def _dollars(text: object) -> object:
    if not isinstance(text, str):
        return text
    if not _DOLLARS.fullmatch(text):
        raise ValueError(f"{quoted(text)} is no amount in dollars; expected one such as 0.10")
    return float(text)


def _email(text: str) -> str:
    if not is_email(text):
        raise ValueError(
            f"{quoted(text)} is not possible; expected an address like ann@example.org"
        )
    return text


def _zone(text: str) -> str:
    if find_zone(text) is None:
        raise ValueError(f"{quoted(text)} is not a time zone; expected one like Europe/Berlin")
    return text


Id = Annotated[str, AfterValidator(identifier)]
Email = Annotated[str, AfterValidator(_email)]
TimeZone = Annotated[str, AfterValidator(_zone)]
Name = Annotated[str, AfterValidator(partial(_one_line, longest=80))]
Topic = Annotated[str, AfterValidator(partial(_short, longest=250))]
Handle = Annotated[str, AfterValidator(_handle)]
GroupDescription = Annotated[str, AfterValidator(partial(_short, longest=LONGEST_DESCRIPTION))]
Text = Annotated[str, AfterValidator(_written)]
Memory = Annotated[str, AfterValidator(_remembered)]
Tag = Annotated[str, AfterValidator(partial(_one_line, longest=40))]
Tags = Annotated[tuple[Tag, ...], AfterValidator(_tags)]
Color = Annotated[str, AfterValidator(_color)]
Emoji = Annotated[str, AfterValidator(_emoji)]
TimeOfDay = Annotated[time, BeforeValidator(_time)]
Day = Annotated[int, BeforeValidator(partial(_whole, lowest=-3650, highest=0))]
AnyDay = Annotated[int, BeforeValidator(partial(_whole, lowest=-3650, highest=3650))]
Seconds = Annotated[timedelta, BeforeValidator(_seconds)]
Turns = Annotated[int, BeforeValidator(partial(_whole, lowest=1, highest=1000))]
Count = Annotated[int, BeforeValidator(partial(_whole, lowest=0, highest=999_999_999))]
Share = Annotated[float, BeforeValidator(_share)]
Word = Annotated[str, AfterValidator(_word)]
Words = Annotated[tuple[Word, ...], AfterValidator(_some)]
Line = Annotated[str, AfterValidator(_said)]
SomeLines = Annotated[tuple[Line, ...], AfterValidator(_some)]
Dollars = Annotated[float, BeforeValidator(_dollars)]
