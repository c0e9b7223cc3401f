from msgspec import Struct


class Job(Struct, frozen=True):
    """What a worker needs to know."""

    database_url: str
    # Where notifications can be listened for; None: where everything else goes.
    unpooled_url: str | None = None
    time_zone: str = "UTC"
    sentry_dsn: str | None = None
