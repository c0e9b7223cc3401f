"""New messages."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError

from bullpen.api import errors, schemas
from bullpen.api.answers import answer
from bullpen.api.direct import Direct, DirectRoute
from bullpen.api.session import IdentifiedOf, found, identified
from bullpen.api.state import StateOf, state_of
from bullpen.api.values import Body, Id, MessageId, MessageText
from bullpen.chat import posting
from bullpen.kit.ids import new_id

AGAIN: dict[int | str, dict[str, Any]] = {
    200: {"model": schemas.Message, "description": "It was sent before"}
}


class NewMessage(Body):
    channel_id: Id
    text: MessageText
    parent_message_id: MessageId | None = None
    id: Annotated[
        MessageId | None, Field(description="Made by the client, so that it can send it again")
    ] = None


class PostRoute(DirectRoute):
    def make_direct(self) -> Direct:
        async def handle(request: Request) -> Response:
            try:
                body = NewMessage.model_validate_json(await request.body())
            except ValidationError as problem:
                problems = [error | {"loc": ("body", *error["loc"])} for error in problem.errors()]
                raise RequestValidationError(problems) from problem
            return await post_message(body, request, state_of(request), await identified(request))

        return handle


router = APIRouter(
    prefix="/api", tags=["messages"], responses=errors.DOCUMENTED, route_class=PostRoute
)


@router.post(
    "/messages",
    response_model=schemas.Message,
    status_code=201,
    responses=errors.REFUSED | AGAIN,
)
async def post_message(
    body: NewMessage, request: Request, state: StateOf, actor: IdentifiedOf
) -> Response:
    """In a channel that one is a member of; a repeated `id` of one's own answers what is stored."""
    draft = posting.Draft(
        body.id or new_id(), body.channel_id, body.parent_message_id, actor.user_id, body.text
    )
    posted = posting.post(state.poster, state.database, actor, draft)
    message, made = await found(request, actor, posted)
    return answer(message, 201 if made else 200)
