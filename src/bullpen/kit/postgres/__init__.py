"""The Postgres that Bullpen brings along: found, initialised, started, shared and stopped."""

from bullpen.kit.postgres.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres"]
