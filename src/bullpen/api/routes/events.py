"""The stream of events: what came after the number that the client names, then what comes."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Query, Request, Response
from starlette.types import Receive, Scope, Send

from bullpen.accounts.sessions import SignedIn
from bullpen.accounts.token_cache import TokenCache
from bullpen.accounts.tokens import Access
from bullpen.api.http.bearer import access_of
from bullpen.api.http.dependencies import CurrentActor, StateDep
from bullpen.api.http.guard import HEAD
from bullpen.api.http.router import Router
from bullpen.api.http.signed_in import SESSION
from bullpen.api.http.state import State
from bullpen.api.realtime.streams import Stream, frame
from bullpen.kit.errors import DatabaseUnavailable
from bullpen.members.actor import Actor
from bullpen.members.backlog import missed
from bullpen.members.queries import can_act

# Set where the server that runs the application can end a connection at once.
CUT = "bullpen.cut"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # Proxies must not gather what is meant to arrive now.
    (b"x-accel-buffering", b"no"),
]
AGAIN_MS = (500, 2000)
LARGEST = 2**63 - 1

router = Router(prefix="/api", tags=["events"])
DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events: `id` is the number of each, `data` is JSON with a `type`.",
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "object",
                    "properties": {"id": {"type": "string"}, "data": {"type": "string"}},
                    "required": ["id", "data"],
                }
            }
        },
    }
}


@router.get("/sse", response_class=Response, responses=DESCRIBED)
async def stream_events(
    request: Request,
    state: StateDep,
    actor: CurrentActor,
    after: Annotated[
        int | None,
        Query(
            alias="lastEventId",
            ge=0,
            le=LARGEST,
            description="Like `Last-Event-ID`, for the first request.",
        ),
    ] = None,
    resumed: Annotated[
        int | None,
        Header(
            alias="Last-Event-ID",
            ge=0,
            le=LARGEST,
            description="Number of the last event received. Sent by browsers when they reconnect.",
        ),
    ] = None,
) -> Response:
    """Stream events.

    A stream of server-sent events for the current user. The first event is `hello`, or `reset`
    if the client has to reload everything. To resume, send the number of the last event as
    `Last-Event-ID`; without it the stream begins now.
    """
    state.hub.streams.require_room(actor.user_id)
    # A browser that resumes sends the header, and the address that it began with.
    session = request.scope.get(SESSION)
    session_id = session.id if isinstance(session, SignedIn) else None
    begin = after if resumed is None else resumed
    return EventStream(state, actor, begin, access_of(request), session_id)


class EventStream(Response):
    def __init__(
        self,
        state: State,
        actor: Actor,
        after: int | None,
        access: Access | None,
        session_id: UUID | None,
    ) -> None:
        super().__init__()
        self.session_id = session_id
        self.state = state
        self.actor = actor
        self.after = after
        # Of the API token that it was opened with, if there was one.
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hub = self.state.hub
        if self.after is not None:
            # Another process may have sent the client more than this one has read yet.
            await hub.subscriber.catch_up(self.after)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        if HEAD in scope:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        cut: Callable[[], None] = scope.get(CUT, lambda: None)
        stream = hub.streams.open(self.actor.user_id, cut, self.session_id)
        # What is being written now waits in the stream, behind the events that were missed.
        for part in hub.answers.as_of_now(self.actor.user_id):
            stream.push(part)
        ends = [end_when_left(stream, receive)]
        if self.access is not None:
            ends.append(end_when_refused(stream, self.state.tokens, self.access))
        watching = [asyncio.create_task(end) for end in ends]
        try:
            await self.begin(hub.subscriber.known, stream, send)
            while not stream.over:
                await stream.news.wait()
                await read_by(send)
                if stream.pending:
                    await put(send, stream.take())
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            for task in watching:
                task.cancel()
            hub.streams.close(stream)

    async def begin(self, known: int, stream: Stream, send: Send) -> None:
        """What was missed goes out first; what comes meanwhile waits in the stream."""
        with suppress(DatabaseUnavailable):
            if not await can_act(self.state.database, self.actor.user_id):
                # Made inactive after the request was let in, and the event that ends their
                # streams may have been sent before this one was there.
                stream.end()
                return
        after = known if self.after is None else self.after
        again = random.randint(*AGAIN_MS)  # noqa: S311 - to spread them, no secret
        await put(send, f"retry: {again}\n".encode() + frame(after, "hello", "{}"))
        if after > known:
            await put(send, frame(known, "reset", "{}"))
            return
        try:
            while after < known and not stream.over:
                # Nothing is read ahead for a reader who does not read.
                await read_by(send)
                async with self.state.hub.streams.resuming:
                    portion = await missed(self.state.database, self.actor, after, known)
                if portion is None:
                    await put(send, frame(known, "reset", "{}"))
                    return
                after = portion.after
                sent = b"".join(frame(*row[:3]) for row in portion.events)
                portion.events.clear()
                await put(send, sent)
        except DatabaseUnavailable:
            stream.end()


async def put(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def read_by(send: Send) -> None:
    """Waits until the client has taken what was sent, but for a bufferful."""
    await put(send, b"")


async def end_when_left(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


async def end_when_refused(stream: Stream, tokens: TokenCache, access: Access) -> None:
    await tokens.until_refused(access)
    stream.end()
