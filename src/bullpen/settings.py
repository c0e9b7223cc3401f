"""The one place that reads the environment; only the composition roots import it."""

import ipaddress
import os
import re
import sys
from datetime import date, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import platformdirs
import tzlocal
from msgspec.structs import replace
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bullpen.accounts.oidc_provider import OAuthProvider, Provider, is_safe
from bullpen.accounts.secret_key import SHORTEST as SHORTEST_KEY
from bullpen.accounts.secret_key import SecretSource
from bullpen.agents.model_ids import model_id_problem
from bullpen.agents.model_keys import clean_key
from bullpen.agents.model_settings import MODEL_SECONDS, ModelSettings, Thinking
from bullpen.agents.runtimes.addresses import is_web_address
from bullpen.api.http.limits import ON_A_NETWORK, Limits
from bullpen.api.http.origins import read_origin
from bullpen.files.bucket import BucketConfig
from bullpen.kit.email_addresses import is_email
from bullpen.kit.errors import StartupError
from bullpen.kit.zones import find_zone
from bullpen.workspace.retention import Retention

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Port = Annotated[int, Field(ge=0, le=65535)]
LARGEST_PORT = 65_535
OAUTH_URLS = ("oauth_authorize_url", "oauth_token_url", "oauth_user_url", "oauth_emails_url")
POSTGRES_SCHEMES = ("postgresql://", "postgres://")


def local_zone() -> ZoneInfo:
    """The machine's; UTC, with a line that says so, where it has none that has a name."""
    try:
        return tzlocal.get_localzone()
    except (KeyError, OSError, ValueError):
        named = os.environ.get("TZ", "")
        sys.stderr.write(
            f"bullpen: TZ is '{named}', which is not the name of a time zone: using UTC. "
            "Set BULLPEN_TIME_ZONE to one like Europe/Berlin\n"
        )
        return ZoneInfo("UTC")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="BULLPEN_",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        arbitrary_types_allowed=True,
        populate_by_name=True,
    )

    host: str = "127.0.0.1"
    port: Port = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    data_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("bullpen")))
    pack: Path | None = None
    agents: bool = True
    allowed_hosts: str = ""
    # Whether anybody who reaches the server may read /metrics.
    metrics: bool = False
    # None: where others than the users of this machine can reach it.
    team: bool | None = None
    public_url: str | None = None
    secret_key: str | None = None
    s3_bucket: str | None = None
    s3_endpoint: str | None = None
    s3_region: str = "us-east-1"
    s3_access_key_id: str | None = None
    s3_secret_access_key: str | None = None
    s3_prefix: str | None = None
    smtp_url: str | None = None
    mail_from: str | None = None
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    oidc_name: str = "OpenID Connect"
    oidc_join_domains: str = ""
    # GitHub, unless other addresses are given.
    oauth_client_id: str | None = None
    oauth_client_secret: str | None = None
    oauth_authorize_url: str = "https://github.com/login/oauth/authorize"
    oauth_token_url: str = "https://github.com/login/oauth/access_token"  # noqa: S105 - an address
    oauth_user_url: str = "https://api.github.com/user"
    oauth_emails_url: str = "https://api.github.com/user/emails"
    oauth_scopes: str = "read:user user:email"
    oauth_name: str = "GitHub"
    oauth_join_domains: str = ""
    trusted_proxies: str = ""
    preview_networks: str = ""
    # Read before all others, see `read`.
    env_file: Path | None = None
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    database_url_unpooled: str | None = Field(
        default=None, validation_alias="DATABASE_URL_UNPOOLED"
    )
    notify_socket: str | None = Field(default=None, validation_alias="NOTIFY_SOCKET")
    anchor_date: date | None = None
    time_zone: ZoneInfo = Field(default_factory=local_zone)
    sentry_dsn: str | None = Field(default=None, validation_alias="SENTRY_DSN")
    otlp_endpoint: str | None = Field(default=None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")

    # What one member may do in a minute; where nothing is set, the address decides.
    messages_per_minute: Count | None = None
    kilobytes_per_minute: Count | None = None
    changes_per_minute: Count | None = None
    made_per_minute: Count | None = None
    plans_per_minute: Count | None = None
    files_per_minute: Count | None = None
    reads_per_minute: Count | None = None
    anonymous_per_minute: Count | None = None

    # The largest file that a message can have.
    file_megabytes: Annotated[int, Field(ge=1, le=1_000_000)] = 4_000

    # What is kept; 0: everything, for ever.
    keep_requests_days: Count = 30
    keep_traces_days: Count = 0
    keep_versions: Count = 1000

    # Models; the names are those that the providers' own tools read.
    model: str | None = None
    thinking: Thinking = "shown"
    picture_models: str = ""
    model_seconds: Annotated[float, Field(gt=0, le=3600)] = MODEL_SECONDS
    anthropic_api_key: str | None = Field(default=None, validation_alias="ANTHROPIC_API_KEY")
    anthropic_base_url: str | None = Field(default=None, validation_alias="ANTHROPIC_BASE_URL")
    openai_api_key: str | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    google_api_key: str | None = Field(default=None, validation_alias="GOOGLE_API_KEY")
    ollama_base_url: str | None = Field(default=None, validation_alias="OLLAMA_BASE_URL")
    vllm_base_url: str | None = Field(default=None, validation_alias="VLLM_BASE_URL")
    compatible_base_url: str | None = None
    compatible_api_key: str | None = None

    @field_validator("database_url", "database_url_unpooled")
    @classmethod
    def postgres_url(cls, value: str | None) -> str | None:
        if value is not None and not is_postgres_url(value):
            raise ValueError(
                "expected an address like postgresql://user:password@host:5432/database, "
                "with signs such as / ? # @ in the password written as %2F %3F %23 %40"
            )
        return value

    @field_validator(
        "anthropic_base_url",
        "openai_base_url",
        "ollama_base_url",
        "vllm_base_url",
        "compatible_base_url",
        "otlp_endpoint",
    )
    @classmethod
    def web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        bare = value.strip()
        if not is_web_address(bare):
            raise ValueError(f"'{bare}' is no address; expected one like http://localhost:11434")
        return bare

    @field_validator(
        "anthropic_api_key", "openai_api_key", "google_api_key", "compatible_api_key", mode="before"
    )
    @classmethod
    def api_key(cls, value: object) -> object:
        return clean_key(value) if isinstance(value, str) else value

    @field_validator("model", mode="before")
    @classmethod
    def known_model(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if (problem := model_id_problem(value.strip())) is not None:
            raise ValueError(problem)
        return value.strip()

    @field_validator("time_zone", mode="before")
    @classmethod
    def known_zone(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        zone = find_zone(value)
        if zone is None:
            message = f"'{value}' is not a time zone; expected one like Europe/Berlin"
            raise ValueError(message)
        return zone

    @field_validator("public_url")
    @classmethod
    def origin(cls, value: str | None) -> str | None:
        if value is None:
            return None
        found = read_origin(value.strip().removesuffix("/"))
        if found is None or not 0 < found.port <= LARGEST_PORT:
            raise ValueError(
                f"'{value}' is no address of a server; expected one like https://chat.example.org, "
                "without a path, and with a name in its ASCII form"
            )
        return str(found)

    @field_validator("secret_key")
    @classmethod
    def long_key(cls, value: str | None) -> str | None:
        if value is not None and len(value) < SHORTEST_KEY:
            raise ValueError(
                f"expected {SHORTEST_KEY} random characters or more, as"
                " `openssl rand -base64 32` prints"
            )
        return value

    @field_validator("smtp_url")
    @classmethod
    def mail_server(cls, value: str | None) -> str | None:
        """The value is not repeated: it may have a password."""
        if value is not None and not is_mail_server(value):
            raise ValueError(
                "expected an address like smtp://user:password@mail.example.org:587, or smtps://, "
                "with signs such as / ? # @ in the password written as %2F %3F %23 %40"
            )
        return value

    @field_validator("mail_from")
    @classmethod
    def sender(cls, value: str | None) -> str | None:
        if value is not None and not is_email(parseaddr(value)[1]):
            raise ValueError(f"'{value}' is no sender; expected one like chat@example.org")
        return value

    @field_validator("preview_networks")
    @classmethod
    def networks(cls, value: str) -> str:
        for text in split_list(value):
            network_of(text)
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def some_networks(cls, value: str) -> str:
        for text in split_list(value):
            if network_of(text).prefixlen == 0:
                raise ValueError(
                    f"'{text}' would trust everybody; name the proxies' addresses or networks"
                )
        return value

    @field_validator("data_dir", "pack")
    @classmethod
    def absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser().absolute()

    @property
    def model_settings(self) -> ModelSettings:
        return ModelSettings(
            anthropic_api_key=self.anthropic_api_key,
            anthropic_base_url=self.anthropic_base_url,
            openai_api_key=self.openai_api_key,
            openai_base_url=self.openai_base_url,
            google_api_key=self.google_api_key,
            ollama_base_url=self.ollama_base_url,
            vllm_base_url=self.vllm_base_url,
            compatible_base_url=self.compatible_base_url,
            compatible_api_key=self.compatible_api_key,
            model=self.model,
            seconds=self.model_seconds,
            sessions=str(self.data_dir / "sessions"),
            thinking=self.thinking,
            picture_models=tuple(split_list(self.picture_models)),
        )

    @property
    def secret_source(self) -> SecretSource:
        return SecretSource(self.secret_key, str(self.data_dir))

    @property
    def limits(self) -> Limits:
        usual = ON_A_NETWORK if self.in_team_mode else Limits()
        given = {name: getattr(self, f"{name}_per_minute") for name in Limits.__struct_fields__}
        return replace(usual, **{name: most for name, most in given.items() if most is not None})

    @property
    def trusted_networks(self) -> list[str]:
        return split_list(self.trusted_proxies)

    @property
    def kept(self) -> Retention:
        return Retention(self.keep_requests_days, self.keep_traces_days, self.keep_versions)

    @property
    def anchor(self) -> date:
        """The day that the pack's day 0 becomes."""
        return self.anchor_date or datetime.now(self.time_zone).date()

    @property
    def loopback(self) -> bool:
        return is_loopback(self.host)

    @property
    def public_host(self) -> str | None:
        """The name in the public URL."""
        found = read_origin(self.public_url or "")
        return None if found is None else found.host.name

    @property
    def is_reachable(self) -> bool:
        """For others than the users of this machine, also through a reverse proxy."""
        public = self.public_host is not None and not is_loopback(self.public_host)
        return public or not self.loopback

    @property
    def in_team_mode(self) -> bool:
        return self.is_reachable if self.team is None else self.team

    @field_validator("s3_endpoint")
    @classmethod
    def s3_server(cls, value: str | None) -> str | None:
        if value is not None and not is_web_address(value):
            raise ValueError(f"'{value}' is no address like https://s3.example.org")
        return value

    @model_validator(mode="after")
    def bucket_is_complete(self) -> Self:
        if bool(self.s3_access_key_id) != bool(self.s3_secret_access_key):
            raise ValueError(
                "BULLPEN_S3_ACCESS_KEY_ID and BULLPEN_S3_SECRET_ACCESS_KEY are needed together"
            )
        if self.s3_endpoint is not None and self.s3_bucket is None:
            raise ValueError("BULLPEN_S3_ENDPOINT needs BULLPEN_S3_BUCKET, the name of the bucket")
        return self

    @property
    def bucket(self) -> BucketConfig | None:
        """Where the content of new files goes; None: to Postgres."""
        if self.s3_bucket is None:
            return None
        return BucketConfig(
            self.s3_bucket,
            self.s3_endpoint,
            self.s3_region,
            self.s3_access_key_id,
            self.s3_secret_access_key,
            self.s3_prefix,
        )

    @model_validator(mode="after")
    def mail_has_sender(self) -> Self:
        if self.smtp_url is not None and self.mail_from is None:
            raise ValueError("BULLPEN_SMTP_URL needs BULLPEN_MAIL_FROM, the sender of e-mails")
        return self

    @model_validator(mode="after")
    def provider_is_complete(self) -> Self:
        given = (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret)
        if any(given) and not all(given):
            raise ValueError(
                "BULLPEN_OIDC_ISSUER, BULLPEN_OIDC_CLIENT_ID and BULLPEN_OIDC_CLIENT_SECRET are"
                " needed together"
            )
        if bool(self.oauth_client_id) != bool(self.oauth_client_secret):
            raise ValueError(
                "BULLPEN_OAUTH_CLIENT_ID and BULLPEN_OAUTH_CLIENT_SECRET are needed together"
            )
        for name in OAUTH_URLS:
            if not is_safe(getattr(self, name)):
                raise ValueError(
                    f"BULLPEN_{name.upper()} must be an https address: a secret is sent there"
                )
        return self

    @property
    def oauth_provider(self) -> OAuthProvider | None:
        if not (self.oauth_client_id and self.oauth_client_secret):
            return None
        return OAuthProvider(
            self.oauth_authorize_url,
            self.oauth_token_url,
            self.oauth_user_url,
            self.oauth_emails_url,
            self.oauth_client_id,
            self.oauth_client_secret,
            self.oauth_name,
            self.oauth_scopes,
            frozenset(one.lower() for one in split_list(self.oauth_join_domains)),
        )

    @property
    def oidc_provider(self) -> Provider | None:
        if not (self.oidc_issuer and self.oidc_client_id and self.oidc_client_secret):
            return None
        domains = frozenset(one.lower() for one in split_list(self.oidc_join_domains))
        return Provider(
            self.oidc_issuer,
            self.oidc_client_id,
            self.oidc_client_secret,
            self.oidc_name,
            domains,
        )

    @model_validator(mode="after")
    def team_where_reachable(self) -> Self:
        if self.team is False and self.is_reachable:
            raise ValueError(
                "demo mode is for loopback addresses only, because everybody may act as any "
                "member; remove BULLPEN_TEAM, or both BULLPEN_PUBLIC_URL and BULLPEN_HOST"
            )
        return self


def network_of(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as problem:
        raise ValueError(
            f"'{text}' is no address and no network; "
            "expected ones like 127.0.0.1, 10.0.0.0/8, fd00::/8"
        ) from problem


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def split_list(value: str) -> list[str]:
    return [text for text in re.split(r"[\s,]+", value) if text]


def is_mail_server(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    extra = parts.path.strip("/") or parts.query or parts.fragment
    return parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and port != 0 and not extra


def is_postgres_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    # A password with a slash in it ends the host too early; its rest must not be shown as a path.
    cut_off = "@" in parts.path + parts.query + parts.fragment
    return value.startswith(POSTGRES_SCHEMES) and port != 0 and not cut_off


class Named(BaseSettings):
    """Which file the others may be in."""

    model_config = SettingsConfigDict(env_prefix="BULLPEN_", env_ignore_empty=True)

    env_file: str | None = None


def read(**given: object) -> Settings:
    """What is given, as options are, goes before the environment, and that before the file that
    BULLPEN_ENV_FILE names. No file is read unasked: it could send keys to somebody else's server.
    """
    file = given.pop("env_file", None) or Named().env_file
    path = None if not file else Path(str(file)).expanduser().absolute()
    if path is not None and not path.is_file():
        raise StartupError(f"BULLPEN_ENV_FILE: there is no file {path}")
    try:
        return Settings(_env_file=path, env_file=path, **given)  # type: ignore[arg-type,call-arg]
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "team"
        variable = name if name.isupper() else f"BULLPEN_{name.upper()}"
        reason = first["msg"].removeprefix("Value error, ")
        named = reason if reason.startswith("BULLPEN_") else f"{variable}: {reason}"
        raise StartupError(named) from problem


def ignored_file(settings: Settings) -> str | None:
    """A line about a `.env` in the current folder that is not read."""
    if settings.env_file is not None or not Path(".env").is_file():
        return None
    return "the file .env in this folder is not read; to read it, add --env-file .env"
