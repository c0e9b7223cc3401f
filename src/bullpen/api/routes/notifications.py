import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from bullpen.api.http.dependencies import CurrentActor, DatabaseDep
from bullpen.api.http.fields import Moment, RequestBody, Text
from bullpen.api.http.responses import JsonResponse, json_response
from bullpen.api.http.router import Router
from bullpen.kit.words import words
from bullpen.members.notifying import DigestRhythm, NotificationSettings, set_notifications

router = Router(prefix="/api/notifications", tags=["unreads"])
TIME_OF_DAY = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")


def time_of_day(text: str) -> str:
    if TIME_OF_DAY.fullmatch(text) is None:
        message = "give a time of day like 22:00"
        raise ValueError(message)
    return text


TimeOfDay = Annotated[str, AfterValidator(time_of_day)]


def keyword(text: str) -> str:
    if next(words(text), None) is None:
        message = "give keywords with a letter, a digit or an emoji"
        raise ValueError(message)
    return " ".join(text.split())


Keyword = Annotated[Text, Field(max_length=100), AfterValidator(keyword)]


class Settings(RequestBody):
    """When and how to notify the current user."""

    paused_until: Annotated[
        Moment | None, Field(description="No notifications until then. Null: do not pause.")
    ] = None
    quiet_from: Annotated[
        TimeOfDay | None,
        Field(
            description="From when on each day there are no notifications, as `HH:MM` on a clock"
            " in the user's time zone. Null: at no time.",
        ),
    ] = None
    quiet_until: Annotated[
        TimeOfDay | None,
        Field(
            description="Until when; before `quietFrom`, on the next day.",
        ),
    ] = None
    is_silent: Annotated[bool, Field(description="Whether notifications make no sound.")] = False
    keywords: Annotated[
        list[Keyword],
        Field(
            max_length=50,
            description="Notify of messages that contain one of them, by whole words.",
        ),
    ] = []
    digest: Annotated[
        DigestRhythm,
        Field(
            description="How often to send an e-mail, while the user is away, of unread direct"
            " messages, mentions and replies in threads that they follow."
        ),
    ] = "daily"

    @model_validator(mode="after")
    def hours_are_whole(self) -> "Settings":
        if (self.quiet_from is None) != (self.quiet_until is None):
            message = "give both quietFrom and quietUntil, or neither"
            raise ValueError(message)
        if self.quiet_from is not None and self.quiet_from == self.quiet_until:
            message = "quietFrom and quietUntil must be different times"
            raise ValueError(message)
        return self


@router.put("")
async def change_notifications(
    body: Settings, database: DatabaseDep, actor: CurrentActor
) -> JsonResponse[NotificationSettings]:
    """Set when and how to be notified.

    For the current user alone, in all their windows. What is left out is set back. To read it,
    see `notifications` of `GET /api/sidebar`. What a channel notifies of is one of its
    preferences.
    """
    settings = NotificationSettings(
        body.paused_until,
        body.quiet_from,
        body.quiet_until,
        body.is_silent,
        body.keywords,
        body.digest,
    )
    async with database.transaction() as connection:
        await set_notifications(connection, actor, settings)
    return json_response(settings)
