"""What a web process and a worker need to know: made by their parent, sent to them as JSON."""

from msgspec import Struct

from bullpen.accounts.secret_key import SecretSource
from bullpen.accounts.team import MailServer, Team
from bullpen.agents.model_settings import ModelSettings
from bullpen.api.http.limits import Limits
from bullpen.files.bucket import BucketConfig
from bullpen.workspace.retention import Retention


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
    secret: SecretSource = SecretSource()
    public_url: str | None = None
    # None: files are in Postgres.
    bucket: BucketConfig | None = None
    # None: no e-mails are sent. Their links begin with `base_url`.
    mail: MailServer | None = None
    base_url: str = ""


class WebConfig(Struct, frozen=True):
    database_url: str
    hosts: list[str] | None
    sentry_dsn: str | None = None
    # Where notifications can be listened for; None: where everything else goes.
    unpooled_url: str | None = None
    # Whether what is posted asks agents; a worker answers.
    agents: bool = False
    model_settings: ModelSettings | None = None
    time_zone: str = "UTC"
    limits: Limits = Limits()
    kept: Retention = Retention()
    trusted_proxies: list[str] = []
    public_url: str | None = None
    # None in demo mode.
    team: Team | None = None
    # Whether metrics are answered to anybody, and where several processes exchange theirs.
    open_metrics: bool = False
    figures_folder: str | None = None
    secret: SecretSource = SecretSource()
    # In bytes.
    largest_file: int = 4_000_000_000
    # None: files are in Postgres.
    bucket: BucketConfig | None = None
    # Private networks whose pages may be previewed.
    preview_networks: list[str] = []
