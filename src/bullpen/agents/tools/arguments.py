"""What tools take: texts that can be stored, and nothing that was not asked for."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

LONGEST_MESSAGE = 40_000


def storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("holds a character that cannot be stored; leave it out")
    return text


def visible(text: str) -> str:
    if not text.strip():
        raise ValueError("expected some text")
    return text


def emoji(text: str) -> str:
    if text.isascii():
        raise ValueError("expected the emoji itself, like 👍, not its name")
    return text


Text = Annotated[str, AfterValidator(storable)]
Said = Annotated[Text, Field(min_length=1, max_length=LONGEST_MESSAGE), AfterValidator(visible)]
Id = Annotated[Text, Field(min_length=1, max_length=80)]
Emoji = Annotated[Text, Field(min_length=1, max_length=64), AfterValidator(emoji)]
Query = Annotated[Text, Field(min_length=1, max_length=500), AfterValidator(visible)]


class Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
