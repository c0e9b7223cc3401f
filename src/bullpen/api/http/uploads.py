"""Requests that bring a picture instead of JSON."""

import re

from fastapi import Request

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import AppError

# Only PUT: a page of another site cannot send one without asking first.
PATHS = re.compile(r"/api/(users/[^/]+/picture|workspace/icon)")
ACCEPTED = ("image/jpeg", "image/png", "image/webp", "image/gif")
NOT_A_PICTURE = (
    "Send a JPEG, PNG, WebP or GIF picture as the body, with its type, such as"
    " 'Content-Type: image/png'."
)


# Where files are sent that messages are to have. Their types are found out from their content.
FILES = "/api/files"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
A_FORM = (
    "Send the file's content as the body itself, not in a form, with"
    " 'Content-Type: application/octet-stream'."
)


def is_file(method: str, path: str) -> bool:
    return method == "POST" and path == FILES


def is_upload(method: str, path: str) -> bool:
    return method == "PUT" and PATHS.fullmatch(path) is not None


async def received(request: Request) -> bytes:
    """Before a refusal: some clients send all of a body before they read the answer."""
    return await request.body()


async def read_upload(request: Request) -> bytes:
    """The body of a request for which `is_upload` holds; the guard limits its size."""
    content = await received(request)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ACCEPTED or not content:
        raise AppError(ErrorCode.NOT_A_PICTURE, NOT_A_PICTURE)
    return content
