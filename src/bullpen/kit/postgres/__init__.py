"""The Postgres that Bullpen brings along: found, initialised, started, shared and stopped."""

from bullpen.kit.postgres.server import CONNECTIONS, EmbeddedPostgres

__all__ = ["CONNECTIONS", "EmbeddedPostgres"]
