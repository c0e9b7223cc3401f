"""Answers with a stored picture, or with the news that the client has it already."""

from typing import Any

from fastapi import Response

from bullpen.kit.pictures import MEDIA_TYPE

NOT_MODIFIED = {"description": "The client has it already, as `If-None-Match` says."}
# Who may read it can change, so it is asked for each time; what is there never changes.
ASKED_EACH_TIME = "private, no-cache"
# Another picture has another path. Only the browser keeps it: not everybody may see it.
FOREVER = "private, max-age=31536000, immutable"
# Opened by its address, it is a document that may do nothing.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def picture_responses(description: str) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of such an answer."""
    content = {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"description": description, "content": content}, 304: NOT_MODIFIED}


def picture_response(content: bytes | None, tag: str, caching: str) -> Response:
    """`content`: None where the client has it. `tag` is in quotes."""
    headers = {
        "ETag": tag,
        "Cache-Control": caching,
        "Content-Security-Policy": POLICY,
        "Content-Disposition": "inline",
    }
    if content is None:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
