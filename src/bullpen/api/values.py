"""What comes in: the kinds of text that requests carry."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


def storable(text: str) -> str:
    if "\x00" in text:
        message = "a NUL character cannot be stored; remove it"
        raise ValueError(message)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        message = "half a surrogate pair is not a character; remove it"
        raise ValueError(message)
    return text


def visible(text: str) -> str:
    if not text.strip():
        message = "expected some text"
        raise ValueError(message)
    return text


Text = Annotated[str, AfterValidator(storable)]
Name = Annotated[
    str, Field(min_length=1, max_length=80), AfterValidator(storable), AfterValidator(visible)
]
LONGEST_MESSAGE = 40_000
MessageText = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_MESSAGE),
    AfterValidator(storable),
    AfterValidator(visible),
]
Emoji = Annotated[
    str, Field(min_length=1, max_length=64), AfterValidator(storable), AfterValidator(visible)
]
NewId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
Color = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
# An id that cannot exist is answered as one that does not.
Id = Annotated[str, AfterValidator(storable)]
MessageId = UUID


class Body(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, populate_by_name=False
    )
