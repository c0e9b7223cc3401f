"""What tools take: texts that can be stored, and nothing that was not asked for."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bullpen.kit.emoji import as_emoji
from bullpen.kit.text import is_visible, storable_problem

LONGEST_MESSAGE = 40_000


def storable(text: str) -> str:
    if storable_problem(text):
        raise ValueError("holds a character that cannot be stored; leave it out")
    return text


def visible(text: str) -> str:
    if not is_visible(text):
        raise ValueError("expected some text")
    return text


def emoji(text: str) -> str:
    found = as_emoji(text)
    if found is None:
        raise ValueError("expected one emoji itself, like 👍, and not its name")
    return found


Text = Annotated[str, AfterValidator(storable)]
Said = Annotated[Text, Field(min_length=1, max_length=LONGEST_MESSAGE), AfterValidator(visible)]
Id = Annotated[Text, Field(min_length=1, max_length=80)]
Emoji = Annotated[Text, Field(min_length=1, max_length=64), AfterValidator(emoji)]
Query = Annotated[Text, Field(min_length=1, max_length=500), AfterValidator(visible)]


class Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
