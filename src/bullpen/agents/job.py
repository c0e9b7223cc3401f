from msgspec import Struct

from bullpen.agents.model_settings import ModelSettings


class WorkerConfig(Struct, frozen=True):
    """What a worker needs to know."""

    database_url: str
    # Where notifications can be listened for; None: where everything else goes.
    unpooled_url: str | None = None
    time_zone: str = "UTC"
    sentry_dsn: str | None = None
    otlp_endpoint: str | None = None
    model_settings: ModelSettings = ModelSettings()
    # What it calls itself, and a worker that it replaces, whose runs are free at once.
    name: str | None = None
    former: str | None = None
