"""Clients of servers on this machine, over plain HTTP."""

import ssl
from typing import Any

import httpx

# What a client makes for itself otherwise, by reading every certificate there is, takes longer
# than most tests do.
UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


# A call that loads a provider's SDK, or a machine that is busy with other tests, takes long; what
# never comes is ended by the time limit of the test.
SECONDS = 60


def http_client(**options: Any) -> httpx.Client:
    return httpx.Client(**{"verify": UNUSED, "trust_env": False, "timeout": SECONDS} | options)
