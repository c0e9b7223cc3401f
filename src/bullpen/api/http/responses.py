"""What goes out: bytes that msgspec made, unchecked by the framework (tests check them)."""

from collections.abc import Mapping
from typing import Generic, TypeVar

import msgspec
from fastapi import Response

Content = TypeVar("Content")
# Bytes.
WORTH_COMPRESSING = 1000

_encoder = msgspec.json.Encoder()


class JsonResponse(Response, Generic[Content]):
    """A route that is annotated to return `JsonResponse[Channel]` has that schema in OpenAPI."""

    media_type = "application/json"


def json_response(
    content: Content, status: int = 200, headers: Mapping[str, str] | None = None
) -> JsonResponse[Content]:
    return JsonResponse(_encoder.encode(content), status, headers)
