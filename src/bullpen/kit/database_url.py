"""Addresses of databases: what others put into them and what the driver takes."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

# Options of other clients and pools, and of libpq where the driver has no such thing. Unknown
# ones that are not listed are found out when the server refuses them.
FOREIGN_OPTIONS = frozenset(
    {
        "channel_binding",
        "connect_timeout",
        "connection_limit",
        "connection_timeout",
        "fallback_application_name",
        "gssdelegation",
        "gssencmode",
        "hostaddr",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "load_balance_hosts",
        "max_protocol_version",
        "min_protocol_version",
        "pgbouncer",
        "pool_mode",
        "pool_size",
        "pool_timeout",
        "pooling",
        "replication",
        "require_auth",
        "requirepeer",
        "schema",
        "scram_client_key",
        "scram_server_key",
        "sslaccept",
        "sslcertmode",
        "sslcompression",
        "sslidentity",
        "sslkeylogfile",
        "sslnegotiation",
        "sslsni",
        "statement_cache_size",
        "supa",
        "uselibpqcompat",
        "workaround",
    }
)
# What the driver has no word for, in words that it has.
MODES = {"no-verify": "require", "true": "require", "1": "require", "false": "disable"}

REFUSALS = (
    re.compile(r'unrecognized configuration parameter "([^"]+)"'),
    re.compile(r'parameter "([^"]+)" cannot be (?:changed|set)'),
    re.compile(r"unsupported startup parameter: (\S+)"),
)
# By name, what a server has refused since this process began.
refused_options: set[str] = set()


def driver_url(url: str) -> str:
    """Without the options that the driver or the server does not know."""
    parts = urlsplit(url)
    options = parse_qsl(parts.query)
    left_out = FOREIGN_OPTIONS | refused_options | {"ssl", "sslmode"}
    kept = [(name, value) for name, value in options if name not in left_out]
    mode = next((value for name, value in options if name == "sslmode"), None)
    if mode is None:
        mode = next((value for name, value in options if name == "ssl"), None)
    if mode is not None:
        kept.append(("sslmode", MODES.get(mode, mode)))
    return urlunsplit(parts._replace(query=urlencode(kept)))


def note_refused(url: str, problem: asyncpg.PostgresError) -> bool:
    """Whether the server refused an option of the address, which is left out from now on."""
    options = {name for name, _ in parse_qsl(urlsplit(url).query)}
    for refusal in REFUSALS:
        found = refusal.search(str(problem))
        if found and found[1] in options - refused_options:
            refused_options.add(found[1])
            return True
    return False
