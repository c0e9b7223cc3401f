"""Whether a client has what it asks for already."""

from fastapi import Request


def is_known(request: Request, tag: str) -> bool:
    """By what it sends in `If-None-Match`. `tag` is in quotes."""
    tags = request.headers.get("if-none-match", "").split(",")
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in tags)
