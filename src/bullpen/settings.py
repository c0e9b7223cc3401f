"""The one place that reads the environment; only the composition roots import it."""

import ipaddress
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import platformdirs
import tzlocal
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bullpen.kit.errors import StartupError

Port = Annotated[int, Field(ge=0, le=65535)]
POSTGRES_SCHEMES = ("postgresql://", "postgres://")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="BULLPEN_",
        env_file=".env",
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
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    database_url_unpooled: str | None = Field(
        default=None, validation_alias="DATABASE_URL_UNPOOLED"
    )
    anchor_date: date | None = None
    time_zone: ZoneInfo = Field(default_factory=tzlocal.get_localzone)
    sentry_dsn: str | None = Field(default=None, validation_alias="SENTRY_DSN")

    @field_validator("database_url", "database_url_unpooled")
    @classmethod
    def postgres_url(cls, value: str | None) -> str | None:
        if value is not None and not is_postgres_url(value):
            raise ValueError(
                "expected an address like postgresql://user:password@host:5432/database, "
                "with signs such as / ? # @ in the password written as %2F %3F %23 %40"
            )
        return value

    @field_validator("time_zone", mode="before")
    @classmethod
    def known_zone(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return ZoneInfo(value)
        except (KeyError, OSError, ValueError) as problem:
            message = f"'{value}' is not a time zone; expected one like Europe/Berlin"
            raise ValueError(message) from problem

    @field_validator("data_dir", "pack")
    @classmethod
    def absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser().absolute()

    @property
    def anchor(self) -> date:
        """The day that the pack's day 0 becomes."""
        return self.anchor_date or datetime.now(self.time_zone).date()

    @property
    def loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def is_postgres_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    # A password with a slash in it ends the host too early; its rest must not be shown as a path.
    cut_off = "@" in parts.path + parts.query + parts.fragment
    return value.startswith(POSTGRES_SCHEMES) and port != 0 and not cut_off


def read(**given: object) -> Settings:
    """What is given, as options are, goes before the environment, and that before .env."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0])
        variable = name if name.isupper() else f"BULLPEN_{name.upper()}"
        reason = first["msg"].removeprefix("Value error, ")
        raise StartupError(f"{variable}: {reason}") from problem
