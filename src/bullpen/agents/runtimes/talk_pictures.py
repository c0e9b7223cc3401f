"""Pictures in what is said between a run and its model.

Models are sent the pictures themselves. What is stored of requests has the address of each in its
place: the trace shows it from there, to those who can read the file, and nothing is stored twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pydantic_ai.messages import (
    BinaryContent,
    ImageUrl,
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    UserContent,
    UserPromptPart,
)

from bullpen.agents.runtimes.base import RunRequest
from bullpen.files.model_pictures import ModelPicture, address_of
from bullpen.kit.pictures import MEDIA_TYPE

# What a picture of at most 720 by 720 pixels counts as at most, and what it does for models that
# count more for it. For a budget, before the provider says how much it was.
MOST_TOKENS = 2_000
MOST_TOKENS_BY_MODEL = {"gpt-4o-mini": 26_000}
GONE = "(This picture has been deleted.)"


def picture_tokens(model: str) -> int:
    return next(
        (most for name, most in MOST_TOKENS_BY_MODEL.items() if model.startswith(name)), MOST_TOKENS
    )


def first_message(run_request: RunRequest) -> ModelRequest:
    content: str | list[UserContent] = run_request.prompt
    if run_request.pictures:
        content = [run_request.prompt]
        for number, picture in enumerate(run_request.pictures, start=1):
            content += [f"Picture {number}:", sent(picture)]
    return ModelRequest([UserPromptPart(content)], instructions=run_request.instructions)


def sent(picture: ModelPicture) -> BinaryContent:
    address = address_of(picture.file_id)
    return BinaryContent(picture.content, media_type=MEDIA_TYPE, identifier=address)


def with_references(messages: Sequence[ModelMessage]) -> list[ModelMessage]:
    def refer(item: UserContent) -> UserContent:
        if isinstance(item, BinaryContent):
            return ImageUrl(item.identifier, media_type=item.media_type, identifier=item.identifier)
        return item

    return changed(messages, refer)


def with_pictures(
    messages: Sequence[ModelMessage], pictures: Sequence[ModelPicture]
) -> list[ModelMessage]:
    """The pictures again, in what was stored of an interrupted run."""
    there = {address_of(picture.file_id): sent(picture) for picture in pictures}

    def restore(item: UserContent) -> UserContent:
        return there.get(item.url, GONE) if isinstance(item, ImageUrl) else item

    return changed(messages, restore)


def changed(
    messages: Sequence[ModelMessage], change: Callable[[UserContent], UserContent]
) -> list[ModelMessage]:
    def part_of(part: ModelRequestPart) -> ModelRequestPart:
        if not isinstance(part, UserPromptPart) or isinstance(part.content, str):
            return part
        return replace(part, content=[change(item) for item in part.content])

    return [
        replace(message, parts=[part_of(part) for part in message.parts])
        if isinstance(message, ModelRequest)
        else message
        for message in messages
    ]
