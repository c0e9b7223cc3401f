"""What comes in: the kinds of text that requests carry."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from bullpen.agents.model_ids import model_id_problem
from bullpen.kit.email_addresses import is_email
from bullpen.kit.emoji import as_emoji
from bullpen.kit.text import is_visible, name_of, storable_problem
from bullpen.kit.zones import find_zone
from bullpen.members.names import is_reserved

NOTHING_SEEN = "enter some text that can be seen"


def storable(text: str) -> str:
    if problem := storable_problem(text):
        raise ValueError(problem)
    return text


def visible(text: str) -> str:
    if not is_visible(text):
        raise ValueError(NOTHING_SEEN)
    return text


def emoji(text: str) -> str:
    found = as_emoji(text)
    if found is None:
        message = "choose one emoji, such as 👍"
        raise ValueError(message)
    return found


def known_zone(name: str) -> str:
    if find_zone(name) is None:
        message = "give a time zone like Europe/Berlin"
        raise ValueError(message)
    return name


def of_nobody(text: str) -> str:
    if is_reserved(text):
        message = "this word means no single member; choose another"
        raise ValueError(message)
    return text


Text = Annotated[str, AfterValidator(storable)]
Name = Annotated[
    str, Field(min_length=1, max_length=80), AfterValidator(storable), AfterValidator(name_of)
]
LONGEST_MESSAGE = 40_000
AnyMessageText = Annotated[str, Field(max_length=LONGEST_MESSAGE), AfterValidator(storable)]
MessageText = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_MESSAGE),
    AfterValidator(storable),
    AfterValidator(visible),
]
Emoji = Annotated[
    str, Field(min_length=1, max_length=64), AfterValidator(storable), AfterValidator(emoji)
]
# What was stored before reactions had to be emoji can still be taken away.
StoredEmoji = Annotated[
    str,
    Field(min_length=1, max_length=64),
    AfterValidator(storable),
    AfterValidator(lambda text: as_emoji(text) or text),
]
TimeZone = Annotated[str, Field(max_length=64), AfterValidator(known_zone)]
NEW_ID = r"^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9])?$"
COLOR = r"^#[0-9A-Fa-f]{6}$"
NewId = Annotated[str, Field(pattern=NEW_ID)]
NewUserId = Annotated[NewId, AfterValidator(of_nobody)]
UserName = Annotated[Name, AfterValidator(of_nobody)]


def possible_model(model_id: str) -> str:
    if (problem := model_id_problem(model_id)) is not None:
        raise ValueError(problem)
    return model_id


ModelId = Annotated[
    str,
    Field(min_length=1, max_length=200),
    AfterValidator(storable),
    AfterValidator(possible_model),
]


def email_address(text: str) -> str:
    if not is_email(text.strip()):
        message = "give an e-mail address like dana@example.org"
        raise ValueError(message)
    return text.strip()


def storable_moment(at: datetime) -> datetime:
    # The first and the last years have times that Postgres takes for none at all.
    if not 1900 <= at.year <= 9000:  # noqa: PLR2004 - as the message says
        message = "give a time between the years 1900 and 9000"
        raise ValueError(message)
    return at


Email = Annotated[str, Field(max_length=300), AfterValidator(email_address)]
Color = Annotated[str, Field(pattern=COLOR)]
Moment = Annotated[AwareDatetime, AfterValidator(storable_moment)]
# An id that cannot exist is answered as one that does not.
Id = Annotated[str, AfterValidator(storable)]
MessageId = UUID
FileId = UUID
PreviewId = UUID
GroupId = UUID


class RequestBody(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, populate_by_name=False
    )
