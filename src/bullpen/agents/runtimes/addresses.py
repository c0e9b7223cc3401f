"""Base addresses of providers, as people copy them from the servers' own pages."""

import re
from urllib.parse import urlsplit

# A version at the end of an address' path: /v1, /paas/v4; Google's is /v1beta/openai.
VERSION = re.compile(r"/v\d+\w*(/openai)?$")


def versioned(url: str | None) -> str:
    """As the servers' own pages give it, with or without the version."""
    assert url is not None
    bare = bare_of(url)
    return bare if VERSION.search(urlsplit(bare).path) else f"{bare}/v1"


def unversioned(url: str | None) -> str | None:
    """Anthropic's SDK adds the version by itself."""
    return None if url is None else bare_of(url).removesuffix("/v1")


def bare_of(url: str) -> str:
    """Without what people copy along: the path of the method, a query, a slash."""
    bare = urlsplit(url)._replace(query="", fragment="").geturl().rstrip("/")
    for method in ("/chat/completions", "/messages"):
        bare = bare.removesuffix(method)
    return bare.rstrip("/")
