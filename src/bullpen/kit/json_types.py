"""Types of the fields that the API serves, with what OpenAPI says about them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Raw

# An instant, always with its zone.
Time = Annotated[datetime, Meta(tz=True)]
# The same, where Postgres has written the JSON already.
RawTime = Annotated[Raw, Meta(extra_json_schema={"type": "string", "format": "date-time"})]
# The same, where it is part of JSON that is read again.
TextTime = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
UuidText = Annotated[str, Meta(extra_json_schema={"format": "uuid"})]

AgentId = Annotated[str, Meta(description="Id of the agent.")]
UserId = Annotated[str, Meta(description="Id of the user.")]
ChannelId = Annotated[str, Meta(description="Id of the channel or direct message.")]
MessageId = Annotated[UUID, Meta(description="Id of the message.")]
RunId = Annotated[UUID, Meta(description="Id of the run.")]
CreatedAt = Annotated[Time, Meta(description="When it was created.")]
UpdatedAt = Annotated[Time, Meta(description="When it was last changed.")]
