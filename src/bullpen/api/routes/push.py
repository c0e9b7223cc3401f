"""Web Push: which browsers notify the current user while no window is open."""

from typing import Annotated

from fastapi import Request
from msgspec import Meta, Struct
from pydantic import AfterValidator, Field, field_validator

from bullpen.accounts.sessions import SignedIn
from bullpen.api.http.accounts import Done
from bullpen.api.http.dependencies import CurrentActor, DatabaseDep, StateDep
from bullpen.api.http.fields import RequestBody, Text, TimeZone
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.api.http.signed_in import SESSION
from bullpen.push import subscriptions
from bullpen.push.endpoints import endpoint_problem
from bullpen.push.keys import SECRET_BYTES, decoded, encoded, is_point, server_key

router = Router(prefix="/api/push", tags=["me"])


def reachable(endpoint: str) -> str:
    if (problem := endpoint_problem(endpoint)) is not None:
        raise ValueError(problem)
    return endpoint


Endpoint = Annotated[
    Text, Field(description="Address at its push service."), AfterValidator(reachable)
]


class PushKey(Struct, rename="camel"):
    """What a browser subscribes with."""

    public_key: Annotated[
        str, Meta(description="The server's public key (VAPID), as base64url without padding.")
    ]


class Subscription(RequestBody):
    """A browser's subscription, with its keys as base64url, and where the browser is."""

    endpoint: Endpoint
    p256dh: Annotated[Text, Field(alias="p256dh", description="Its public key.")]
    auth: Annotated[Text, Field(description="Its secret.")]
    time_zone: Annotated[
        TimeZone,
        Field(
            description="Of the browser, like `Europe/Berlin`, for the hours without"
            " notifications. The one of the user's profile goes before it."
        ),
    ]

    @field_validator("p256dh")
    @classmethod
    def is_key(cls, value: str) -> str:
        if not is_point(decoded(value)):
            message = "give the public key of the browser's subscription"
            raise ValueError(message)
        return value

    @field_validator("auth")
    @classmethod
    def is_secret(cls, value: str) -> str:
        if len(decoded(value)) != SECRET_BYTES:
            message = "give the secret of the browser's subscription"
            raise ValueError(message)
        return value


class Unsubscription(RequestBody):
    """The subscription to end."""

    endpoint: Endpoint


@router.get("")
async def get_push_key(state: StateDep, _: CurrentActor) -> JsonResponse[PushKey]:
    """Get the key for Web Push.

    Browsers subscribe with it at their push service.
    """
    return json_response(PushKey(encoded(server_key(state.read_secret()).public)))


@router.put("")
async def subscribe_to_push(
    body: Subscription, request: Request, state: StateDep, actor: CurrentActor
) -> JsonResponse[Done]:
    """Subscribe a browser to Web Push.

    From now on it gets a notice of each message that notifies the current user, unless it is read
    within a moment. A session has one browser: another subscription takes its place. It ends with
    the session. A user has ten at most; the oldest makes room.
    """
    session = request.scope.get(SESSION)
    browser = subscriptions.Browser(
        body.endpoint, decoded(body.p256dh), decoded(body.auth), body.time_zone
    )
    async with state.database.transaction() as connection:
        await subscriptions.subscribe(
            connection,
            actor,
            session.id if isinstance(session, SignedIn) else None,
            browser,
            server_key(state.read_secret()).public,
        )
    return json_response(Done())


@router.delete("")
async def unsubscribe_from_push(
    body: Unsubscription, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[Done]:
    """End a browser's subscription to Web Push.

    One of the current user's. Nothing changes where there is none.
    """
    async with database.transaction() as connection:
        await subscriptions.unsubscribe(connection, actor, body.endpoint)
    return json_response(Done())
