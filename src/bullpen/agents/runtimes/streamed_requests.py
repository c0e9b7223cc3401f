"""Asks for a stream where an SDK asked for a whole answer."""

import json
from typing import Any

import httpx2

# Google's says it by its path, all others by a field.
WHOLE, STREAM = ":generateContent", ":streamGenerateContent"
PATHS = {"openai": "/chat/completions", "anthropic": "/messages", "google": WHOLE}


def streamed(form: str, request: httpx2.Request) -> httpx2.Request | None:
    """The same request for a stream. None: it is not one for an answer."""
    path = request.url.path
    if request.method != "POST" or not path.endswith(PATHS[form]):
        return None
    url = request.url
    body: dict[str, Any] = json.loads(request.content)
    if form == "google":
        raw = url.raw_path.decode().partition("?")
        query = f"{raw[2]}&alt=sse" if raw[2] else "alt=sse"
        url = url.copy_with(raw_path=f"{raw[0].removesuffix(WHOLE)}{STREAM}?{query}".encode())
    else:
        body["stream"] = True
        if form == "openai":
            # Tokens are counted in a last piece of the stream.
            body["stream_options"] = {"include_usage": True}
    headers = [(n, v) for n, v in request.headers.multi_items() if n.lower() != "content-length"]
    return httpx2.Request(
        request.method,
        url,
        headers=headers,
        # As the SDKs write it.
        content=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        extensions=request.extensions,
    )
