"""What goes out: bytes that msgspec made, unchecked by the framework (tests check them)."""

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import Response

_encoder = msgspec.json.Encoder()


class JsonResponse(Response):
    media_type = "application/json"


def json_response(
    content: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> JsonResponse:
    return JsonResponse(_encoder.encode(content), status, headers)
