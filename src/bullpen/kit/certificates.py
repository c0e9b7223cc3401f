"""The certificates by which the servers of others are trusted.

To read them all takes tens of milliseconds in which a process does nothing else, so clients share
what was read.
"""

import ssl
from functools import cache


def trusted(*, by_environment: bool = True) -> ssl.SSLContext:
    """Those of the system, or, where the environment counts and names others, those."""
    return _read(ssl.get_default_verify_paths() if by_environment else None)


@cache
def _read(named: ssl.DefaultVerifyPaths | None) -> ssl.SSLContext:
    """`named`: what the environment says, which the library reads by itself."""
    import httpx2  # noqa: PLC0415 - takes a moment to load

    return httpx2.create_ssl_context(trust_env=named is not None)
